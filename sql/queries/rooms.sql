-- Rooms and their members.

-- The columns of a room's shapes, which follow its id. A user with a block does not appear as the
-- creator, and is not counted. The table `blocked` has the users of {blocked_users}; it is mostly empty,
-- and then a row costs half.
-- fragment: room_columns
{room_name} AS name, r.description, r.topic,
CASE WHEN NOT EXISTS (SELECT 1 FROM blocked) OR r.created_by NOT IN (SELECT user_id FROM blocked)
     THEN r.created_by END AS created_by,
r.created_at, r.is_public, r.max_participants,
r.current_participants - CASE WHEN EXISTS (SELECT 1 FROM blocked) THEN
	(SELECT count(*) FROM room_participants m
	 WHERE m.room_id = r.id AND m.user_id IN (SELECT user_id FROM blocked) AND m.is_active = 1)
	ELSE 0 END AS current_participants,
r.is_aeon_room, r.last_seq, {room_closed} AS is_closed, r.kind, {room_other} AS other

-- How much of the log of the room r the list of a user's rooms looks at: the newest 1,000 entries.
-- fragment: recent_seq
(r.last_seq - 1000)

-- The sender of the message s is shown. The table `blocked` has the users of {blocked_users}; it is mostly
-- empty, and then a row costs less.
-- fragment: sender_shown
(NOT EXISTS (SELECT 1 FROM blocked) OR s.sender_id NOT IN (SELECT user_id FROM blocked))

-- How many of the recent messages of others the member m of the room r has not read; 100: or more. It
-- counts what GET messages shows with a text.
-- fragment: unread_count
CASE WHEN m.read_seq < r.last_seq THEN
	(SELECT count(*)
	 FROM (SELECT 1 FROM real_time_messages s INDEXED BY real_time_messages_said
	       WHERE s.room_id = r.id AND s.deleted_at IS NULL AND s.seq > max(m.read_seq, {recent_seq})
	         AND s.sender_id <> :viewer AND {sender_shown}
	       LIMIT 100) x)
ELSE 0 END

-- How many recent messages that the member m of the room r has not read mention the member, or the whole room
-- since the member has joined; 100: or more.
-- fragment: mention_count
CASE WHEN m.read_seq < r.last_seq THEN
	(SELECT count(*)
	 FROM (SELECT 1 FROM message_mentions n CROSS JOIN real_time_messages s ON s.id = n.message_id
	       WHERE n.user_id = :viewer AND n.room_id = r.id AND n.seq > max(m.read_seq, {recent_seq})
	         AND s.deleted_at IS NULL AND {sender_shown}
	       UNION ALL
	       SELECT 1 FROM real_time_messages s INDEXED BY real_time_messages_to_room
	       WHERE s.room_id = r.id AND s.mentions_room = 1 AND s.seq > max(m.read_seq, {recent_seq})
	         AND s.timestamp >= m.joined_at AND s.sender_id <> :viewer AND s.deleted_at IS NULL AND {sender_shown}
	         AND NOT EXISTS (SELECT 1 FROM message_mentions n WHERE n.user_id = :viewer AND n.message_id = s.id)
	       LIMIT 100) x)
ELSE 0 END

-- The message s of `sender` in the list of a user's rooms.
-- fragment: said_last
json_object('message_id', s.id, 'sender_id', s.sender_id, 'sender_name', sender.username,
	'sender_full_name', sender.full_name,
	'excerpt', {message_excerpt},
	'at', strftime('%Y-%m-%dT%H:%M:%S', s.timestamp / 1000000, 'unixepoch') || printf('.%06dZ', s.timestamp % 1000000),
	'is_aeon', json(CASE s.is_aeon_message WHEN 1 THEN 'true' ELSE 'false' END))

-- name: room_insert :exec
-- takes: id text, name text, description text, topic text, creator int, now time, is_public bool,
-- takes: max_participants int, is_aeon_room bool
INSERT INTO chat_rooms (id, name, description, topic, created_by, created_at, is_public,
                        max_participants, is_aeon_room)
VALUES (:id, :name, :description, :topic, nullif(:creator, 0), :now, :is_public, :max_participants, :is_aeon_room);

-- Public rooms, other rooms of the viewer, and private rooms with an invitation, newest first:
-- ordered walks that are merged, so that what a filter excludes costs nothing. They merge no more than
-- numbers, and only the rooms of the page are read. The + keeps SQLite from walking all private rooms
-- for each row.
-- name: rooms_visible :page room_summary
-- takes: viewer int, is_public int, is_aeon int, joined int, before text, limit int
WITH blocked (user_id) AS MATERIALIZED ({blocked_users})
SELECT r.id, {room_columns}
FROM (
	SELECT r.id AS room_id, r.number FROM chat_rooms r
	WHERE r.is_public = 1 AND r.is_aeon_room = 0 AND r.id < :before AND :is_public <> 0 AND :is_aeon <= 0
	  AND :joined <= 0 AND NOT (:joined = 0 AND {room_joined})
	UNION ALL
	SELECT r.id, r.number FROM chat_rooms r
	WHERE r.is_public = 1 AND r.is_aeon_room = 1 AND r.id < :before AND :is_public <> 0 AND :is_aeon <> 0
	  AND :joined <= 0 AND NOT (:joined = 0 AND {room_joined})
	UNION ALL
	SELECT m.room_id, r.number
	FROM room_participants m
	CROSS JOIN chat_rooms r ON r.id = m.room_id AND +r.is_public IN (0, :joined = 1)
	WHERE m.user_id = :viewer AND m.is_active = 1 AND m.room_id < :before AND :joined <> 0
	  AND (:is_public < 0 OR r.is_public = :is_public) AND (:is_aeon < 0 OR r.is_aeon_room = :is_aeon)
	UNION ALL
	SELECT n.room_id, r.number
	FROM room_invitations n
	CROSS JOIN chat_rooms r ON r.id = n.room_id AND +r.is_public = 0
	WHERE n.user_id = :viewer AND n.room_id < :before AND :is_public <= 0 AND :joined <= 0
	  AND (:is_aeon < 0 OR r.is_aeon_room = :is_aeon)
	ORDER BY 1 DESC LIMIT :limit
) x
CROSS JOIN chat_rooms r ON r.number = x.number
ORDER BY x.room_id DESC;

-- Rooms with words in name or topic that begin with the words, newest first.
-- name: rooms_found :page room_summary
-- takes: viewer int, is_public int, is_aeon int, joined int, before int, limit int, words text
-- engine: sqlite
WITH blocked (user_id) AS MATERIALIZED ({blocked_users})
SELECT r.id, {room_columns}, r.number AS page_key
FROM room_text f CROSS JOIN chat_rooms r ON r.number = f.rowid
WHERE f.room_text MATCH :words AND f.rowid < :before AND {room_visible}
  AND (:is_public < 0 OR r.is_public = :is_public) AND (:is_aeon < 0 OR r.is_aeon_room = :is_aeon)
  AND (:joined < 0 OR (:joined = 1) = {room_joined})
ORDER BY f.rowid DESC LIMIT :limit;

-- The viewer's rooms by activity, the latest first: by the last recent message that is shown to the viewer,
-- or else by the room's beginning. Ids sort by time, so that of the message or of the room is the order. Rooms
-- and messages are joined by their row numbers, since a look-up of an id of 36 letters costs several times as much.
-- name: rooms_by_activity :page my_room
-- takes: viewer int, now time, is_public int, is_aeon int, before text, limit int
-- engine: sqlite
WITH blocked (user_id) AS MATERIALIZED ({blocked_users}),
mine AS MATERIALIZED (
	SELECT r.number, m.role, m.joined_at, m.read_seq, m.muted_until, m.notify, s.rowid AS said,
	       coalesce(s.id, r.id) AS activity
	FROM room_participants m CROSS JOIN chat_rooms r ON r.id = m.room_id
	LEFT JOIN real_time_messages s ON s.rowid = (
		SELECT s.rowid FROM real_time_messages s INDEXED BY real_time_messages_said
		WHERE s.room_id = r.id AND s.deleted_at IS NULL AND s.seq > {recent_seq} AND {sender_shown}
		ORDER BY s.seq DESC LIMIT 1)
	WHERE m.user_id = :viewer AND m.is_active = 1
	  AND (:is_public < 0 OR r.is_public = :is_public) AND (:is_aeon < 0 OR r.is_aeon_room = :is_aeon)
)
SELECT r.id, {room_columns}, m.role AS my_role, m.read_seq,
       CASE WHEN m.muted_until > :now THEN m.muted_until END AS muted_until, m.notify,
       {unread_count} AS unread, {mention_count} AS mentions,
       (SELECT count(*) FROM real_time_messages s
        WHERE s.room_id = r.id AND s.pinned_at IS NOT NULL AND {sender_shown})
         AS pins,
       CASE WHEN s.id IS NOT NULL THEN {said_last} END AS last, m.activity AS page_key
FROM (SELECT number, role, joined_at, read_seq, muted_until, notify, said, activity FROM mine
      WHERE activity < :before ORDER BY activity DESC LIMIT :limit) m
CROSS JOIN chat_rooms r ON r.number = m.number
LEFT JOIN real_time_messages s ON s.rowid = m.said
LEFT JOIN users sender ON sender.id = s.sender_id
ORDER BY m.activity DESC;

-- The invitations of the viewer, the newest first. A page begins behind "created_at/room_id".
-- name: room_invitations_of :page room_invitation
-- takes: viewer int, after text, limit int
SELECT n.room_id, r.name, n.user_id, other.id AS invited_by, other.username, {person_names}, n.created_at,
       n.created_at || '/' || n.room_id AS page_key
FROM room_invitations n CROSS JOIN chat_rooms r ON r.id = n.room_id
LEFT JOIN users other ON other.id = n.invited_by AND other.is_active = 1 AND {other_not_blocked}
WHERE n.user_id = :viewer
  AND (:after IS NULL OR (n.created_at, n.room_id) < (CAST(:after AS INTEGER), substr(:after, instr(:after, '/') + 1)))
ORDER BY n.created_at DESC, n.room_id DESC LIMIT :limit;

-- name: room_visible :object room
-- takes: viewer int, room text, now time
WITH blocked (user_id) AS MATERIALIZED ({blocked_users})
SELECT r.id, {room_columns},
       mine.role AS my_role, CASE WHEN mine.muted_until > :now THEN mine.muted_until END AS muted_until,
       mine.notify, r.current_participants > 1000 AS more_participants
FROM chat_rooms r
LEFT JOIN room_participants mine ON mine.room_id = r.id AND mine.user_id = :viewer AND mine.is_active = 1
WHERE r.id = :room AND {room_visible};

-- What a member is told of a room when it joins.
-- name: room_info :object room_info
-- takes: viewer int, room text
WITH blocked (user_id) AS MATERIALIZED ({blocked_users})
SELECT r.id AS room_id, {room_columns} FROM chat_rooms r WHERE r.id = :room AND {room_visible};

-- name: room_settings :object room_settings
-- takes: room text
SELECT r.id, r.name, r.description, r.topic, r.is_public, r.max_participants, r.is_aeon_room,
       {room_closed} AS is_closed
FROM chat_rooms r WHERE r.id = :room;

-- The member m of a room, who is `other`.
-- fragment: participant_columns
other.id AS user_id, other.username, {person_names},
CASE WHEN {other_presence_visible} THEN {live_status} ELSE 'offline' END AS status,
CASE WHEN {other_presence_visible} THEN p.last_seen END AS last_seen,
CASE WHEN {other_presence_visible} THEN {live_room} END AS current_room,
EXISTS (SELECT 1 FROM room_twins x WHERE x.room_id = m.room_id AND x.user_id = m.user_id) AS is_aeon,
m.role, m.read_seq

-- A viewer who is not in the room sees only members that the viewer may know.
-- fragment: participant_shown
m.is_active = 1 AND other.is_active = 1 AND (other.id = :viewer OR {other_not_blocked})
AND (EXISTS (SELECT 1 FROM room_participants me
             WHERE me.room_id = :room AND me.user_id = :viewer AND me.is_active = 1)
     OR {other_known})

-- The first members of the room, in the order of joining.
-- name: room_participants :list room_participant
-- takes: viewer int, now time, room text
SELECT {participant_columns}
FROM room_participants m
JOIN users other ON other.id = m.user_id
LEFT JOIN user_presence p ON p.user_id = m.user_id
WHERE m.room_id = :room AND {participant_shown}
ORDER BY m.joined_at LIMIT 1000;

-- Members by name, the highest id first: each of the words begins a word of the name.
-- name: room_members :page room_participant
-- takes: viewer int, now time, room text, words json, before int, limit int
SELECT {participant_columns}
FROM room_participants m
CROSS JOIN users other ON other.id = m.user_id
LEFT JOIN user_presence p ON p.user_id = m.user_id
WHERE m.room_id = :room AND m.user_id < :before AND {participant_shown}
  AND NOT EXISTS (SELECT 1 FROM json_each(:words) w
                  WHERE NOT EXISTS (SELECT 1 FROM user_words u
                                    WHERE u.user_id = m.user_id AND u.word >= w.value
                                      AND u.word < w.value || char(1114111)))
ORDER BY m.user_id DESC LIMIT :limit;

-- The pinned messages of the room, newest pin first.
-- name: room_pins :list room_pin
-- takes: viewer int, room text
SELECT s.id AS message_id, s.seq, other.id AS sender_id, other.username AS sender_name,
       other.full_name AS sender_full_name, {message_line} AS content,
       s.pinned_at
FROM chat_rooms r
JOIN real_time_messages s ON s.room_id = r.id AND s.pinned_at IS NOT NULL
JOIN users other ON other.id = s.sender_id
WHERE r.id = :room AND {room_readable} AND {other_not_blocked}
ORDER BY s.pinned_at DESC;

-- The members of one of the viewer's rooms, after the user :after.
-- name: room_co_members :objects room_co_member
-- takes: viewer int, now time, room text, after int, limit int
SELECT other.id AS user_id, other.username, {person_names}, m.room_id, m.joined_at, m.read_seq,
       CASE WHEN {other_presence_visible} THEN {live_status} ELSE 'offline' END AS status,
       CASE WHEN {other_presence_visible} THEN {live_room} END AS current_room, other.id AS key
FROM room_participants m
CROSS JOIN users other ON other.id = m.user_id
LEFT JOIN user_presence p ON p.user_id = other.id
WHERE m.room_id = :room AND m.user_id > :after AND m.is_active = 1 AND other.is_active = 1
  AND (other.id = :viewer OR {other_not_blocked})
ORDER BY m.user_id LIMIT :limit;

-- What others learn of a user who joins or leaves.
-- name: room_member :object room_member
-- takes: user int, room text
SELECT other.id AS user_id, other.username, {person_names}, :room AS room_id FROM users other WHERE other.id = :user;

-- name: rooms_of_user :each
-- takes: user int
-- gives: room text
SELECT room_id AS room FROM room_participants WHERE user_id = :user AND is_active = 1 ORDER BY room_id;

-- Whether a room of the user may have messages of the other user, who is or was in it.
-- name: rooms_heard :one
-- takes: user int, other int
SELECT 1 FROM room_participants m
CROSS JOIN room_participants o ON o.room_id = m.room_id AND o.user_id = :other
WHERE m.user_id = :user AND m.is_active = 1 LIMIT 1;

-- What a join needs to know.
-- name: room_for_join :one
-- takes: viewer int, room text
-- gives: max_participants int, current_participants int, inside bool, banned bool
SELECT r.max_participants, r.current_participants,
       coalesce((SELECT m.is_active FROM room_participants m
                 WHERE m.room_id = r.id AND m.user_id = :viewer), 0) AS inside,
       EXISTS (SELECT 1 FROM room_bans b WHERE b.room_id = r.id AND b.user_id = :viewer) AS banned
FROM chat_rooms r WHERE r.id = :room AND {room_visible}
  AND EXISTS (SELECT 1 FROM users me WHERE me.id = :viewer AND me.is_active = 1);

-- name: room_is_participant :one
-- takes: room text, user int
SELECT 1 FROM room_participants WHERE room_id = :room AND user_id = :user AND is_active = 1;

-- name: room_enter :exec
-- takes: room text, user int, role text, now time
INSERT INTO room_participants (room_id, user_id, role, joined_at, last_activity)
VALUES (:room, :user, :role, :now, :now)
ON CONFLICT (room_id, user_id)
DO UPDATE SET is_active = 1, joined_at = excluded.joined_at, last_activity = excluded.last_activity;

-- A user who joins again is a member; an owner who leaves an empty room stays its owner.
-- name: room_leave :exec
-- takes: room text, user int, now time
UPDATE room_participants SET is_active = 0, last_activity = :now, muted_until = NULL, notify = 'mentions',
	role = CASE role WHEN 'owner' THEN role ELSE 'member' END
WHERE room_id = :room AND user_id = :user AND is_active = 1;

-- Returns 0 when nothing changes. until 0: not muted.
-- name: room_mute :exec
-- takes: room text, user int, until time
UPDATE room_participants SET muted_until = nullif(:until, 0)
WHERE room_id = :room AND user_id = :user AND is_active = 1
  AND muted_until IS DISTINCT FROM nullif(:until, 0);

-- Returns 0 when nothing changes.
-- name: room_set_notify :exec
-- takes: room text, user int, notify text
UPDATE room_participants SET notify = :notify
WHERE room_id = :room AND user_id = :user AND is_active = 1 AND notify <> :notify;

-- name: room_muted :object room_mute
-- takes: room text, user int, now time
SELECT room_id, CASE WHEN muted_until > :now THEN muted_until END AS muted_until, notify
FROM room_participants WHERE room_id = :room AND user_id = :user AND is_active = 1;

-- The read marker moves back only with :back, and never beyond the last entry.
-- name: room_read :exec
-- takes: room text, user int, seq int, back bool
UPDATE room_participants
SET read_seq = min(:seq, (SELECT r.last_seq FROM chat_rooms r WHERE r.id = :room))
WHERE room_id = :room AND user_id = :user AND is_active = 1
  AND (read_seq < min(:seq, (SELECT r.last_seq FROM chat_rooms r WHERE r.id = :room))
       OR (:back = 1 AND read_seq > :seq));

-- name: room_reader :object read_marker
-- takes: room text, user int
SELECT m.room_id, other.id AS user_id, other.username, {person_names}, m.read_seq AS up_to_seq
FROM room_participants m JOIN users other ON other.id = m.user_id
WHERE m.room_id = :room AND m.user_id = :user;

-- name: room_count_in :exec
-- takes: room text, change int
UPDATE chat_rooms SET current_participants = current_participants + :change WHERE id = :room;

-- The default rooms belong to the realm; there is one of each name.
-- name: room_of_realm :one
-- takes: name text
-- gives: room text
SELECT id AS room FROM chat_rooms WHERE created_by IS NULL AND name = :name;

-- name: room_exists :one
-- takes: viewer int, room text
SELECT 1 FROM chat_rooms r WHERE r.id = :room AND {room_visible};

-- --- moderation ---

-- name: room_rank :one
-- takes: room text, user int
-- gives: rank int
SELECT CASE role WHEN 'owner' THEN 2 WHEN 'moderator' THEN 1 ELSE 0 END AS rank
FROM room_participants WHERE room_id = :room AND user_id = :user AND is_active = 1;

-- Whether the user acts as the owner of a room that has none who could.
-- name: room_administered :one
-- takes: viewer int, room text, now time
SELECT 1 FROM chat_rooms r
WHERE r.id = :room AND r.kind = 'room' AND {room_readable} AND {room_ownerless}
  AND EXISTS (SELECT 1 FROM users me
              WHERE me.id = :viewer AND me.is_active = 1 AND me.role IN ('owner', 'admin'));

-- A room without an owner gets the successor.
-- name: room_give_owner :exec
-- takes: room text
UPDATE room_participants SET role = 'owner'
WHERE room_id = :room AND EXISTS (SELECT 1 FROM chat_rooms r WHERE r.id = :room AND r.kind = 'room')
  AND NOT EXISTS (SELECT 1 FROM room_participants o
                  WHERE o.room_id = :room AND o.is_active = 1 AND o.role = 'owner')
  AND user_id = (SELECT m.user_id FROM room_participants m CROSS JOIN users u ON u.id = m.user_id
                 WHERE m.room_id = :room AND m.is_active = 1 AND u.is_active = 1
                 ORDER BY m.role = 'member', m.joined_at, m.user_id LIMIT 1);

-- name: room_is_closed :one
-- takes: room text
SELECT 1 FROM chat_rooms r WHERE r.id = :room AND {room_closed};

-- Returns 0 when nothing changes.
-- name: room_close :exec
-- takes: room text, closed bool, now time
UPDATE chat_rooms SET closed_at = CASE WHEN :closed = 1 THEN :now END
WHERE id = :room AND (closed_at IS NOT NULL) <> :closed;

-- name: room_set_role :exec
-- takes: room text, user int, role text
UPDATE room_participants SET role = :role WHERE room_id = :room AND user_id = :user;

-- The next owner when the user leaves: of the members a moderator first, then who joined first.
-- name: room_successor :one
-- takes: room text, user int
-- gives: successor int
SELECT m.user_id AS successor FROM room_participants m CROSS JOIN users u ON u.id = m.user_id
WHERE m.room_id = :room AND m.is_active = 1 AND m.user_id <> :user AND u.is_active = 1
ORDER BY m.role = 'member', m.joined_at, m.user_id LIMIT 1;

-- name: room_invite :exec
-- takes: room text, user int, inviter int, now time
INSERT INTO room_invitations (room_id, user_id, invited_by, created_at)
SELECT :room, :user, :inviter, :now
WHERE NOT EXISTS (SELECT 1 FROM room_participants m
                  WHERE m.room_id = :room AND m.user_id = :user AND m.is_active = 1)
ON CONFLICT DO NOTHING;

-- name: room_uninvite :exec
-- takes: room text, user int
DELETE FROM room_invitations WHERE room_id = :room AND user_id = :user;

-- Tells the invited users that room_uninvite_by ends their invitations.
-- name: room_tell_uninvited :exec
-- takes: kind text, inviter int, user int, now time
INSERT INTO realm_events (kind, user_id, created_at, data)
SELECT :kind, user_id, :now, json_object('room_id', room_id) FROM room_invitations
WHERE invited_by = :inviter AND :user IN (0, user_id)
ORDER BY room_id, user_id;

-- The invitations by a user; with a :user that is not 0, those to that user alone.
-- name: room_uninvite_by :exec
-- takes: inviter int, user int
DELETE FROM room_invitations WHERE invited_by = :inviter AND :user IN (0, user_id);

-- name: room_uninvite_all :exec
-- takes: room text
DELETE FROM room_invitations WHERE room_id = :room;

-- The user's invitation to the room. The inviter is NULL if hidden from the viewer.
-- name: room_invitation :object room_invitation
-- takes: viewer int, room text, user int
SELECT n.room_id, r.name, n.user_id, other.id AS invited_by, other.username, {person_names}, n.created_at
FROM room_invitations n CROSS JOIN chat_rooms r ON r.id = n.room_id
LEFT JOIN users other ON other.id = n.invited_by AND other.is_active = 1
  AND (other.id = :viewer OR {other_not_blocked})
WHERE n.room_id = :room AND n.user_id = :user;

-- The users who are invited to the room, as a moderator sees them.
-- name: room_guests :page room_guest
-- takes: viewer int, room text, before int, limit int
SELECT other.id AS user_id, other.username, {person_names}, inviter.id AS invited_by,
       inviter.username AS invited_by_name, inviter.full_name AS invited_by_full_name, x.created_at
FROM room_invitations x CROSS JOIN users other ON other.id = x.user_id
LEFT JOIN users inviter ON inviter.id = x.invited_by AND inviter.is_active = 1
  AND inviter.id NOT IN ({blocked_users})
WHERE x.room_id = :room AND x.user_id < :before AND other.is_active = 1 AND {other_not_blocked}
ORDER BY x.user_id DESC LIMIT :limit;

-- The user that the viewer may ban.
-- name: room_bannable :one
-- takes: viewer int, room text, user int
SELECT 1 FROM users other WHERE other.id = :user AND {other_bannable};

-- name: room_ban :exec
-- takes: room text, user int, banned_by int, now time
INSERT INTO room_bans (room_id, user_id, banned_by, created_at) VALUES (:room, :user, :banned_by, :now)
ON CONFLICT DO NOTHING;

-- name: room_unban :exec
-- takes: room text, user int
DELETE FROM room_bans WHERE room_id = :room AND user_id = :user;

-- name: room_bans :page room_ban
-- takes: viewer int, room text, before int, limit int
SELECT other.id AS user_id, other.username, {person_names}, banner.id AS banned_by,
       banner.username AS banned_by_name, banner.full_name AS banned_by_full_name, x.created_at
FROM room_bans x CROSS JOIN users other ON other.id = x.user_id
LEFT JOIN users banner ON banner.id = x.banned_by AND banner.is_active = 1
  AND banner.id NOT IN ({blocked_users})
WHERE x.room_id = :room AND x.user_id < :before AND {other_bannable}
ORDER BY x.user_id DESC LIMIT :limit;

-- :given says what changes: 1 the name, 2 the description, 4 the topic, 8 is_public, 16
-- max_participants.
-- name: room_update :exec
-- takes: room text, given int, name text, description text, topic text, is_public bool,
-- takes: max_participants int
UPDATE chat_rooms SET
	name = CASE WHEN :given & 1 <> 0 THEN coalesce(:name, name) ELSE name END,
	description = CASE WHEN :given & 2 <> 0 THEN :description ELSE description END,
	topic = CASE WHEN :given & 4 <> 0 THEN :topic ELSE topic END,
	is_public = CASE WHEN :given & 8 <> 0 THEN :is_public ELSE is_public END,
	max_participants = CASE WHEN :given & 16 <> 0 THEN :max_participants ELSE max_participants END
WHERE id = :room AND (:given & 16 = 0 OR current_participants <= :max_participants);

-- name: room_tell_removed :exec
-- takes: kind text, room text, now time
INSERT INTO realm_events (kind, user_id, created_at, data)
SELECT :kind, user_id, :now, json_object('room_id', :room)
FROM (SELECT user_id FROM room_participants WHERE room_id = :room AND is_active = 1
      UNION ALL SELECT user_id FROM room_invitations WHERE room_id = :room) told;

-- name: room_empty :exec
-- takes: room text, now time
UPDATE room_participants SET is_active = 0, last_activity = :now WHERE room_id = :room AND is_active = 1;

-- name: room_delete :exec
-- takes: room text, now time
UPDATE chat_rooms SET is_public = 0, current_participants = 0, deleted_at = :now WHERE id = :room;

-- Deletes a private room without members and invitations, which nobody could see again. A direct room can be
-- opened again.
-- name: room_abandon :exec
-- takes: room text, now time
UPDATE chat_rooms SET deleted_at = :now
WHERE id = :room AND is_public = 0 AND current_participants = 0 AND members_key IS NULL
  AND NOT EXISTS (SELECT 1 FROM room_invitations n WHERE n.room_id = :room);
