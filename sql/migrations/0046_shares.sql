-- A message that shares knowledge with its room: it has no text of its own. There is no reference, because
-- knowledge that was removed returns with the same id, and an id is never used again.
ALTER TABLE real_time_messages ADD COLUMN knowledge_id INTEGER CHECK (knowledge_id IS NULL OR content = '');
CREATE INDEX real_time_messages_sharing ON real_time_messages (knowledge_id, room_id, sender_id)
	WHERE knowledge_id IS NOT NULL;

-- A share has no words for the index.
DROP TRIGGER message_text_added;
CREATE TRIGGER message_text_added AFTER INSERT ON real_time_messages
WHEN new.is_aeon_message = 0 AND new.content <> ''
BEGIN
	INSERT INTO texts_waiting (kind, source) VALUES ('message', new.id);
END;
