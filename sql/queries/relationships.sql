-- Relationships: one row from a user to another.

-- name: relationship_put
INSERT INTO user_relationships (user_id, related_user_id, relationship_type, strength, created_at,
                                last_interaction, shared_interests, meta_data)
VALUES (?1, ?2, ?3, ?4, ?5, ?5, ?6, ?7)
ON CONFLICT (user_id, related_user_id)
DO UPDATE SET relationship_type = excluded.relationship_type, strength = excluded.strength,
	last_interaction = excluded.last_interaction, interaction_count = interaction_count + 1,
	shared_interests = excluded.shared_interests, meta_data = excluded.meta_data;

-- Whether one of the two has blocked the other.
-- name: relationship_blocked
SELECT 1 FROM user_relationships
WHERE user_id = ?1 AND related_user_id = ?2 AND relationship_type = 'blocked'
UNION ALL
SELECT 1 FROM user_relationships
WHERE user_id = ?2 AND related_user_id = ?1 AND relationship_type = 'blocked';

-- Whom the viewer has blocked, or was blocked by.
-- name: relationships_blocked
{blocked_users};

-- ?3 says what is given: 1 the type, 2 the strength, 4 the interests, 8 the rest.
-- name: relationship_update
UPDATE user_relationships AS x SET
	relationship_type = CASE WHEN ?3 & 1 THEN coalesce(?4, relationship_type)
	                         ELSE relationship_type END,
	strength = CASE WHEN ?3 & 2 THEN ?5 ELSE strength END,
	last_interaction = CASE WHEN ?3 & 2 THEN ?8 ELSE last_interaction END,
	shared_interests = CASE WHEN ?3 & 4 THEN ?6 ELSE shared_interests END,
	meta_data = CASE WHEN ?3 & 8 THEN ?7 ELSE meta_data END
WHERE x.user_id = ?1 AND x.related_user_id = ?2 AND {related_exists};

-- name: relationship_delete
DELETE FROM user_relationships AS x
WHERE x.user_id = ?1 AND x.related_user_id = ?2 AND {related_exists};

-- Something happened between the two: what each is to the other, if anything, is by a twentieth
-- closer to 1. Nothing happens between two of whom one has blocked the other.
-- name: relationship_nudge
UPDATE user_relationships AS x SET
	strength = {strength_now} + (1 - {strength_now}) * 0.05,
	last_interaction = ?3, interaction_count = interaction_count + 1
WHERE x.user_id IN (?1, ?2) AND x.related_user_id = ?1 + ?2 - x.user_id
  AND NOT EXISTS (SELECT 1 FROM user_relationships b
                  WHERE b.user_id IN (?1, ?2) AND b.related_user_id = ?1 + ?2 - b.user_id
                    AND b.relationship_type = 'blocked');

-- Whether the relationships of ?2 are shown to the viewer; no row: there is no such user.
-- name: relationships_open
SELECT other.id = ?1 OR other.privacy_relationships = 'everyone'
       OR (other.privacy_relationships = 'friends' AND {other_is_friend})
FROM users other WHERE other.id = ?2 AND other.is_active = 1
  AND (other.id = ?1 OR {other_not_blocked});

-- Those of ?2, to people who exist for the viewer; whom somebody has blocked is nobody else's matter,
-- nor are notes.
-- name: relationships_of
SELECT {relationship_shown_columns}
FROM user_relationships x JOIN users other ON other.id = x.related_user_id
WHERE x.user_id = ?2 AND x.id < ?4 AND (?3 IS NULL OR x.relationship_type = ?3)
  AND x.relationship_type <> 'blocked' AND other.is_active = 1
  AND (other.id = ?1 OR {other_not_blocked})
ORDER BY x.id DESC LIMIT ?5;

-- name: relationship_exists
SELECT 1 FROM user_relationships WHERE user_id = ?1 AND related_user_id = ?2;

-- Somebody the viewer can relate to: who has blocked the viewer does not exist; whom the viewer
-- has blocked does, or a block could never be lifted.
-- name: relationship_target
SELECT u.id FROM users u WHERE u.id = ?2 AND u.is_active = 1
  AND NOT EXISTS (SELECT 1 FROM user_relationships b WHERE b.user_id = u.id
                  AND b.related_user_id = ?1 AND b.relationship_type = 'blocked');

-- name: relationship_one
SELECT {relationship_columns} FROM user_relationships x JOIN users other ON other.id = x.related_user_id
WHERE x.user_id = ?1 AND x.related_user_id = ?2 AND {related_exists};

-- The viewer's own; who has blocked the viewer is not among them.
-- name: relationships_mine
SELECT {relationship_columns} FROM user_relationships x JOIN users other ON other.id = x.related_user_id
WHERE x.user_id = ?1 AND x.id < ?3 AND (?2 IS NULL OR x.relationship_type = ?2)
  AND {related_exists}
ORDER BY x.id DESC LIMIT ?4;
