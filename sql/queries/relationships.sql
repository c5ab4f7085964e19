-- Relationships: one row from a user to another.

-- name: relationship_put :one
-- takes: user int, related int, type text, strength real, now time, interests json, meta_data json
-- gives: is_new bool
INSERT INTO user_relationships (user_id, related_user_id, relationship_type, strength, created_at,
                                last_interaction, shared_interests, meta_data)
VALUES (:user, :related, :type, :strength, :now, :now, :interests, :meta_data)
ON CONFLICT (user_id, related_user_id)
DO UPDATE SET relationship_type = excluded.relationship_type, strength = excluded.strength,
	last_interaction = excluded.last_interaction, interaction_count = user_relationships.interaction_count + 1,
	shared_interests = excluded.shared_interests, meta_data = excluded.meta_data
RETURNING interaction_count = 1 AS is_new;

-- Whether one of the two users has blocked the other.
-- name: relationship_blocked :one
-- takes: user int, other int
SELECT 1 FROM user_relationships
WHERE user_id = :user AND related_user_id = :other AND relationship_type = 'blocked'
UNION ALL
SELECT 1 FROM user_relationships
WHERE user_id = :other AND related_user_id = :user AND relationship_type = 'blocked';

-- Users who have a block with the viewer.
-- name: relationships_blocked :each
-- takes: viewer int
-- gives: user int
SELECT b.user_id AS user FROM ({blocked_users}) b;

-- :given says what changes: 1 the type, 2 the strength, 4 the interests, 8 meta_data.
-- name: relationship_update :exec
-- takes: viewer int, related int, given int, type text, strength real, interests json,
-- takes: meta_data json, now time
UPDATE user_relationships AS x SET
	relationship_type = CASE WHEN :given & 1 <> 0 THEN coalesce(:type, relationship_type)
	                         ELSE relationship_type END,
	strength = CASE WHEN :given & 2 <> 0 THEN :strength ELSE strength END,
	last_interaction = CASE WHEN :given & 2 <> 0 THEN :now ELSE last_interaction END,
	shared_interests = CASE WHEN :given & 4 <> 0 THEN :interests ELSE shared_interests END,
	meta_data = CASE WHEN :given & 8 <> 0 THEN :meta_data ELSE meta_data END
WHERE x.user_id = :viewer AND x.related_user_id = :related AND {related_exists};

-- name: relationship_delete :exec
-- takes: viewer int, related int
DELETE FROM user_relationships AS x
WHERE x.user_id = :viewer AND x.related_user_id = :related AND {related_exists};

-- The two users have interacted: each relationship between them moves a twentieth of the way to 1.
-- With a block between them nothing changes.
-- name: relationship_nudge :exec
-- takes: one int, other int, now time
UPDATE user_relationships AS x SET
	strength = {strength_now} + (1 - {strength_now}) * 0.05,
	last_interaction = :now, interaction_count = interaction_count + 1
WHERE x.user_id IN (:one, :other) AND x.related_user_id = :one + :other - x.user_id
  AND NOT EXISTS (SELECT 1 FROM user_relationships b
                  WHERE b.user_id IN (:one, :other) AND b.related_user_id = :one + :other - b.user_id
                    AND b.relationship_type = 'blocked');

-- Whether the viewer may see the user's relationships; no row: there is no such user.
-- name: relationships_open :one
-- takes: viewer int, user int
-- gives: open bool
SELECT other.id = :viewer OR other.privacy_relationships = 'everyone'
       OR (other.privacy_relationships = 'friends' AND {other_is_friend}) AS open
FROM users other WHERE other.id = :user AND other.is_active = 1
  AND (other.id = :viewer OR ({other_not_blocked} AND {other_known}));

-- The relationships of the user, to users who exist for the viewer. Blocks and notes of another
-- user are private.
-- name: relationships_of :page relationship
-- takes: viewer int, user int, type text, before int, limit int, now time
SELECT {relationship_shown_columns}
FROM user_relationships x JOIN users other ON other.id = x.related_user_id
WHERE x.user_id = :user AND x.id < :before AND (:type IS NULL OR x.relationship_type = :type)
  AND x.relationship_type <> 'blocked' AND other.is_active = 1
  AND (other.id = :viewer OR ({other_not_blocked} AND {other_known}))
ORDER BY x.id DESC LIMIT :limit;

-- A user for a new or existing relationship of the viewer. A user who has blocked the viewer does not
-- exist. A user blocked by the viewer exists, so that the viewer can remove the block.
-- name: relationship_target :one
-- takes: viewer int, user int
SELECT 1 FROM users other WHERE other.id = :user AND other.is_active = 1
  AND NOT EXISTS (SELECT 1 FROM user_relationships b WHERE b.user_id = other.id
                  AND b.related_user_id = :viewer AND b.relationship_type = 'blocked')
  AND {other_known};

-- name: relationship_one :object relationship
-- takes: viewer int, related int, now time
SELECT {relationship_columns} FROM user_relationships x JOIN users other ON other.id = x.related_user_id
WHERE x.user_id = :viewer AND x.related_user_id = :related AND {related_exists};

-- The viewer's relationships, without users who have blocked the viewer.
-- name: relationships_mine :page relationship
-- takes: viewer int, type text, before int, limit int, now time
SELECT {relationship_columns} FROM user_relationships x JOIN users other ON other.id = x.related_user_id
WHERE x.user_id = :viewer AND x.id < :before AND (:type IS NULL OR x.relationship_type = :type)
  AND {related_exists}
ORDER BY x.id DESC LIMIT :limit;
