-- Messages that a twin wrote are indexed, too: in places on which no twin draws (the fragment twins_places).

DROP TRIGGER message_text_added;
CREATE TRIGGER message_text_added AFTER INSERT ON real_time_messages WHEN new.content <> ''
BEGIN
	INSERT INTO texts_waiting (kind, source) VALUES ('message', new.id);
END;
DROP TRIGGER message_text_changed;
CREATE TRIGGER message_text_changed AFTER UPDATE OF content ON real_time_messages WHEN old.content <> new.content
BEGIN
	INSERT INTO text_forgotten (kind, source, content) VALUES ('message', old.id, old.content);
	INSERT INTO texts_waiting (kind, source) SELECT 'message', new.id WHERE new.content <> '';
END;
DROP TRIGGER message_text_deleted;
CREATE TRIGGER message_text_deleted AFTER DELETE ON real_time_messages WHEN old.content <> ''
BEGIN
	INSERT INTO text_forgotten (kind, source, content) VALUES ('message', old.id, old.content);
END;

INSERT INTO texts_waiting (kind, source)
SELECT 'message', id FROM real_time_messages WHERE is_aeon_message = 1 AND content <> '';
