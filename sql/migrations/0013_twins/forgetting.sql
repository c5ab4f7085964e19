-- Forgetting: an answer is removed when a text that it was made from is removed (lib/realm/forget.h).

-- Texts that an answer or a fact was made from, and that were deleted or changed, or have lost their
-- author by an erasure. Maintenance empties the answers and deletes the row.
CREATE TABLE gone_sources (
	kind   TEXT NOT NULL,
	source TEXT NOT NULL, -- its id
	PRIMARY KEY (kind, source)
) STRICT, WITHOUT ROWID;

CREATE TRIGGER message_source_changed AFTER UPDATE OF content ON real_time_messages
WHEN new.content <> old.content
 AND (EXISTS (SELECT 1 FROM turn_sources WHERE kind = 'message' AND source = old.id)
      OR EXISTS (SELECT 1 FROM memory_sources WHERE kind = 'message' AND source = old.id))
BEGIN
	INSERT INTO gone_sources (kind, source) VALUES ('message', old.id) ON CONFLICT DO NOTHING;
END;
CREATE TRIGGER message_source_deleted AFTER DELETE ON real_time_messages
WHEN EXISTS (SELECT 1 FROM turn_sources WHERE kind = 'message' AND source = old.id)
     OR EXISTS (SELECT 1 FROM memory_sources WHERE kind = 'message' AND source = old.id)
BEGIN
	INSERT INTO gone_sources (kind, source) VALUES ('message', old.id) ON CONFLICT DO NOTHING;
END;

CREATE TRIGGER knowledge_source_changed AFTER UPDATE OF content, visibility ON shared_knowledge
WHEN (new.content <> old.content OR new.visibility <> old.visibility)
 AND (EXISTS (SELECT 1 FROM turn_sources WHERE kind = 'knowledge' AND source = CAST(old.id AS TEXT))
      OR EXISTS (SELECT 1 FROM memory_sources WHERE kind = 'knowledge' AND source = CAST(old.id AS TEXT)))
BEGIN
	INSERT INTO gone_sources (kind, source) VALUES ('knowledge', CAST(old.id AS TEXT)) ON CONFLICT DO NOTHING;
END;
CREATE TRIGGER knowledge_source_deleted AFTER DELETE ON shared_knowledge
WHEN EXISTS (SELECT 1 FROM turn_sources WHERE kind = 'knowledge' AND source = CAST(old.id AS TEXT))
     OR EXISTS (SELECT 1 FROM memory_sources WHERE kind = 'knowledge' AND source = CAST(old.id AS TEXT))
BEGIN
	INSERT INTO gone_sources (kind, source) VALUES ('knowledge', CAST(old.id AS TEXT)) ON CONFLICT DO NOTHING;
END;

-- A response can be taken back alone. Deleting an interaction deletes both of its texts.
CREATE TRIGGER response_source_changed AFTER UPDATE OF response_content ON aeon_interactions
WHEN old.response_content IS NOT NULL AND new.response_content IS NOT old.response_content
BEGIN
	INSERT INTO gone_sources (kind, source)
	SELECT 'response', CAST(old.id AS TEXT)
	WHERE EXISTS (SELECT 1 FROM turn_sources WHERE kind = 'response' AND source = CAST(old.id AS TEXT))
	   OR EXISTS (SELECT 1 FROM memory_sources WHERE kind = 'response' AND source = CAST(old.id AS TEXT))
	ON CONFLICT DO NOTHING;
END;
CREATE TRIGGER interaction_source_deleted AFTER DELETE ON aeon_interactions
BEGIN
	INSERT INTO gone_sources (kind, source)
	SELECT kind, source FROM turn_sources
	WHERE kind IN ('question', 'response') AND source = CAST(old.id AS TEXT)
	UNION
	SELECT kind, source FROM memory_sources
	WHERE kind IN ('question', 'response') AND source = CAST(old.id AS TEXT)
	ON CONFLICT DO NOTHING;
END;

CREATE TRIGGER memory_source_changed AFTER UPDATE OF content, visibility ON twin_memories
WHEN (new.content <> old.content OR new.visibility <> old.visibility)
 AND EXISTS (SELECT 1 FROM turn_sources WHERE kind = 'memory' AND source = CAST(old.id AS TEXT))
BEGIN
	INSERT INTO gone_sources (kind, source) VALUES ('memory', CAST(old.id AS TEXT)) ON CONFLICT DO NOTHING;
END;
CREATE TRIGGER memory_source_deleted AFTER DELETE ON twin_memories
WHEN EXISTS (SELECT 1 FROM turn_sources WHERE kind = 'memory' AND source = CAST(old.id AS TEXT))
BEGIN
	INSERT INTO gone_sources (kind, source) VALUES ('memory', CAST(old.id AS TEXT)) ON CONFLICT DO NOTHING;
END;

CREATE TRIGGER chat_source_deleted AFTER DELETE ON twin_chat
BEGIN
	INSERT INTO gone_sources (kind, source)
	SELECT 'chat', CAST(old.id AS TEXT)
	WHERE EXISTS (SELECT 1 FROM turn_sources WHERE kind = 'chat' AND source = CAST(old.id AS TEXT))
	   OR EXISTS (SELECT 1 FROM memory_sources WHERE kind = 'chat' AND source = CAST(old.id AS TEXT))
	ON CONFLICT DO NOTHING;
END;

-- A turn keeps no text of an answer that is deleted or edited.

CREATE TRIGGER message_answer_changed AFTER UPDATE OF content ON real_time_messages
WHEN old.turn_id IS NOT NULL AND new.content <> old.content
BEGIN
	UPDATE twin_turns SET content = NULL, answer_id = CASE WHEN new.content <> '' THEN answer_id END
	WHERE id = old.turn_id;
END;
CREATE TRIGGER message_answer_deleted AFTER DELETE ON real_time_messages WHEN old.turn_id IS NOT NULL
BEGIN
	UPDATE twin_turns SET content = NULL, answer_id = NULL WHERE id = old.turn_id;
END;
CREATE TRIGGER response_answer_changed AFTER UPDATE OF response_content ON aeon_interactions
WHEN old.response_turn_id IS NOT NULL AND new.response_content IS NULL
BEGIN
	UPDATE twin_turns SET content = NULL, answer_id = NULL WHERE id = old.response_turn_id;
END;
CREATE TRIGGER interaction_answer_deleted AFTER DELETE ON aeon_interactions
WHEN old.turn_id IS NOT NULL OR old.response_turn_id IS NOT NULL
BEGIN
	UPDATE twin_turns SET content = NULL, answer_id = NULL WHERE id IN (old.turn_id, old.response_turn_id);
END;
CREATE TRIGGER chat_answer_deleted AFTER DELETE ON twin_chat WHEN old.turn_id IS NOT NULL
BEGIN
	UPDATE twin_turns SET content = NULL, answer_id = NULL WHERE id = old.turn_id;
END;
