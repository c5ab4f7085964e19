-- What the administrator asks, and what is kept for a while only.

-- name: realm_stats
SELECT (SELECT count(*) FROM users), (SELECT count(*) FROM users WHERE is_active = 0),
       (SELECT count(*) FROM sessions), (SELECT count(*) FROM chat_rooms),
       (SELECT count(*) FROM room_participants WHERE is_active = 1),
       (SELECT count(*) FROM real_time_messages), (SELECT count(*) FROM user_relationships),
       (SELECT count(*) FROM shared_knowledge), (SELECT count(*) FROM knowledge_votes),
       (SELECT count(*) FROM aeon_interactions), (SELECT count(*) FROM realm_events);

-- name: mend_search
INSERT INTO knowledge_text (knowledge_text) VALUES ('rebuild');

-- name: mend_room_search
INSERT INTO room_text (room_text) VALUES ('rebuild');

-- --- what is kept for a while only: the oldest few at a time ---

-- name: prune_events
DELETE FROM realm_events
WHERE pos IN (SELECT pos FROM realm_events ORDER BY pos LIMIT ?2) AND created_at < ?1;

-- name: prune_keys
DELETE FROM idempotency_keys
WHERE id IN (SELECT id FROM idempotency_keys WHERE created_at < ?1 ORDER BY created_at LIMIT ?2);

-- Rooms whose log begins with what is past its time, and how far it may go: ids of messages begin
-- with their time.
-- name: prune_candidates
SELECT r.id, r.first_seq, max(o.seq)
FROM (SELECT room_id, seq FROM real_time_messages WHERE id < ?1 ORDER BY id LIMIT ?2) o
CROSS JOIN chat_rooms r ON r.id = o.room_id
GROUP BY o.room_id;

-- name: prune_gone_rooms
SELECT id, first_seq, last_seq FROM chat_rooms WHERE deleted_at IS NOT NULL ORDER BY deleted_at LIMIT 20;

-- name: prune_gone_people
DELETE FROM room_participants
WHERE id IN (SELECT id FROM room_participants WHERE room_id = ?1 LIMIT ?2);

-- name: prune_gone_room
DELETE FROM chat_rooms WHERE id = ?1;

-- name: prune_messages
DELETE FROM real_time_messages WHERE room_id = ?1 AND seq <= ?2;

-- name: prune_changes
DELETE FROM message_changes WHERE room_id = ?1 AND seq <= ?2;

-- name: prune_room
UPDATE chat_rooms SET first_seq = ?2 + 1 WHERE id = ?1;
