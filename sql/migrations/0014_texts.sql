-- The search index of the texts on which twins may draw. It has no words, only numbers for them, so
-- a text is forgotten when its rows are deleted: see lib/realm/indexing.h.

CREATE TABLE texts (
	id         INTEGER PRIMARY KEY,
	kind       TEXT NOT NULL
		CHECK (kind IN ('message', 'question', 'response', 'knowledge', 'memory', 'chat')),
	source     TEXT NOT NULL, -- its id
	-- Where the text lies: the number of a room; 0 for what is public; minus the id of a user for
	-- what else that user may read. A text between two users lies in two places.
	place      INTEGER NOT NULL,
	also_place INTEGER,
	at         INTEGER NOT NULL, -- the neighbours of a text in its place have at - 1 and at + 1
	author_id  INTEGER NOT NULL,
	words      INTEGER NOT NULL, -- how many, repeated ones too
	created_at INTEGER NOT NULL,
	UNIQUE (kind, source)
) STRICT;

CREATE TABLE text_words (
	word  INTEGER NOT NULL, -- its number: see lib/store/words.h
	place INTEGER NOT NULL,
	text  INTEGER NOT NULL, -- texts.id
	times INTEGER NOT NULL,
	PRIMARY KEY (word, place, text)
) STRICT, WITHOUT ROWID;

-- New and changed texts, which are indexed soon.
CREATE TABLE texts_waiting (
	id     INTEGER PRIMARY KEY,
	kind   TEXT NOT NULL,
	source TEXT NOT NULL -- may be gone already
) STRICT;

-- How many texts and words lie in a place.
CREATE TABLE text_counts (
	place INTEGER PRIMARY KEY,
	texts INTEGER NOT NULL,
	words INTEGER NOT NULL
) STRICT;
CREATE TRIGGER text_counted AFTER INSERT ON texts WHEN new.place = 0
BEGIN
	INSERT INTO text_counts (place, texts, words) VALUES (new.place, 1, new.words)
	ON CONFLICT DO UPDATE SET texts = texts + 1, words = words + excluded.words;
END;
CREATE TRIGGER text_uncounted AFTER DELETE ON texts WHEN old.place = 0
BEGIN
	UPDATE text_counts SET texts = texts - 1, words = words - old.words WHERE place = old.place;
END;

-- Inserting a row here forgets a text. The row has the old content of the text; it is never stored.
CREATE VIEW text_forgotten (kind, source, content) AS SELECT kind, source, NULL FROM texts;
CREATE TRIGGER text_forget INSTEAD OF INSERT ON text_forgotten
BEGIN
	DELETE FROM text_words WHERE (word, place, text) IN (
		SELECT w.value >> 4, p.value, t.id
		FROM texts t, json_each(json_array(t.place, t.also_place)) p, json_each(word_counts(new.content)) w
		WHERE t.kind = new.kind AND t.source = CAST(new.source AS TEXT) AND p.value IS NOT NULL);
	DELETE FROM texts WHERE kind = new.kind AND source = CAST(new.source AS TEXT);
END;

-- What a twin has written is no source, so it is not indexed.
CREATE TRIGGER message_text_added AFTER INSERT ON real_time_messages WHEN new.is_aeon_message = 0
BEGIN
	INSERT INTO texts_waiting (kind, source) VALUES ('message', new.id);
END;
CREATE TRIGGER message_text_changed AFTER UPDATE OF content ON real_time_messages
WHEN old.content <> new.content AND new.is_aeon_message = 0
BEGIN
	INSERT INTO text_forgotten (kind, source, content) VALUES ('message', old.id, old.content);
	INSERT INTO texts_waiting (kind, source) SELECT 'message', new.id WHERE new.content <> '';
END;
CREATE TRIGGER message_text_deleted AFTER DELETE ON real_time_messages
WHEN old.is_aeon_message = 0 AND old.content <> ''
BEGIN
	INSERT INTO text_forgotten (kind, source, content) VALUES ('message', old.id, old.content);
END;

CREATE TRIGGER interaction_text_added AFTER INSERT ON aeon_interactions
BEGIN
	INSERT INTO texts_waiting (kind, source) VALUES ('question', new.id), ('response', new.id);
END;
CREATE TRIGGER interaction_text_changed AFTER UPDATE OF response_content ON aeon_interactions
WHEN old.response_content IS NOT new.response_content
BEGIN
	INSERT INTO text_forgotten (kind, source, content)
	VALUES ('response', old.id, coalesce(old.response_content, ''));
	INSERT INTO texts_waiting (kind, source) VALUES ('response', new.id);
END;
CREATE TRIGGER interaction_text_deleted AFTER DELETE ON aeon_interactions
BEGIN
	INSERT INTO text_forgotten (kind, source, content)
	VALUES ('question', old.id, old.content), ('response', old.id, coalesce(old.response_content, ''));
END;

CREATE TRIGGER knowledge_words_added AFTER INSERT ON shared_knowledge
BEGIN
	INSERT INTO texts_waiting (kind, source) VALUES ('knowledge', new.id);
END;
CREATE TRIGGER knowledge_words_changed AFTER UPDATE OF content, visibility ON shared_knowledge
WHEN old.content <> new.content OR old.visibility <> new.visibility
BEGIN
	INSERT INTO text_forgotten (kind, source, content) VALUES ('knowledge', old.id, old.content);
	INSERT INTO texts_waiting (kind, source) VALUES ('knowledge', new.id);
END;
CREATE TRIGGER knowledge_words_deleted AFTER DELETE ON shared_knowledge
BEGIN
	INSERT INTO text_forgotten (kind, source, content) VALUES ('knowledge', old.id, old.content);
END;

CREATE TRIGGER memory_text_added AFTER INSERT ON twin_memories
BEGIN
	INSERT INTO texts_waiting (kind, source) VALUES ('memory', new.id);
END;
CREATE TRIGGER memory_text_changed AFTER UPDATE OF content ON twin_memories
WHEN old.content <> new.content
BEGIN
	INSERT INTO text_forgotten (kind, source, content) VALUES ('memory', old.id, old.content);
	INSERT INTO texts_waiting (kind, source) VALUES ('memory', new.id);
END;
CREATE TRIGGER memory_text_deleted AFTER DELETE ON twin_memories
BEGIN
	INSERT INTO text_forgotten (kind, source, content) VALUES ('memory', old.id, old.content);
END;

CREATE TRIGGER chat_text_added AFTER INSERT ON twin_chat WHEN new.is_aeon = 0
BEGIN
	INSERT INTO texts_waiting (kind, source) VALUES ('chat', new.id);
END;
CREATE TRIGGER chat_text_changed AFTER UPDATE OF content ON twin_chat
WHEN new.is_aeon = 0 AND old.content <> new.content
BEGIN
	INSERT INTO text_forgotten (kind, source, content) VALUES ('chat', old.id, old.content);
	INSERT INTO texts_waiting (kind, source) VALUES ('chat', new.id);
END;
CREATE TRIGGER chat_text_deleted AFTER DELETE ON twin_chat WHEN old.is_aeon = 0
BEGIN
	INSERT INTO text_forgotten (kind, source, content) VALUES ('chat', old.id, old.content);
END;

-- All texts that the realm has already wait, too.
INSERT INTO texts_waiting (kind, source)
SELECT 'knowledge', id FROM shared_knowledge UNION ALL
SELECT 'memory', id FROM twin_memories UNION ALL
SELECT 'chat', id FROM twin_chat WHERE is_aeon = 0 UNION ALL
SELECT 'question', id FROM aeon_interactions UNION ALL
SELECT 'response', id FROM aeon_interactions WHERE response_content IS NOT NULL UNION ALL
SELECT 'message', id FROM real_time_messages WHERE is_aeon_message = 0 AND content <> '';
