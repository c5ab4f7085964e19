-- Digests: what a user who is away has missed. See lib/realm/digest.h.

-- The user u gets digests.
-- fragment: gets_digests
(u.is_active = 1 AND u.email_verified_at IS NOT NULL AND u.mail_digest <> 'off')

-- When a digest of the user u may be tried: at :due, and :pause after the last attempt of one.
-- fragment: digest_due
max(:due, coalesce((SELECT d.tried_at FROM mails d WHERE d.user_id = u.id AND d.kind = 'digest'
                    ORDER BY d.created_at DESC LIMIT 1), 0) + :pause)

-- A digest waits for each user that the message mentions, and for the members of its direct room or group.
-- A user has one that waits.
-- name: digest_queue :exec
-- takes: room text, message text, sender int, now time, due time, pause int
INSERT INTO mails (user_id, kind, created_at, due_at)
SELECT u.id, 'digest', :now, {digest_due}
FROM (SELECT m.user_id FROM chat_rooms r CROSS JOIN room_participants m ON m.room_id = r.id AND m.is_active = 1
      WHERE r.id = :room AND r.kind <> 'room'
      UNION
      SELECT x.user_id FROM message_mentions x WHERE x.message_id = :message) y
CROSS JOIN users u ON u.id = y.user_id
WHERE u.id <> :sender AND {gets_digests}
ON CONFLICT DO NOTHING;

-- The message mentions its whole room.
-- name: digest_room_queue :exec
-- takes: message text
INSERT INTO digest_rooms (message_id) VALUES (:message) ON CONFLICT DO NOTHING;

-- name: digest_room_next :one
-- gives: message text, room text, sender int, after int
SELECT d.message_id AS message, s.room_id AS room, s.sender_id AS sender, d.after_user AS after
FROM digest_rooms d CROSS JOIN real_time_messages s ON s.id = d.message_id LIMIT 1;

-- The last of the next :limit members; nothing when there are fewer.
-- name: digest_members_end :one
-- takes: room text, after int, last int
-- gives: user int
SELECT user_id AS user FROM room_participants
WHERE room_id = :room AND user_id > :after ORDER BY user_id LIMIT 1 OFFSET :last;

-- The same as digest_queue for the members behind :after, up to :end.
-- name: digest_queue_members :exec
-- takes: room text, after int, end int, sender int, now time, due time, pause int
INSERT INTO mails (user_id, kind, created_at, due_at)
SELECT u.id, 'digest', :now, {digest_due}
FROM room_participants m CROSS JOIN users u ON u.id = m.user_id
WHERE m.room_id = :room AND m.user_id > :after AND m.user_id <= :end AND m.is_active = 1
  AND u.id <> :sender AND {gets_digests}
ON CONFLICT DO NOTHING;

-- name: digest_room_move :exec
-- takes: message text, after int
UPDATE digest_rooms SET after_user = :after WHERE message_id = :message;

-- name: digest_room_done :exec
-- takes: message text
DELETE FROM digest_rooms WHERE message_id = :message;

-- Whether the user gets a digest, and from when on messages count: since the last digest, and if the user is away,
-- since :grace before the user went.
-- name: digest_reader :one
-- takes: user int, now time, grace int
-- gives: texts bool, is_here bool, since time
SELECT u.mail_digest = 'texts' AS texts, x.is_here,
       max(coalesce((SELECT d.tried_at FROM mails d
                     WHERE d.user_id = u.id AND d.kind = 'digest' AND d.sent_at IS NOT NULL
                     ORDER BY d.created_at DESC LIMIT 1), 0),
           CASE x.is_here WHEN 0 THEN coalesce(x.last_seen, 0) - :grace ELSE 0 END) AS since
FROM users u
CROSS JOIN (SELECT {live_status} = 'connected' AS is_here,
                   (SELECT s.last_seen FROM user_presence s WHERE s.user_id = p.user_id) AS last_seen
            FROM (SELECT :user AS user_id) p) x
WHERE u.id = :user AND {gets_digests}
  AND (u.suspended_at IS NULL OR (u.suspended_until IS NOT NULL AND u.suspended_until <= :now));

-- The member m wants to hear of the room r, which has something that the member has not read.
-- fragment: room_is_missed
m.user_id = :viewer AND m.is_active = 1 AND m.notify <> 'none' AND coalesce(m.muted_until, 0) <= :now
AND r.deleted_at IS NULL AND r.removed_at IS NULL AND m.read_seq < r.last_seq

-- The message s of the room r is one that the member m has not read and may read.
-- fragment: message_is_missed
s.seq > max(m.read_seq, {recent_seq}) AND s.timestamp > :since AND s.timestamp <= :now AND s.sender_id <> :viewer
AND s.deleted_at IS NULL AND {sender_shown}

-- Messages of direct rooms and groups, and mentions in other rooms, that came after :since and up to :now and that
-- the viewer has not read and may read. By rooms, the latest first. It looks at :most messages.
-- name: digest_items :each
-- takes: viewer int, now time, since time, texts bool, most int, limit int
-- gives: kind text, room text, sender text, is_twin bool, messages int, excerpt text?
WITH blocked (user_id) AS MATERIALIZED ({blocked_users})
SELECT r.kind, {room_name} AS room, sender.username AS sender, s.is_aeon_message AS is_twin, x.messages,
       CASE WHEN :texts THEN {message_excerpt} END AS excerpt
FROM (SELECT y.room_id, count(*) AS messages, max(y.id) AS latest
      FROM (SELECT s.room_id, s.id
            FROM room_participants m CROSS JOIN chat_rooms r ON r.id = m.room_id
            CROSS JOIN real_time_messages s ON s.room_id = r.id AND {message_is_missed}
            WHERE {room_is_missed} AND r.kind <> 'room'
            UNION
            SELECT s.room_id, s.id
            FROM room_participants m CROSS JOIN chat_rooms r ON r.id = m.room_id
            CROSS JOIN message_mentions n
            ON n.user_id = m.user_id AND n.room_id = r.id AND n.seq > max(m.read_seq, {recent_seq})
            CROSS JOIN real_time_messages s ON s.id = n.message_id AND {message_is_missed}
            WHERE {room_is_missed} AND r.kind = 'room'
            UNION
            SELECT s.room_id, s.id
            FROM room_participants m CROSS JOIN chat_rooms r ON r.id = m.room_id
            CROSS JOIN real_time_messages s INDEXED BY real_time_messages_to_room
            ON s.room_id = r.id AND s.mentions_room = 1 AND s.timestamp >= m.joined_at AND {message_is_missed}
            WHERE {room_is_missed} AND r.kind = 'room'
            LIMIT :most) y
      GROUP BY y.room_id ORDER BY latest DESC LIMIT :limit) x
CROSS JOIN chat_rooms r ON r.id = x.room_id
CROSS JOIN real_time_messages s ON s.id = x.latest
CROSS JOIN users sender ON sender.id = s.sender_id
ORDER BY x.latest DESC;

-- --- what the user has chosen ---

-- name: mail_settings :object mail_settings
-- takes: user int
SELECT mail_digest AS digest, email_verified_at IS NOT NULL AS address_verified FROM users WHERE id = :user;

-- name: mail_settings_set :exec
-- takes: user int, digest text
UPDATE users SET mail_digest = :digest WHERE id = :user AND mail_digest <> :digest;

-- name: export_mail_settings :page mail_settings
-- takes: viewer int, before int, limit int
SELECT mail_digest AS digest, email_verified_at IS NOT NULL AS address_verified, 0 AS page_key
FROM users WHERE id = :viewer AND :before > 0 LIMIT :limit;

-- name: address_of_user :one
-- takes: user int
-- gives: email_key text
SELECT email_key FROM users WHERE id = :user;
