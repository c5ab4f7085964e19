-- The users that a message mentions as @username (lib/realm/mentions.h). room_id and seq are those of the message.

CREATE TABLE message_mentions (
	user_id    INTEGER NOT NULL REFERENCES users (id) ON DELETE CASCADE,
	message_id TEXT NOT NULL REFERENCES real_time_messages (id) ON DELETE CASCADE,
	room_id    TEXT NOT NULL,
	seq        INTEGER NOT NULL,
	PRIMARY KEY (user_id, message_id)
) STRICT, WITHOUT ROWID;
CREATE INDEX message_mentions_by_message ON message_mentions (message_id);
CREATE INDEX message_mentions_by_room ON message_mentions (user_id, room_id, seq);

-- The message mentions the whole room.
ALTER TABLE real_time_messages ADD COLUMN mentions_room INTEGER NOT NULL DEFAULT 0 CHECK (mentions_room IN (0, 1));
CREATE INDEX real_time_messages_to_room ON real_time_messages (room_id, seq) WHERE mentions_room = 1;

-- A removed message keeps its mentions while it can be restored.
CREATE TRIGGER mentions_gone AFTER UPDATE OF deleted_at ON real_time_messages
WHEN new.deleted_at IS NOT NULL AND new.removed_at IS NULL
BEGIN
	DELETE FROM message_mentions WHERE message_id = new.id;
END;
CREATE TRIGGER removed_mentions_gone AFTER DELETE ON removals WHEN old.kind = 'message'
BEGIN
	DELETE FROM message_mentions
	WHERE message_id = (SELECT m.id FROM real_time_messages m
	                    WHERE m.id = old.object AND m.removed_at IS NOT NULL);
END;

-- What a room tells its member by notifications.
ALTER TABLE room_participants ADD COLUMN notify TEXT NOT NULL DEFAULT 'mentions'
	CHECK (notify IN ('all', 'mentions', 'none'));
