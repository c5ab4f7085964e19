-- Who is there. A bridge owns the presence of the users that are connected to it.

-- Of who was erased nothing is written any more, though a connection may not know of it yet.
-- name: connected_put
INSERT INTO connected_users (user_id, instance, status)
SELECT id, ?2, ?3 FROM users WHERE id = ?1 AND erased_at IS NULL
ON CONFLICT (user_id, instance) DO UPDATE SET status = excluded.status;

-- name: connected_remove
DELETE FROM connected_users WHERE user_id = ?1 AND instance = ?2;

-- Who was connected to the bridge ?1 in its former life, which is told by a negative number.
-- name: connected_disown
UPDATE OR REPLACE connected_users SET instance = -?1 WHERE instance = ?1;

-- name: connected_forget
DELETE FROM connected_users
WHERE (user_id, instance) IN (SELECT c.user_id, c.instance
                              FROM bridges w CROSS JOIN connected_users c ON c.instance = w.instance
                              WHERE w.lease_until <= ?1 LIMIT ?2)
RETURNING user_id;

-- name: presence_put
INSERT INTO user_presence (user_id, status, last_seen, current_room)
SELECT id, ?2, ?3, ?4 FROM users WHERE id = ?1 AND erased_at IS NULL
ON CONFLICT (user_id) DO UPDATE SET status = excluded.status, last_seen = excluded.last_seen,
	current_room = coalesce(excluded.current_room, current_room);

-- name: presence_status
SELECT {live_status} FROM (SELECT ?1 AS user_id) p;

-- The presence of ?3 as the viewer may see it.
-- name: presence_visible
SELECT other.id, other.username, {live_status}, p.last_seen,
       (SELECT r.id FROM chat_rooms r WHERE r.id = p.current_room AND {room_visible}), p.is_aeon
FROM user_presence p JOIN users other ON other.id = p.user_id
WHERE p.user_id = ?3 AND {other_presence_visible} AND {other_not_blocked};

-- What has changed since ?3 and the viewer is told: of mates in rooms and friends, as above.
-- name: presence_since
SELECT other.id, other.username, {live_status}, p.last_seen,
       (SELECT r.id FROM chat_rooms r WHERE r.id = p.current_room AND {room_visible}), p.is_aeon
FROM (
	SELECT m.user_id FROM room_participants mine
	CROSS JOIN room_participants m ON m.room_id = mine.room_id AND m.is_active = 1
	WHERE mine.user_id = ?1 AND mine.is_active = 1 AND m.user_id <> ?1
	UNION
	SELECT user_id FROM user_relationships
	WHERE related_user_id = ?1 AND relationship_type = 'friend'
) near
CROSS JOIN user_presence p ON p.user_id = near.user_id
CROSS JOIN users other ON other.id = near.user_id
WHERE p.last_seen >= ?3 AND {other_presence_visible} AND {other_not_blocked};

-- Who may be told of the presence of ?1: mates in rooms and friends, as its privacy allows.
-- name: presence_audience
SELECT DISTINCT other.id FROM (
	SELECT m.user_id FROM room_participants mine
	CROSS JOIN room_participants m ON m.room_id = mine.room_id AND m.is_active = 1
	WHERE mine.user_id = ?1 AND mine.is_active = 1 AND m.user_id <> ?1
	UNION ALL
	SELECT related_user_id FROM user_relationships WHERE user_id = ?1 AND relationship_type = 'friend'
) near
CROSS JOIN users me ON me.id = ?1
CROSS JOIN users other ON other.id = near.user_id
WHERE {other_not_blocked}
  AND (me.privacy_presence = 'everyone'
       OR (me.privacy_presence = 'friends'
           AND EXISTS (SELECT 1 FROM user_relationships f WHERE f.user_id = ?1
                       AND f.related_user_id = other.id AND f.relationship_type = 'friend')))
LIMIT 1000;

-- name: bridge_lease
SELECT lease_until FROM bridges WHERE instance = ?1;

-- name: bridge_renew
INSERT INTO bridges (instance, lease_until, connections, rooms) VALUES (?1, ?2, ?3, ?4)
ON CONFLICT (instance) DO UPDATE SET lease_until = excluded.lease_until,
	connections = excluded.connections, rooms = excluded.rooms;

-- name: bridges_live
SELECT coalesce(sum(connections), 0), coalesce(sum(rooms), 0), count(*)
FROM bridges WHERE lease_until > ?1 AND (?2 >> instance) & 1 = 1;
