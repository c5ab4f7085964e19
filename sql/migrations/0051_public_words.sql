-- Everybody may search the messages of public rooms, so these messages have an index that does not ask for the
-- room: see lib/realm/message_search.h.

CREATE TABLE public_words (
	word  INTEGER NOT NULL, -- as in text_words
	text  INTEGER NOT NULL, -- texts.id, of a message
	place INTEGER NOT NULL, -- that of the text
	PRIMARY KEY (word, text)
) STRICT, WITHOUT ROWID;

-- 0: no message of the room is in public_words, 1: all that are indexed are, 2: they are being added to it, if the
-- room is public, or removed from it. public_words_seq: up to which entry of the room this is done.
ALTER TABLE chat_rooms ADD COLUMN in_public_words INTEGER NOT NULL DEFAULT 0 CHECK (in_public_words IN (0, 1, 2));
ALTER TABLE chat_rooms ADD COLUMN public_words_seq INTEGER NOT NULL DEFAULT 0;
UPDATE chat_rooms SET in_public_words = 2 WHERE is_public = 1;
CREATE INDEX chat_rooms_words_change ON chat_rooms (number) WHERE in_public_words = 2;

CREATE TRIGGER room_words_begin AFTER INSERT ON chat_rooms WHEN new.is_public = 1
BEGIN
	UPDATE chat_rooms SET in_public_words = 1 WHERE number = new.number;
END;
CREATE TRIGGER room_words_change AFTER UPDATE OF is_public ON chat_rooms WHEN old.is_public <> new.is_public
BEGIN
	UPDATE chat_rooms SET in_public_words = 2, public_words_seq = 0 WHERE number = new.number;
END;

DROP TRIGGER text_forget;
CREATE TRIGGER text_forget INSTEAD OF INSERT ON text_forgotten
BEGIN
	DELETE FROM text_words WHERE (word, place, text) IN (
		SELECT w.value >> 4, p.value, t.id
		FROM texts t, json_each(json_array(t.place, t.also_place)) p, json_each(word_counts(new.content)) w
		WHERE t.kind = new.kind AND t.source = CAST(new.source AS TEXT) AND p.value IS NOT NULL);
	DELETE FROM public_words WHERE (word, text) IN (
		SELECT w.value >> 4, t.id FROM texts t, json_each(word_counts(new.content)) w
		WHERE new.kind = 'message' AND t.kind = 'message' AND t.source = new.source);
	DELETE FROM texts WHERE kind = new.kind AND source = CAST(new.source AS TEXT);
	UPDATE forgotten SET texts = texts + 1 WHERE id = 1;
END;
