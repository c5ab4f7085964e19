-- A memory that every user may know lies in a second place, which all twins share: there a twin finds the twin
-- that may tell it (lib/realm/exchange.h). Its number is in the fragment place_told.

CREATE TRIGGER memory_text_opened AFTER UPDATE OF visibility ON twin_memories
WHEN (old.visibility = 'public') <> (new.visibility = 'public') AND old.content = new.content
BEGIN
	INSERT INTO text_forgotten (kind, source, content) VALUES ('memory', old.id, old.content);
	INSERT INTO texts_waiting (kind, source) VALUES ('memory', new.id);
END;

INSERT INTO text_forgotten (kind, source, content)
SELECT 'memory', id, content FROM twin_memories WHERE visibility = 'public';
INSERT INTO texts_waiting (kind, source) SELECT 'memory', id FROM twin_memories WHERE visibility = 'public';
