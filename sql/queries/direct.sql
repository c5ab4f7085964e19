-- Direct rooms and groups: see lib/realm/direct.h.

-- A deleted room has no key.
-- name: direct_room :one
-- takes: members text
-- gives: room text, is_closed bool
SELECT r.id AS room, r.closed_at IS NOT NULL OR r.removed_at IS NOT NULL AS is_closed
FROM chat_rooms r WHERE r.members_key = :members;

-- A user that the viewer may name, and whether the viewer may address that user. :met: they have been in a room.
-- name: direct_other :one
-- takes: viewer int, user int, met bool
-- gives: open bool
SELECT {other_contact_open} AS open FROM users other
WHERE other.id = :user AND other.is_active = 1 AND {other_not_blocked} AND (:met = 1 OR {other_known});

-- name: direct_insert :exec
-- takes: id text, creator int, now time, kind text, members text, max_participants int
INSERT INTO chat_rooms (id, name, created_by, created_at, is_public, max_participants, kind, members_key)
VALUES (:id, '-', :creator, :now, 0, :max_participants, :kind, :members);

-- The members of the user's direct rooms and groups, which name the user.
-- name: direct_others :each
-- takes: user int
-- gives: other int
SELECT DISTINCT o.user_id AS other
FROM room_participants m
CROSS JOIN chat_rooms r ON r.id = m.room_id AND r.kind <> 'room'
CROSS JOIN room_participants o ON o.room_id = r.id AND o.is_active = 1 AND o.user_id <> :user
WHERE m.user_id = :user AND m.is_active IN (0, 1) ORDER BY 1;

-- Those rooms lose their key; those without a member are deleted.
-- name: direct_forget :exec
-- takes: user int, now time
UPDATE chat_rooms SET members_key = NULL,
	deleted_at = CASE WHEN current_participants = 0 AND removed_at IS NULL THEN :now ELSE deleted_at END
WHERE members_key IS NOT NULL
  AND id IN (SELECT m.room_id FROM room_participants m WHERE m.user_id = :user AND m.is_active IN (0, 1));
