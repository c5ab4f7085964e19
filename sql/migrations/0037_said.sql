-- What a member has not read, and the last message of a room, are read in this index alone. It has
-- deleted_at, which is NULL in each row, because SQLite else reads the table for it.
CREATE INDEX real_time_messages_said ON real_time_messages (room_id, seq, sender_id, deleted_at)
	WHERE deleted_at IS NULL;
