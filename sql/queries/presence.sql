-- Presence. A bridge owns the presence of the users that are connected to it. Users who ask by REST have a row
-- with the instance 0, which ends by itself.

-- The presence of `other` is told to the viewer, and shown.
-- fragment: presence_seen
({other_near} AND {other_presence_visible})

-- Never write presence for an erased user; a connection may not know of the erasure yet.
-- name: connected_put :exec
-- takes: user int, bridge int, status text
INSERT INTO connected_users (user_id, instance, status)
SELECT id, :bridge, :status FROM users WHERE id = :user AND erased_at IS NULL
ON CONFLICT (user_id, instance) DO UPDATE SET status = excluded.status;

-- name: connected_remove :exec
-- takes: user int, bridge int
DELETE FROM connected_users WHERE user_id = :user AND instance = :bridge;

-- Whether a request of the user must be noted: the last note ends soon, or there is none, and no bridge has the user.
-- A request that was the last one of a user, such as a logout, is not noted.
-- name: presence_due :one
-- takes: user int, now time, soon time
-- gives: due bool
SELECT coalesce((SELECT c.until <= :soon FROM connected_users c
                 WHERE c.user_id = :user AND c.instance = 0 AND c.until > :now),
                NOT EXISTS (SELECT 1 FROM connected_users c JOIN bridges w ON w.instance = c.instance
                            WHERE c.user_id = :user AND w.lease_until > :now))
       AND EXISTS (SELECT 1 FROM sessions s WHERE s.user_id = :user AND s.expires_at > :now) AS due;

-- The user asks by REST. Without :status it stays as it is; a user who was not there is connected.
-- name: connected_ask :exec
-- takes: user int, status text, now time, until time
INSERT INTO connected_users (user_id, instance, status, until)
SELECT id, 0, coalesce(:status, 'connected'), :until FROM users WHERE id = :user AND erased_at IS NULL
ON CONFLICT (user_id, instance) DO UPDATE SET
	status = CASE WHEN :status IS NULL AND until > :now THEN status ELSE excluded.status END,
	until = excluded.until;

-- A user without a session cannot ask.
-- name: asking_end :exec
-- takes: user int, now time
DELETE FROM connected_users
WHERE user_id = :user AND instance = 0
  AND NOT EXISTS (SELECT 1 FROM sessions s WHERE s.user_id = :user AND s.expires_at > :now);

-- The user has opened a WebSocket on the bridge, which has no row yet: requests do not count any more.
-- name: connected_take_over :exec
-- takes: user int, bridge int
DELETE FROM connected_users
WHERE user_id = :user AND instance = 0
  AND NOT EXISTS (SELECT 1 FROM connected_users b WHERE b.user_id = :user AND b.instance = :bridge);

-- Users of the previous life of the bridge, which has the negative number.
-- name: connected_disown :exec
-- takes: bridge int
-- engine: sqlite
UPDATE OR REPLACE connected_users SET instance = -:bridge WHERE instance = :bridge;

-- name: connected_forget :each
-- takes: now time, limit int
-- gives: user int
DELETE FROM connected_users
WHERE (user_id, instance) IN (SELECT c.user_id, c.instance
                              FROM bridges w CROSS JOIN connected_users c ON c.instance = w.instance
                              WHERE w.lease_until <= :now LIMIT :limit)
RETURNING user_id AS user;

-- The same for users who do not ask by REST any more.
-- name: asking_forget :each
-- takes: now time, limit int
-- gives: user int
DELETE FROM connected_users
WHERE (user_id, instance) IN (SELECT user_id, instance FROM connected_users WHERE until <= :now LIMIT :limit)
RETURNING user_id AS user;

-- The user may have left the room meanwhile. Without :stays the user is in none of those before.
-- name: presence_put :exec
-- takes: user int, status text, now time, room text, stays bool
INSERT INTO user_presence (user_id, status, last_seen, current_room)
SELECT id, :status, :now,
       (SELECT m.room_id FROM room_participants m
        WHERE m.room_id = :room AND m.user_id = :user AND m.is_active = 1)
FROM users WHERE id = :user AND erased_at IS NULL
ON CONFLICT (user_id) DO UPDATE SET status = excluded.status, last_seen = excluded.last_seen,
	current_room = coalesce(excluded.current_room, CASE WHEN :stays THEN user_presence.current_room END);

-- name: presence_status :one
-- takes: user int, now time
-- gives: status text
SELECT {live_status} AS status FROM (SELECT :user AS user_id) p;

-- The presence of the user as the viewer may see it.
-- name: presence_visible :object presence
-- takes: viewer int, now time, user int
SELECT other.id AS user_id, other.username, {person_names}, {live_status} AS status, p.last_seen,
       {live_room} AS current_room, p.is_aeon
FROM user_presence p JOIN users other ON other.id = p.user_id
WHERE p.user_id = :user AND {other_presence_visible} AND {other_not_blocked};

-- The same for all viewers who may see the presence, if there is one for all of them: the current room is
-- visible to everybody, or there is none.
-- name: presence_common :object presence
-- takes: user int, now time
SELECT other.id AS user_id, other.username, {person_names}, {live_status} AS status, p.last_seen,
       CASE WHEN {live_status} <> 'offline' THEN p.current_room END AS current_room, p.is_aeon
FROM user_presence p JOIN users other ON other.id = p.user_id
WHERE p.user_id = :user
  AND (p.current_room IS NULL
       OR EXISTS (SELECT 1 FROM chat_rooms r WHERE r.id = p.current_room AND r.is_public = 1
                  AND r.deleted_at IS NULL AND r.removed_at IS NULL));

-- The presence of the user for viewers who may not see it.
-- name: presence_hidden :object presence
-- takes: user int
SELECT other.id AS user_id, other.username, {person_names}, 'offline' AS status, NULL AS last_seen,
       NULL AS current_room, p.is_aeon
FROM user_presence p JOIN users other ON other.id = p.user_id WHERE p.user_id = :user;

-- Whether the presence of the user is told to the viewer, unless one of them has blocked the other.
-- name: presence_told :one
-- takes: viewer int, user int
-- gives: told bool
SELECT {presence_seen} AS told FROM users other WHERE other.id = :user;

-- The user's privacy setting for the presence, as a number of enum presence_circle.
-- name: presence_circle :one
-- takes: user int
-- gives: circle int
SELECT CASE privacy_presence WHEN 'everyone' THEN 2 WHEN 'friends' THEN 1 ELSE 0 END AS circle
FROM users WHERE id = :user;

-- Has the presence of the user told again to each friend of the user.
-- name: presence_tell_friends :exec
-- takes: user int, kind text, now time
INSERT INTO realm_events (kind, user_id, other_id, created_at, data)
SELECT :kind, x.user_id, x.related_user_id, :now, '{}' FROM user_relationships x
WHERE x.user_id = :user AND x.relationship_type = 'friend';

-- Of friends and, with :co_members, of co-members, what the viewer may see: who has changed since :since, and
-- with :connected who is connected. Users after :after.
-- name: presence_since :objects presence
-- takes: viewer int, now time, co_members bool, since time, connected bool, after int, limit int
SELECT other.id AS user_id, other.username, {person_names}, {live_status} AS status, p.last_seen,
       {live_room} AS current_room, p.is_aeon, other.id AS key
FROM (
	SELECT m.user_id FROM room_participants mine
	CROSS JOIN room_participants m ON m.room_id = mine.room_id AND m.is_active = 1
	WHERE :co_members AND mine.user_id = :viewer AND mine.is_active = 1 AND m.user_id <> :viewer
	UNION
	SELECT user_id FROM user_relationships
	WHERE related_user_id = :viewer AND relationship_type = 'friend'
) near
CROSS JOIN user_presence p ON p.user_id = near.user_id
CROSS JOIN users other ON other.id = near.user_id
WHERE near.user_id > :after
  AND (p.last_seen >= :since
       OR (:connected AND EXISTS (SELECT 1 FROM connected_users c WHERE c.user_id = near.user_id)))
  AND {other_presence_visible} AND {other_not_blocked}
ORDER BY other.id LIMIT :limit;

-- The connected members of a room, as the viewer may see them.
-- name: presence_of_room :objects presence
-- takes: viewer int, now time, room text, after int, limit int
SELECT other.id AS user_id, other.username, {person_names}, {live_status} AS status, p.last_seen,
       {live_room} AS current_room, p.is_aeon, other.id AS key
FROM room_participants m
CROSS JOIN user_presence p ON p.user_id = m.user_id
CROSS JOIN users other ON other.id = m.user_id
WHERE m.room_id = :room AND m.is_active = 1 AND m.user_id > :after AND m.user_id <> :viewer
  AND EXISTS (SELECT 1 FROM connected_users c WHERE c.user_id = m.user_id)
  AND {other_presence_visible} AND {other_not_blocked}
ORDER BY other.id LIMIT :limit;

-- The members of a room that the viewer has left, or of all rooms that the viewer has left since :since, as the viewer
-- may see them now: offline, unless they are near the viewer in another way. Only members who were in the room when the
-- viewer left, also those who have left it since. A member who shows the presence is listed only when connected.
-- name: presence_left :objects presence
-- takes: viewer int, now time, room text, since time, after int, limit int
SELECT other.id AS user_id, other.username, {person_names},
       CASE WHEN {presence_seen} THEN {live_status} ELSE 'offline' END AS status,
       CASE WHEN {presence_seen} THEN p.last_seen END AS last_seen,
       CASE WHEN {presence_seen} THEN {live_room} END AS current_room, p.is_aeon, other.id AS key
FROM (
	SELECT :room AS room_id WHERE :room IS NOT NULL
	UNION ALL
	SELECT room_id FROM room_participants
	WHERE :room IS NULL AND user_id = :viewer AND is_active = 0 AND last_activity >= :since
) was
CROSS JOIN room_participants left_by ON left_by.room_id = was.room_id AND left_by.user_id = :viewer
CROSS JOIN room_participants m ON m.room_id = left_by.room_id AND m.joined_at <= left_by.last_activity
CROSS JOIN user_presence p ON p.user_id = m.user_id
CROSS JOIN users other ON other.id = m.user_id
WHERE left_by.is_active = 0
  AND (m.is_active = 1 OR m.last_activity >= left_by.last_activity)
  AND m.user_id > :after AND m.user_id <> :viewer
  AND (EXISTS (SELECT 1 FROM connected_users c WHERE c.user_id = m.user_id) OR NOT {other_presence_visible})
  AND {other_not_blocked}
ORDER BY other.id LIMIT :limit;

-- The next connected user of the room after :after. With :all, users who have left the room count, too.
-- name: presence_next_of_room :one
-- takes: room text, all bool, after int
-- gives: user int
SELECT m.user_id AS user FROM room_participants m JOIN user_presence p ON p.user_id = m.user_id
WHERE m.room_id = :room AND m.user_id > :after AND (:all OR p.current_room = :room)
  AND EXISTS (SELECT 1 FROM connected_users c WHERE c.user_id = m.user_id)
ORDER BY m.user_id LIMIT 1;

-- The present and former participants of the room, without users hidden from the viewer.
-- name: presence_participants :each
-- takes: viewer int, room text
-- gives: user int
SELECT other.id AS user FROM room_participants m JOIN users other ON other.id = m.user_id
WHERE m.room_id = :room AND other.id <> :viewer AND {other_not_blocked}
ORDER BY other.id;

-- The users who may see the viewer's presence: co-members and friends, as the viewer's privacy allows. With
-- :all, it also gives the co-members and friends who may not see it.
-- name: presence_audience :each
-- takes: viewer int, all bool
-- gives: user int
SELECT DISTINCT other.id AS user FROM (
	SELECT m.user_id FROM room_participants mine
	CROSS JOIN room_participants m ON m.room_id = mine.room_id AND m.is_active = 1
	WHERE mine.user_id = :viewer AND mine.is_active = 1 AND m.user_id <> :viewer
	UNION ALL
	SELECT related_user_id FROM user_relationships WHERE user_id = :viewer AND relationship_type = 'friend'
) near
CROSS JOIN users me ON me.id = :viewer
CROSS JOIN users other ON other.id = near.user_id
WHERE {other_not_blocked}
  AND (:all OR me.privacy_presence = 'everyone'
       OR (me.privacy_presence = 'friends'
           AND EXISTS (SELECT 1 FROM user_relationships f WHERE f.user_id = :viewer
                       AND f.related_user_id = other.id AND f.relationship_type = 'friend')))
ORDER BY other.id;

-- The user is not there any more.
-- name: presence_leave_room :exec
-- takes: user int, room text
UPDATE user_presence SET current_room = NULL WHERE user_id = :user AND current_room = :room;

-- name: bridge_lease :one
-- takes: bridge int
-- gives: until time
SELECT lease_until AS until FROM bridges WHERE instance = :bridge;

-- name: bridge_renew :exec
-- takes: bridge int, until time, connections int, rooms int
INSERT INTO bridges (instance, lease_until, connections, rooms) VALUES (:bridge, :until, :connections, :rooms)
ON CONFLICT (instance) DO UPDATE SET lease_until = excluded.lease_until,
	connections = excluded.connections, rooms = excluded.rooms;

-- name: bridges_live :one
-- takes: now time, alive int
-- gives: connections int, rooms int, live int
SELECT coalesce(sum(connections), 0) AS connections, coalesce(sum(rooms), 0) AS rooms,
       count(*) AS live
FROM bridges WHERE lease_until > :now AND (:alive >> instance) & 1 = 1;
