-- Long texts are indexed soon after they are written, not in the transaction that writes them: 20,000
-- Chinese letters take 20 ms and more, in which nobody else could write (lib/realm/indexing.h).

-- Knowledge for which the search index is not up to date. content and tags are those that the index has;
-- NULL: none.
CREATE TABLE knowledge_unindexed (
	id      INTEGER PRIMARY KEY, -- of the knowledge, which may be gone already
	content TEXT,
	tags    TEXT,
	CHECK ((content IS NULL) = (tags IS NULL))
) STRICT;

DROP TRIGGER knowledge_text_insert;
DROP TRIGGER knowledge_text_delete;
DROP TRIGGER knowledge_text_update;

CREATE TRIGGER knowledge_text_insert AFTER INSERT ON shared_knowledge
WHEN length(new.content) <= 2000
BEGIN
	INSERT INTO knowledge_text (rowid, content, tags) VALUES (new.id, new.content, new.tags);
END;
CREATE TRIGGER knowledge_text_insert_later AFTER INSERT ON shared_knowledge
WHEN length(new.content) > 2000
BEGIN
	INSERT INTO knowledge_unindexed (id) VALUES (new.id);
END;

-- What waits already is indexed as it is then.
CREATE TRIGGER knowledge_text_delete AFTER DELETE ON shared_knowledge
WHEN length(old.content) <= 2000
	AND NOT EXISTS (SELECT 1 FROM knowledge_unindexed w WHERE w.id = old.id)
BEGIN
	INSERT INTO knowledge_text (knowledge_text, rowid, content, tags)
	VALUES ('delete', old.id, old.content, old.tags);
END;
CREATE TRIGGER knowledge_text_delete_later AFTER DELETE ON shared_knowledge
WHEN length(old.content) > 2000
BEGIN
	INSERT INTO knowledge_unindexed (id, content, tags) VALUES (old.id, old.content, old.tags)
	ON CONFLICT DO NOTHING;
END;

CREATE TRIGGER knowledge_text_update AFTER UPDATE OF content, tags ON shared_knowledge
WHEN (old.content <> new.content OR old.tags <> new.tags)
	AND length(old.content) <= 2000 AND length(new.content) <= 2000
	AND NOT EXISTS (SELECT 1 FROM knowledge_unindexed w WHERE w.id = old.id)
BEGIN
	INSERT INTO knowledge_text (knowledge_text, rowid, content, tags)
	VALUES ('delete', old.id, old.content, old.tags);
	INSERT INTO knowledge_text (rowid, content, tags) VALUES (new.id, new.content, new.tags);
END;
CREATE TRIGGER knowledge_text_update_later AFTER UPDATE OF content, tags ON shared_knowledge
WHEN (old.content <> new.content OR old.tags <> new.tags)
	AND (length(old.content) > 2000 OR length(new.content) > 2000)
BEGIN
	INSERT INTO knowledge_unindexed (id, content, tags) VALUES (old.id, old.content, old.tags)
	ON CONFLICT DO NOTHING;
END;

-- Segments of the index are merged by the maintenance, too: otherwise a short text now and then took as
-- long as a long one. A search reads up to 64 segments of a size, which the maintenance prevents.
INSERT INTO knowledge_text (knowledge_text, rank) VALUES ('automerge', 0);
INSERT INTO knowledge_text (knowledge_text, rank) VALUES ('crisismerge', 64);

DROP TABLE knowledge_terms;
