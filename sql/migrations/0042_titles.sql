-- Knowledge may have a title of its own. It is searched like the text, so the search index has a column for it.

ALTER TABLE shared_knowledge ADD COLUMN title TEXT CHECK (length(title) BETWEEN 1 AND 200);
ALTER TABLE knowledge_unindexed ADD COLUMN title TEXT; -- that the index has, as content and tags

DROP TRIGGER knowledge_text_insert;
DROP TRIGGER knowledge_text_delete;
DROP TRIGGER knowledge_text_delete_later;
DROP TRIGGER knowledge_text_update;
DROP TRIGGER knowledge_text_update_later;
DROP TABLE knowledge_text;
CREATE VIRTUAL TABLE knowledge_text USING fts5 (
	title, content, tags, content = 'shared_knowledge', content_rowid = 'id', tokenize = 'words'
);
INSERT INTO knowledge_text (knowledge_text, rank) VALUES ('automerge', 0);
INSERT INTO knowledge_text (knowledge_text, rank) VALUES ('crisismerge', 64);
INSERT INTO knowledge_text (rowid, content, tags)
SELECT id, content, tags FROM knowledge_unindexed WHERE content IS NOT NULL;
INSERT INTO knowledge_text (rowid, content, tags)
SELECT k.id, k.content, k.tags FROM shared_knowledge k
WHERE NOT EXISTS (SELECT 1 FROM knowledge_unindexed w WHERE w.id = k.id);

CREATE TRIGGER knowledge_text_insert AFTER INSERT ON shared_knowledge
WHEN length(new.content) <= 2000
BEGIN
	INSERT INTO knowledge_text (rowid, title, content, tags)
	VALUES (new.id, new.title, new.content, new.tags);
END;

CREATE TRIGGER knowledge_text_delete AFTER DELETE ON shared_knowledge
WHEN length(old.content) <= 2000
	AND NOT EXISTS (SELECT 1 FROM knowledge_unindexed w WHERE w.id = old.id)
BEGIN
	INSERT INTO knowledge_text (knowledge_text, rowid, title, content, tags)
	VALUES ('delete', old.id, old.title, old.content, old.tags);
END;
CREATE TRIGGER knowledge_text_delete_later AFTER DELETE ON shared_knowledge
WHEN length(old.content) > 2000
BEGIN
	INSERT INTO knowledge_unindexed (id, title, content, tags)
	VALUES (old.id, old.title, old.content, old.tags)
	ON CONFLICT DO NOTHING;
END;

CREATE TRIGGER knowledge_text_update AFTER UPDATE OF title, content, tags ON shared_knowledge
WHEN (old.title IS NOT new.title OR old.content <> new.content OR old.tags <> new.tags)
	AND length(old.content) <= 2000 AND length(new.content) <= 2000
	AND NOT EXISTS (SELECT 1 FROM knowledge_unindexed w WHERE w.id = old.id)
BEGIN
	INSERT INTO knowledge_text (knowledge_text, rowid, title, content, tags)
	VALUES ('delete', old.id, old.title, old.content, old.tags);
	INSERT INTO knowledge_text (rowid, title, content, tags)
	VALUES (new.id, new.title, new.content, new.tags);
END;
CREATE TRIGGER knowledge_text_update_later AFTER UPDATE OF title, content, tags ON shared_knowledge
WHEN (old.title IS NOT new.title OR old.content <> new.content OR old.tags <> new.tags)
	AND (length(old.content) > 2000 OR length(new.content) > 2000)
BEGIN
	INSERT INTO knowledge_unindexed (id, title, content, tags)
	VALUES (old.id, old.title, old.content, old.tags)
	ON CONFLICT DO NOTHING;
END;

DROP TRIGGER knowledge_bytes_added;
DROP TRIGGER knowledge_bytes_removed;
DROP TRIGGER knowledge_bytes_changed;
CREATE TRIGGER knowledge_bytes_added AFTER INSERT ON shared_knowledge
BEGIN
	UPDATE user_counts SET text_bytes = text_bytes
		+ length(CAST(coalesce(new.title, '') || new.content || new.tags || coalesce(new.meta_data, '') AS BLOB))
	WHERE user_id = new.creator_id;
END;
CREATE TRIGGER knowledge_bytes_removed AFTER DELETE ON shared_knowledge
BEGIN
	UPDATE user_counts SET text_bytes = text_bytes
		- length(CAST(coalesce(old.title, '') || old.content || old.tags || coalesce(old.meta_data, '') AS BLOB))
	WHERE user_id = old.creator_id;
END;
CREATE TRIGGER knowledge_bytes_changed AFTER UPDATE OF title, content, tags, meta_data ON shared_knowledge
BEGIN
	UPDATE user_counts SET text_bytes = text_bytes
		+ length(CAST(coalesce(new.title, '') || new.content || new.tags || coalesce(new.meta_data, '') AS BLOB))
		- length(CAST(coalesce(old.title, '') || old.content || old.tags || coalesce(old.meta_data, '') AS BLOB))
	WHERE user_id = new.creator_id;
END;
