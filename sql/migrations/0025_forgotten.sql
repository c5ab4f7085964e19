-- Deleted and changed texts leave the files of the database, too: see lib/realm/erase.h.

CREATE TABLE forgotten (
	id         INTEGER PRIMARY KEY CHECK (id = 1),
	texts      INTEGER NOT NULL DEFAULT 0, -- how many were deleted or changed, ever
	cleared    INTEGER NOT NULL DEFAULT 0, -- how many of these are in no file any more
	cleared_at INTEGER NOT NULL DEFAULT 0
) STRICT;
INSERT INTO forgotten (id) VALUES (1);

DROP TRIGGER text_forget;
CREATE TRIGGER text_forget INSTEAD OF INSERT ON text_forgotten
BEGIN
	DELETE FROM text_words WHERE (word, place, text) IN (
		SELECT w.value >> 4, p.value, t.id
		FROM texts t, json_each(json_array(t.place, t.also_place)) p, json_each(word_counts(new.content)) w
		WHERE t.kind = new.kind AND t.source = CAST(new.source AS TEXT) AND p.value IS NOT NULL);
	DELETE FROM texts WHERE kind = new.kind AND source = CAST(new.source AS TEXT);
	UPDATE forgotten SET texts = texts + 1 WHERE id = 1;
END;

-- A text may be indexed again, by another tokenizer.
CREATE TRIGGER text_recounted AFTER UPDATE OF words ON texts WHEN new.place = 0
BEGIN
	UPDATE text_counts SET words = words + new.words - old.words WHERE place = new.place;
END;
