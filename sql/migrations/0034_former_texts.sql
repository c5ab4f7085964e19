-- The texts that edited messages had before: see lib/realm/message_history.h.

CREATE TABLE former_texts (
	message_id  TEXT NOT NULL REFERENCES real_time_messages (id) ON DELETE CASCADE,
	replaced_at INTEGER NOT NULL,
	sender_id   INTEGER NOT NULL REFERENCES users (id), -- of the message
	content     TEXT NOT NULL,
	PRIMARY KEY (message_id, replaced_at)
) STRICT, WITHOUT ROWID;
CREATE INDEX former_texts_by_sender ON former_texts (sender_id);

-- A message without a text has been deleted or removed.
CREATE TRIGGER former_texts_gone AFTER UPDATE OF content ON real_time_messages WHEN new.content = ''
BEGIN
	DELETE FROM former_texts WHERE message_id = new.id;
END;

CREATE TRIGGER former_text_counted AFTER INSERT ON former_texts
BEGIN
	UPDATE user_counts SET text_bytes = text_bytes + length(CAST(new.content AS BLOB))
	WHERE user_id = new.sender_id;
END;
CREATE TRIGGER former_text_uncounted AFTER DELETE ON former_texts
BEGIN
	UPDATE user_counts SET text_bytes = text_bytes - length(CAST(old.content AS BLOB))
	WHERE user_id = old.sender_id;
	UPDATE forgotten SET texts = texts + 1 WHERE id = 1;
END;
