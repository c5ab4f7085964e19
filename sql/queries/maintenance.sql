-- Counts for the administrator, the search index, and retention.

-- name: realm_stats :object realm_stats
SELECT (SELECT count(*) FROM users) AS users,
       (SELECT count(*) FROM users WHERE is_active = 0) AS disabled_users,
       (SELECT count(*) FROM sessions) AS sessions, (SELECT count(*) FROM chat_rooms) AS rooms,
       (SELECT count(*) FROM room_participants WHERE is_active = 1) AS participants,
       (SELECT count(*) FROM real_time_messages) AS messages,
       (SELECT count(*) FROM user_relationships) AS relationships,
       (SELECT count(*) FROM shared_knowledge) AS knowledge,
       (SELECT count(*) FROM knowledge_votes) AS votes,
       (SELECT count(*) FROM aeon_interactions) AS interactions,
       (SELECT count(*) FROM realm_events) AS events;

-- name: repair_search :exec
-- engine: sqlite
INSERT INTO knowledge_text (knowledge_text) VALUES ('rebuild');

-- name: repair_unindexed :exec
DELETE FROM knowledge_unindexed;

-- name: repair_room_search :exec
-- engine: sqlite
INSERT INTO room_text (room_text) VALUES ('rebuild');

-- --- retention: the oldest few rows at a time ---

-- name: prune_pending :one
SELECT 1 FROM users WHERE erasing <> 0 UNION ALL SELECT 1 FROM content_removals UNION ALL SELECT 1 FROM gone_sources
LIMIT 1;

-- name: prune_events :exec
-- takes: before time, limit int
DELETE FROM realm_events
WHERE pos IN (SELECT pos FROM realm_events ORDER BY pos LIMIT :limit) AND created_at < :before;

-- name: prune_keys :exec
-- takes: before time, limit int
DELETE FROM idempotency_keys
WHERE id IN (SELECT id FROM idempotency_keys WHERE created_at < :before ORDER BY created_at LIMIT :limit);

-- name: prune_taken_changes :exec
-- takes: before time, limit int
DELETE FROM taken_changes
WHERE id IN (SELECT id FROM taken_changes ORDER BY id LIMIT :limit) AND created_at < :before;

-- Rooms with expired messages, and the seq of the last one. The id of a message begins with its time.
-- name: prune_candidates :each
-- takes: before text, limit int
-- gives: room text, first int, last int
SELECT r.id AS room, r.first_seq AS first, max(o.seq) AS last
FROM (SELECT room_id, seq FROM real_time_messages WHERE id < :before ORDER BY id LIMIT :limit) o
CROSS JOIN chat_rooms r ON r.id = o.room_id
GROUP BY r.id, r.first_seq;

-- Deleted rooms that still have a log, and those that were deleted before :before.
-- name: prune_gone_rooms :each
-- takes: before time
-- gives: like prune_candidates
SELECT id AS room, first_seq AS first, last_seq AS last FROM chat_rooms
WHERE deleted_at IS NOT NULL AND (first_seq <= last_seq OR deleted_at < :before)
ORDER BY deleted_at LIMIT 20;

-- name: prune_gone_people :exec
-- takes: room text, limit int
DELETE FROM room_participants
WHERE id IN (SELECT id FROM room_participants WHERE room_id = :room LIMIT :limit);

-- name: prune_gone_room :exec
-- takes: room text
DELETE FROM chat_rooms WHERE id = :room;

-- name: prune_messages :exec
-- takes: room text, last int
DELETE FROM real_time_messages WHERE room_id = :room AND seq <= :last;

-- name: prune_changes :exec
-- takes: room text, last int
DELETE FROM message_changes WHERE room_id = :room AND seq <= :last;

-- name: prune_room :exec
-- takes: room text, last int
UPDATE chat_rooms SET first_seq = :last + 1 WHERE id = :room;

-- A turn stays as long as its answer, which is forgotten by it.
-- name: prune_turns :exec
-- takes: before time, limit int
DELETE FROM twin_turns WHERE id IN (
	SELECT id FROM twin_turns WHERE finished_at IS NOT NULL AND answer_id IS NULL AND finished_at < :before
	ORDER BY finished_at LIMIT :limit);

-- name: prune_calls :exec
-- takes: before time, limit int
DELETE FROM twin_calls WHERE id IN (
	SELECT id FROM twin_calls WHERE created_at < :before ORDER BY created_at LIMIT :limit);

-- name: prune_spend :exec
-- takes: before int, limit int
DELETE FROM twin_spend WHERE (scope, key, day) IN (
	SELECT scope, key, day FROM twin_spend WHERE day < :before LIMIT :limit);

-- --- minutes ---

-- name: minute_put :exec
-- takes: minute int, requests int, request_us int, refused int, messages int, connections int,
-- takes: wal_bytes int, load int, reasons json
INSERT INTO minutes (minute, requests, request_us, refused, messages, connections, wal_bytes, load, reasons)
VALUES (:minute, :requests, :request_us, :refused, :messages, :connections, :wal_bytes, :load, :reasons)
ON CONFLICT DO NOTHING;

-- name: minutes_prune :exec
-- takes: before int
DELETE FROM minutes WHERE minute < :before;

-- name: minutes_from :list minute
-- takes: first int
SELECT minute * 60000000 AS at, requests, round(request_us / 1000.0 / max(requests, 1), 3) AS mean_ms, refused,
       messages, connections, wal_bytes, load / 100.0 AS load, reasons
FROM minutes WHERE minute >= :first ORDER BY minute;
