-- Mentions: see lib/realm/mentions.h.

-- The member of the room with that name, and whether a twin answers for the user there.
-- name: room_member_named :one
-- takes: room text, name text
-- gives: user int, twin bool
SELECT u.id AS user,
       EXISTS (SELECT 1 FROM room_twins x JOIN twins t ON t.user_id = x.user_id
               WHERE x.room_id = :room AND x.user_id = u.id AND t.autopilot <> 'off') AS twin
FROM users u
WHERE u.username = :name AND u.erased_at IS NULL
  AND EXISTS (SELECT 1 FROM room_participants m
              WHERE m.room_id = :room AND m.user_id = u.id AND m.is_active = 1);

-- Returns 0 when the message mentions the user already.
-- name: mention_add :exec
-- takes: user int, message text, room text, seq int
INSERT INTO message_mentions (user_id, message_id, room_id, seq) VALUES (:user, :message, :room, :seq)
ON CONFLICT DO NOTHING;

-- name: mention_remove :exec
-- takes: user int, message text
DELETE FROM message_mentions WHERE user_id = :user AND message_id = :message;

-- name: mentions_of_message :each
-- takes: message text
-- gives: user int
SELECT user_id AS user FROM message_mentions WHERE message_id = :message;

-- name: mention_room :exec
-- takes: message text, on bool
UPDATE real_time_messages SET mentions_room = :on WHERE id = :message AND mentions_room <> :on;

-- The data of the event `mention`.
-- name: mention_told :object mention_event
-- takes: message text, on bool
SELECT m.room_id, m.id AS message_id, m.seq AS message_seq, m.sender_id AS user_id, other.username, {person_names},
       :on AS is_mentioned
FROM real_time_messages m JOIN users other ON other.id = m.sender_id WHERE m.id = :message;

-- The last of as many messages that mention the viewer as one page looks at; nothing when there are fewer.
-- name: mentions_floor :one
-- takes: viewer int, before text, last int
-- gives: message text
SELECT message_id AS message FROM message_mentions WHERE user_id = :viewer AND message_id < :before
ORDER BY message_id DESC LIMIT 1 OFFSET :last;

-- Messages that mention the viewer or the whole room, if the viewer may read them now, newest first. Two walks are
-- merged. The whole room: the members who joined before the message and have not left.
-- name: mentions :page mention
-- takes: viewer int, before text, floor text, limit int
WITH blocked (user_id) AS MATERIALIZED ({blocked_users})
SELECT {message_columns}, {room_name} AS room_name, m.id AS page_key
FROM (
	SELECT x.message_id FROM message_mentions x
	CROSS JOIN real_time_messages s ON s.id = x.message_id
	CROSS JOIN chat_rooms r ON r.id = s.room_id
	WHERE x.user_id = :viewer AND x.message_id < :before AND x.message_id >= :floor
	  AND s.deleted_at IS NULL AND {room_readable} AND {sender_shown}
	UNION
	SELECT s.id FROM room_participants p
	CROSS JOIN chat_rooms r ON r.id = p.room_id
	CROSS JOIN real_time_messages s INDEXED BY real_time_messages_to_room
	ON s.room_id = r.id AND s.mentions_room = 1 AND s.seq > {recent_seq}
	WHERE p.user_id = :viewer AND p.is_active = 1 AND s.id < :before AND s.id >= :floor
	  AND s.timestamp >= p.joined_at AND s.sender_id <> :viewer AND s.deleted_at IS NULL AND {sender_shown}
	ORDER BY 1 DESC LIMIT :limit
) x
CROSS JOIN real_time_messages m ON m.id = x.message_id
CROSS JOIN chat_rooms r ON r.id = m.room_id
CROSS JOIN users other ON other.id = m.sender_id
ORDER BY x.message_id DESC;
