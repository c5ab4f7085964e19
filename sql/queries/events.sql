-- The event log.

-- name: event_append_to_room
INSERT INTO realm_events (kind, room_id, created_at, data) VALUES (?1, ?2, ?3, ?4);

-- name: event_append_to_user
INSERT INTO realm_events (kind, user_id, created_at, data) VALUES (?1, ?2, ?3, ?4);

-- name: events_after
SELECT pos, kind, room_id, user_id, data FROM realm_events WHERE pos > ?1 ORDER BY pos LIMIT ?2;

-- name: events_head
SELECT coalesce((SELECT seq FROM sqlite_sequence WHERE name = 'realm_events'), 0);

-- name: epoch_renew
UPDATE realm_meta SET value = lower(hex(randomblob(8))) WHERE key = 'epoch';

-- name: meta_get
SELECT value FROM realm_meta WHERE key = ?1;

-- name: meta_put
INSERT INTO realm_meta (key, value) VALUES (?1, ?2)
ON CONFLICT (key) DO UPDATE SET value = excluded.value;
