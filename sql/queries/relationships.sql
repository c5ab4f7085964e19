-- Relationships: one row from a user to another.

-- name: relationship_put
INSERT INTO user_relationships (user_id, related_user_id, relationship_type, strength, created_at,
                                last_interaction, shared_interests, meta_data)
VALUES (?1, ?2, ?3, ?4, ?5, ?5, ?6, ?7)
ON CONFLICT (user_id, related_user_id)
DO UPDATE SET relationship_type = excluded.relationship_type, strength = excluded.strength,
	last_interaction = excluded.last_interaction, interaction_count = interaction_count + 1,
	shared_interests = excluded.shared_interests, meta_data = excluded.meta_data;

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
WHERE x.user_id = ?1 AND x.related_user_id = ?2;

-- The viewer's own; who has blocked the viewer is not among them.
-- name: relationships_mine
SELECT {relationship_columns} FROM user_relationships x JOIN users other ON other.id = x.related_user_id
WHERE x.user_id = ?1 AND x.id < ?3 AND (?2 IS NULL OR x.relationship_type = ?2)
  AND NOT EXISTS (SELECT 1 FROM user_relationships b WHERE b.user_id = other.id
                  AND b.related_user_id = ?1 AND b.relationship_type = 'blocked')
ORDER BY x.id DESC LIMIT ?4;
