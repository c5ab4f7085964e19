-- Messages.

-- The sender's earlier message under the same client_id.
-- name: message_by_client
SELECT m.id, m.room_id, m.seq, m.timestamp, m.content FROM real_time_messages m
WHERE m.sender_id = ?1 AND m.client_id = ?2;

-- name: room_next_seq
UPDATE chat_rooms SET last_seq = last_seq + 1 WHERE id = ?1 RETURNING last_seq;

-- name: message_insert
INSERT INTO real_time_messages (id, room_id, seq, sender_id, content, message_type, timestamp,
                                is_aeon_message, meta_data, client_id, reply_to)
VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11);

-- name: message_by_id
SELECT {message_columns} FROM real_time_messages m JOIN users s ON s.id = m.sender_id
WHERE m.id = ?1;

-- name: message_in_room
SELECT 1 FROM real_time_messages WHERE id = ?1 AND room_id = ?2;

-- name: room_readable
SELECT last_seq FROM chat_rooms r WHERE r.id = ?2 AND {room_visible};

-- Readable by participants, and by anyone signed in for public rooms. Newest first. The column
-- behind the message's is the paging key.
-- name: messages_before
SELECT {message_columns}, m.seq FROM chat_rooms r
JOIN real_time_messages m ON m.room_id = r.id
JOIN users s ON s.id = m.sender_id
WHERE r.id = ?2 AND {room_visible} AND m.seq < ?3 AND m.seq > ?4
ORDER BY m.seq DESC LIMIT ?5;

-- Oldest first.
-- name: messages_after
SELECT {message_columns}, m.seq FROM chat_rooms r
JOIN real_time_messages m ON m.room_id = r.id
JOIN users s ON s.id = m.sender_id
WHERE r.id = ?2 AND {room_visible} AND m.seq > ?3 AND m.seq < ?4
ORDER BY m.seq LIMIT ?5;
