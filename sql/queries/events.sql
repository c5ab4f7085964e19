-- The event log.

-- name: event_append :insert
-- takes: kind text, subject text, room text, user int, other int, seq int, now time, data json
-- gives: pos int
INSERT INTO realm_events (kind, subject, room_id, user_id, other_id, seq, created_at, data)
VALUES (:kind, :subject, :room, nullif(:user, 0), nullif(:other, 0), nullif(:seq, 0), :now, :data);

-- name: events_after :each
-- takes: after int, limit int
-- gives: pos int, kind text, room text?, user int?, other int?, seq int?, data json?, hidden bool
SELECT pos, kind, room_id AS room, user_id AS user, other_id AS other, seq, data, false AS hidden
FROM realm_events
WHERE pos > :after ORDER BY pos LIMIT :limit;

-- The events after :after and up to :until, as the viewer may see them now: all events of the
-- viewer's rooms, those about the viewer, also of rooms that the viewer has left, and those for the
-- viewer alone. An event is hidden by a block, or because its subject is hidden from the viewer now.
-- An event about a relationship is the exception: a viewer who blocks a user receives it.
-- name: events_visible :each
-- takes: viewer int, after int, until int, limit int
-- gives: like events_after
SELECT e.pos, e.kind, e.room_id AS room, e.user_id AS user, e.other_id AS other, e.seq, e.data,
       {event_hidden} OR {event_subject_gone} AS hidden
FROM room_participants m
CROSS JOIN realm_events e ON e.room_id = m.room_id
WHERE m.user_id = :viewer AND m.is_active = 1 AND e.pos > :after AND e.pos <= :until
  AND (e.seq IS NOT NULL OR e.user_id IS DISTINCT FROM :viewer)
UNION ALL
SELECT e.pos, e.kind, e.room_id, e.user_id, e.other_id, e.seq, e.data,
       (e.subject IS DISTINCT FROM 'relationship' AND {event_hidden}) OR {event_subject_gone}
FROM realm_events e
WHERE e.user_id = :viewer AND e.seq IS NULL AND e.pos > :after AND e.pos <= :until
ORDER BY 1 LIMIT :limit;

-- The user does not get the events of this kind any more.
-- name: events_forget :exec
-- takes: user int, kind text
DELETE FROM realm_events WHERE user_id = :user AND kind = :kind AND seq IS NULL;

-- The position up to which the log was pruned.
-- name: events_start :one
-- gives: pos int
-- engine: sqlite
SELECT coalesce((SELECT min(pos) - 1 FROM realm_events),
                (SELECT seq FROM sqlite_sequence WHERE name = 'realm_events'), 0) AS pos;

-- The viewer's rooms, each with the last entry that is no longer in the event log.
-- name: events_gaps :each
-- takes: viewer int
-- gives: room text, to_seq int
SELECT g.room, g.to_seq
FROM (SELECT r.id AS room,
             coalesce((SELECT e.seq - 1 FROM realm_events e
                       WHERE e.room_id = r.id AND e.seq IS NOT NULL ORDER BY e.pos LIMIT 1),
                      r.last_seq) AS to_seq
      FROM room_participants m CROSS JOIN chat_rooms r ON r.id = m.room_id
      WHERE m.user_id = :viewer AND m.is_active = 1) g
WHERE g.to_seq > 0;

-- When the last event up to the position was written; nothing when it is no longer kept.
-- name: event_time :one
-- takes: pos int
-- gives: created_at time
SELECT created_at FROM realm_events WHERE pos <= :pos ORDER BY pos DESC LIMIT 1;

-- name: events_head :one
-- gives: pos int
-- engine: sqlite
SELECT coalesce((SELECT seq FROM sqlite_sequence WHERE name = 'realm_events'), 0) AS pos;

-- name: epoch_renew :exec
-- takes: epoch text
UPDATE realm_meta SET value = :epoch WHERE key = 'epoch';

-- name: meta_get :one
-- takes: key text
-- gives: value text
SELECT value FROM realm_meta WHERE key = :key;

-- name: meta_put :exec
-- takes: key text, value text
INSERT INTO realm_meta (key, value) VALUES (:key, :value)
ON CONFLICT (key) DO UPDATE SET value = excluded.value;
