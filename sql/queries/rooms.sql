-- Rooms and who is in them.

-- name: room_insert
INSERT INTO chat_rooms (id, name, description, topic, created_by, created_at, is_public,
                        max_participants, is_aeon_room)
VALUES (?1, ?2, ?3, ?4, nullif(?5, 0), ?6, ?7, ?8, ?9);

-- Public rooms, those of the viewer that are not among them, and private ones of invitations, newest
-- first: ordered walks merged, so that what is narrowed away costs nothing. The + keeps SQLite from
-- walking all private rooms for each that is wanted.
-- name: rooms_visible
SELECT r.id, {room_columns} FROM chat_rooms r
WHERE r.is_public = 1 AND r.is_aeon_room = 0 AND r.id < ?5 AND ?2 <> 0 AND ?3 <= 0 AND ?4 <= 0
  AND NOT (?4 = 0 AND {room_joined})
UNION ALL
SELECT r.id, {room_columns} FROM chat_rooms r
WHERE r.is_public = 1 AND r.is_aeon_room = 1 AND r.id < ?5 AND ?2 <> 0 AND ?3 <> 0 AND ?4 <= 0
  AND NOT (?4 = 0 AND {room_joined})
UNION ALL
SELECT m.room_id, {room_columns}
FROM room_participants m
CROSS JOIN chat_rooms r INDEXED BY chat_rooms_public
	ON r.id = +m.room_id AND r.is_public IN (0, ?4 = 1) AND r.is_aeon_room IN (0, 1)
WHERE m.user_id = ?1 AND m.is_active = 1 AND m.room_id < ?5 AND ?4 <> 0
  AND (?2 < 0 OR r.is_public = ?2) AND (?3 < 0 OR r.is_aeon_room = ?3)
UNION ALL
SELECT n.room_id, {room_columns}
FROM room_invitations n
CROSS JOIN chat_rooms r INDEXED BY chat_rooms_public
	ON r.id = +n.room_id AND r.is_public = 0 AND r.is_aeon_room IN (0, 1)
WHERE n.user_id = ?1 AND n.room_id < ?5 AND ?2 <= 0 AND ?4 <= 0
  AND (?3 < 0 OR r.is_aeon_room = ?3)
ORDER BY 1 DESC LIMIT ?6;

-- Rooms whose name or topic has words that begin so, newest first.
-- name: rooms_found
SELECT r.id, {room_columns}, r.number
FROM room_text f CROSS JOIN chat_rooms r ON r.number = f.rowid
WHERE f.room_text MATCH ?7 AND f.rowid < ?5 AND {room_visible}
  AND (?2 < 0 OR r.is_public = ?2) AND (?3 < 0 OR r.is_aeon_room = ?3)
  AND (?4 < 0 OR ?4 = {room_joined})
ORDER BY f.rowid DESC LIMIT ?6;

-- name: room_visible
SELECT r.id, {room_columns} FROM chat_rooms r WHERE r.id = ?2 AND {room_visible};

-- name: room_settings
SELECT id, name, description, topic, is_public, max_participants, is_aeon_room
FROM chat_rooms WHERE id = ?1;

-- The participants of ?3, as far as the viewer may know of them, longest there first.
-- name: room_participants
SELECT other.id, other.username,
       CASE WHEN {other_presence_visible} THEN {live_status} ELSE 'offline' END,
       CASE WHEN {other_presence_visible} THEN p.last_seen END,
       CASE WHEN {other_presence_visible} THEN
            (SELECT r.id FROM chat_rooms r WHERE r.id = p.current_room AND {room_visible}) END,
       coalesce(p.is_aeon, 0), m.role, m.read_seq
FROM room_participants m
JOIN users other ON other.id = m.user_id
LEFT JOIN user_presence p ON p.user_id = m.user_id
WHERE m.room_id = ?3 AND m.is_active = 1 AND other.is_active = 1
  AND (other.id = ?1 OR {other_not_blocked})
ORDER BY m.joined_at LIMIT 1000;

-- Where the viewer is, with who else is there: one row a person and room.
-- name: room_co_members
SELECT other.id, other.username, m.room_id, m.joined_at, m.read_seq
FROM room_participants mine
CROSS JOIN room_participants m ON m.room_id = mine.room_id AND m.is_active = 1
CROSS JOIN users other ON other.id = m.user_id
WHERE mine.user_id = ?1 AND mine.is_active = 1 AND other.is_active = 1
  AND (other.id = ?1 OR {other_not_blocked})
ORDER BY mine.room_id, m.joined_at LIMIT 2000;

-- What is told of somebody who comes or goes.
-- name: room_member
SELECT id, username, ?2 FROM users WHERE id = ?1;

-- name: rooms_of_user
SELECT room_id FROM room_participants WHERE user_id = ?1 AND is_active = 1;

-- What a join has to know.
-- name: room_for_join
SELECT r.max_participants, r.current_participants,
       coalesce((SELECT m.is_active FROM room_participants m
                 WHERE m.room_id = r.id AND m.user_id = ?1), 0),
       EXISTS (SELECT 1 FROM room_bans b WHERE b.room_id = r.id AND b.user_id = ?1)
FROM chat_rooms r WHERE r.id = ?2 AND {room_visible}
  AND EXISTS (SELECT 1 FROM users me WHERE me.id = ?1 AND me.is_active = 1);

-- name: room_is_participant
SELECT 1 FROM room_participants WHERE room_id = ?1 AND user_id = ?2 AND is_active = 1;

-- name: room_enter
INSERT INTO room_participants (room_id, user_id, role, joined_at, last_activity)
VALUES (?1, ?2, ?3, ?4, ?4)
ON CONFLICT (room_id, user_id)
DO UPDATE SET is_active = 1, joined_at = excluded.joined_at, last_activity = excluded.last_activity;

-- Who comes again is a member; an owner who leaves a room with nobody in it stays its owner.
-- name: room_leave
UPDATE room_participants SET is_active = 0, last_activity = ?3,
	role = CASE role WHEN 'owner' THEN role ELSE 'member' END
WHERE room_id = ?1 AND user_id = ?2 AND is_active = 1;

-- It never moves back, nor beyond what there is.
-- name: room_read
UPDATE room_participants
SET read_seq = min(?3, (SELECT r.last_seq FROM chat_rooms r WHERE r.id = ?1))
WHERE room_id = ?1 AND user_id = ?2 AND is_active = 1
  AND read_seq < min(?3, (SELECT r.last_seq FROM chat_rooms r WHERE r.id = ?1));

-- name: room_reader
SELECT m.room_id, u.id, u.username, m.read_seq
FROM room_participants m JOIN users u ON u.id = m.user_id
WHERE m.room_id = ?1 AND m.user_id = ?2;

-- name: room_count_in
UPDATE chat_rooms SET current_participants = current_participants + ?2 WHERE id = ?1;

-- The default rooms are the realm's own; a second one of the same name is not made.
-- name: room_of_realm
SELECT id FROM chat_rooms WHERE created_by IS NULL AND name = ?1;

-- name: room_exists
SELECT 1 FROM chat_rooms r WHERE r.id = ?2 AND {room_visible};

-- --- who decides ---

-- name: room_rank
SELECT CASE role WHEN 'owner' THEN 2 WHEN 'moderator' THEN 1 ELSE 0 END
FROM room_participants WHERE room_id = ?1 AND user_id = ?2 AND is_active = 1;

-- name: room_set_role
UPDATE room_participants SET role = ?3 WHERE room_id = ?1 AND user_id = ?2;

-- Who decides after ?2 has left: of those there a moderator rather than a member, and who is there
-- longest.
-- name: room_successor
SELECT m.user_id FROM room_participants m CROSS JOIN users u ON u.id = m.user_id
WHERE m.room_id = ?1 AND m.is_active = 1 AND m.user_id <> ?2 AND u.is_active = 1
ORDER BY m.role = 'member', m.joined_at, m.user_id LIMIT 1;

-- name: room_invite
INSERT INTO room_invitations (room_id, user_id, invited_by, created_at)
SELECT ?1, ?2, ?3, ?4
WHERE NOT EXISTS (SELECT 1 FROM room_participants m
                  WHERE m.room_id = ?1 AND m.user_id = ?2 AND m.is_active = 1)
ON CONFLICT DO NOTHING;

-- name: room_uninvite
DELETE FROM room_invitations WHERE room_id = ?1 AND user_id = ?2;

-- Those that one of the two has from the other.
-- name: room_uninvite_between
DELETE FROM room_invitations
WHERE user_id IN (?1, ?2) AND invited_by = ?1 + ?2 - user_id;

-- name: room_uninvite_all
DELETE FROM room_invitations WHERE room_id = ?1;

-- The invitation of ?3 to ?2; who gave it is nobody for a viewer who may not know of them.
-- name: room_invitation
SELECT n.room_id, r.name, n.user_id, other.id, other.username, n.created_at
FROM room_invitations n CROSS JOIN chat_rooms r ON r.id = n.room_id
LEFT JOIN users other ON other.id = n.invited_by AND other.is_active = 1
  AND (other.id = ?1 OR {other_not_blocked})
WHERE n.room_id = ?2 AND n.user_id = ?3;

-- name: room_ban
INSERT INTO room_bans (room_id, user_id, banned_by, created_at) VALUES (?1, ?2, ?3, ?4)
ON CONFLICT DO NOTHING;

-- name: room_unban
DELETE FROM room_bans WHERE room_id = ?1 AND user_id = ?2;

-- ?2 says what is given: 1 the name, 2 the description, 4 the topic, 8 is_public, 16 the most.
-- name: room_update
UPDATE chat_rooms SET
	name = CASE WHEN ?2 & 1 THEN coalesce(?3, name) ELSE name END,
	description = CASE WHEN ?2 & 2 THEN ?4 ELSE description END,
	topic = CASE WHEN ?2 & 4 THEN ?5 ELSE topic END,
	is_public = CASE WHEN ?2 & 8 THEN ?6 ELSE is_public END,
	max_participants = CASE WHEN ?2 & 16 THEN ?7 ELSE max_participants END
WHERE id = ?1 AND (NOT ?2 & 16 OR current_participants <= ?7);

-- name: room_tell_removed
INSERT INTO realm_events (kind, user_id, created_at, data)
SELECT ?1, user_id, ?3, json_object('room_id', ?2)
FROM (SELECT user_id FROM room_participants WHERE room_id = ?2 AND is_active = 1
      UNION ALL SELECT user_id FROM room_invitations WHERE room_id = ?2);

-- name: room_empty
UPDATE room_participants SET is_active = 0, last_activity = ?2 WHERE room_id = ?1 AND is_active = 1;

-- name: room_delete
UPDATE chat_rooms SET is_public = 0, current_participants = 0, deleted_at = ?2 WHERE id = ?1;

-- The same for a private room that nobody is in or invited to: it would be seen by nobody ever again.
-- name: room_abandon
UPDATE chat_rooms SET deleted_at = ?2
WHERE id = ?1 AND is_public = 0 AND current_participants = 0
  AND NOT EXISTS (SELECT 1 FROM room_invitations n WHERE n.room_id = ?1);
