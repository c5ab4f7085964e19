-- What is said in rooms, and what is changed of it: a room's log.

-- The sender's earlier message under the same client_id. What it said at first is not known any more
-- when it was changed.
-- name: message_by_client
SELECT m.id, m.room_id, m.seq, m.timestamp,
       CASE WHEN m.edited_at IS NULL AND m.deleted_at IS NULL THEN m.content END
FROM real_time_messages m WHERE m.sender_id = ?1 AND m.client_id = ?2;

-- Who wrote the message ?1, or without one the last thing said in the room, after ?4.
-- name: message_partner
SELECT sender_id FROM real_time_messages WHERE id = ?1
UNION ALL
SELECT sender_id FROM real_time_messages
WHERE ?1 IS NULL AND room_id = ?2 AND seq = ?3 AND timestamp > ?4;

-- name: room_next_seq
UPDATE chat_rooms SET last_seq = last_seq + 1 WHERE id = ?1 RETURNING last_seq;

-- name: message_insert
INSERT INTO real_time_messages (id, room_id, seq, sender_id, content, message_type, timestamp,
                                is_aeon_message, meta_data, client_id, reply_to)
VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11);

-- name: message_visible
SELECT {message_columns} FROM real_time_messages m
JOIN chat_rooms r ON r.id = m.room_id
JOIN users other ON other.id = m.sender_id
WHERE m.id = ?3 AND m.room_id = ?2 AND {room_readable}
  AND {other_not_blocked};

-- name: message_in_room
SELECT 1 FROM real_time_messages m JOIN users other ON other.id = m.sender_id
WHERE m.id = ?2 AND m.room_id = ?3 AND {other_not_blocked};

-- name: room_readable
SELECT last_seq FROM chat_rooms r WHERE r.id = ?2 AND {room_readable};

-- Readable by participants, and by anyone signed in for public rooms. Newest first. The column
-- behind the message's is the paging key.
-- name: messages_before
SELECT {message_columns}, m.seq FROM chat_rooms r
JOIN real_time_messages m ON m.room_id = r.id
JOIN users other ON other.id = m.sender_id
WHERE r.id = ?2 AND {room_readable} AND m.seq < ?3 AND m.seq > ?4
  AND {other_not_blocked}
ORDER BY m.seq DESC LIMIT ?5;

-- Oldest first.
-- name: messages_after
SELECT {message_columns}, m.seq FROM chat_rooms r
JOIN real_time_messages m ON m.room_id = r.id
JOIN users other ON other.id = m.sender_id
WHERE r.id = ?2 AND {room_readable} AND m.seq > ?3 AND m.seq < ?4
  AND {other_not_blocked}
ORDER BY m.seq LIMIT ?5;

-- --- the log as a whole ---

-- What stands in the log of ?2 behind ?3, and whether it is hidden from the viewer: a walk along two
-- indexes, merged.
-- name: room_log_after
SELECT e.seq, e.kind, {event_hidden} FROM (
	SELECT seq, 'chat_message' AS kind, sender_id AS user_id, NULL AS other_id
	FROM real_time_messages WHERE room_id = ?2 AND seq > ?3
	UNION ALL
	SELECT c.seq, c.kind, c.user_id, m.sender_id
	FROM message_changes c LEFT JOIN real_time_messages m ON m.id = c.message_id
	WHERE c.room_id = ?2 AND c.seq > ?3
	ORDER BY 1 LIMIT ?4
) e;

-- The entry ?3 of the log of ?2 when it is a message, and when it is a change.
-- name: room_log_message
SELECT {message_columns} FROM real_time_messages m JOIN users other ON other.id = m.sender_id
WHERE m.room_id = ?2 AND m.seq = ?3;

-- name: room_log_change
SELECT c.room_id, c.seq, c.message_id, c.user_id, u.username, c.created_at,
       CASE WHEN c.kind = 'message_edited' AND m.deleted_at IS NULL THEN m.content END,
       CASE WHEN c.kind = 'message_edited' AND m.deleted_at IS NULL THEN m.edited_at END,
       c.key, c.is_on
FROM message_changes c JOIN users u ON u.id = c.user_id
LEFT JOIN real_time_messages m ON m.id = c.message_id
WHERE c.room_id = ?1 AND c.seq = ?2;

-- --- changing what was said ---

-- The message ?3 of the room ?2, with what ?1, who is in the room, may do about it.
-- name: message_for_change
SELECT m.sender_id, p.role <> 'member', {other_not_blocked}, m.content, m.deleted_at IS NOT NULL
FROM real_time_messages m
JOIN room_participants p ON p.room_id = m.room_id AND p.user_id = ?1
JOIN users other ON other.id = m.sender_id
WHERE m.id = ?3 AND m.room_id = ?2;

-- name: message_edit
UPDATE real_time_messages SET content = ?2, edited_at = ?3 WHERE id = ?1;

-- name: message_delete
UPDATE real_time_messages SET content = '', meta_data = NULL, deleted_at = ?2
WHERE id = ?1;

-- name: reactions_delete
DELETE FROM message_reactions WHERE message_id = ?1;

-- name: reaction_add
INSERT INTO message_reactions (message_id, key, user_id, created_at) VALUES (?1, ?2, ?3, ?4)
ON CONFLICT DO NOTHING;

-- name: reaction_remove
DELETE FROM message_reactions WHERE message_id = ?1 AND key = ?2 AND user_id = ?3;

-- name: reaction_keys
SELECT count(DISTINCT key) FROM message_reactions WHERE message_id = ?1 AND key <> ?2;

-- name: change_insert
INSERT INTO message_changes (room_id, seq, kind, message_id, user_id, created_at, key, is_on)
VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, nullif(?8, -1));
