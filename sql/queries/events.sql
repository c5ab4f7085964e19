-- The event log.

-- name: event_append
INSERT INTO realm_events (kind, room_id, user_id, other_id, seq, created_at, data)
VALUES (?1, ?2, nullif(?3, 0), nullif(?4, 0), nullif(?5, 0), ?6, ?7);

-- name: events_after
SELECT pos, kind, room_id, user_id, other_id, seq, data, 0 FROM realm_events
WHERE pos > ?1 ORDER BY pos LIMIT ?2;

-- What the viewer may see now of the log behind ?2 and up to ?3: of the rooms that the viewer is in,
-- all but what is about the viewer, and what is for the viewer alone. The last column tells what is
-- hidden: by a block, or since the viewer may not see any more what it points to.
-- name: events_visible
SELECT e.pos, e.kind, e.room_id, e.user_id, e.other_id, e.seq, e.data,
       {event_hidden} OR {event_points_nowhere}
FROM room_participants m
CROSS JOIN realm_events e ON e.room_id = m.room_id
WHERE m.user_id = ?1 AND m.is_active = 1 AND e.pos > ?2 AND e.pos <= ?3
  AND (e.seq IS NOT NULL OR e.user_id IS NOT ?1)
UNION ALL
SELECT e.pos, e.kind, e.room_id, e.user_id, e.other_id, e.seq, e.data,
       (e.kind <> 'relationship_updated' AND {event_hidden}) OR {event_points_nowhere}
FROM realm_events e
WHERE e.user_id = ?1 AND e.seq IS NULL AND e.room_id IS NULL AND e.pos > ?2 AND e.pos <= ?3
ORDER BY 1 LIMIT ?4;

-- Up to where the log was pruned.
-- name: events_start
SELECT coalesce((SELECT min(pos) - 1 FROM realm_events),
                (SELECT seq FROM sqlite_sequence WHERE name = 'realm_events'), 0);

-- The viewer's rooms, each with the last entry of its log that the event log does not tell any more.
-- name: events_gaps
SELECT r.id, coalesce((SELECT e.seq - 1 FROM realm_events e
                       WHERE e.room_id = r.id AND e.seq IS NOT NULL ORDER BY e.pos LIMIT 1),
                      r.last_seq) AS lost
FROM room_participants m CROSS JOIN chat_rooms r ON r.id = m.room_id
WHERE m.user_id = ?1 AND m.is_active = 1 AND lost > 0;

-- name: events_head
SELECT coalesce((SELECT seq FROM sqlite_sequence WHERE name = 'realm_events'), 0);

-- name: epoch_renew
UPDATE realm_meta SET value = lower(hex(randomblob(8))) WHERE key = 'epoch';

-- name: meta_get
SELECT value FROM realm_meta WHERE key = ?1;

-- name: meta_put
INSERT INTO realm_meta (key, value) VALUES (?1, ?2)
ON CONFLICT (key) DO UPDATE SET value = excluded.value;
