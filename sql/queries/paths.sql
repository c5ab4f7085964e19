-- How the viewer knows a user: see realm/path.h. A step goes along a relationship from a user to another.

-- The user to whom a path leads, and the largest id.
-- name: path_end :one
-- takes: viewer int, user int
-- gives: username text, last int
SELECT other.username, (SELECT max(u.id) FROM users u) AS last
FROM users other WHERE other.id = :user AND {other_met};

-- The steps that the viewer may see: from the user, or with :back to the user. is_open: steps from `other`
-- are visible, too.
-- name: path_steps :each
-- takes: viewer int, user int, back bool
-- gives: other int, units int, is_open bool
SELECT other.id AS other, {strength_units} AS units, {other_network_open} AS is_open
FROM user_relationships x CROSS JOIN users other ON other.id = x.related_user_id
WHERE NOT :back AND x.user_id = :user AND x.relationship_type <> 'blocked' AND {other_met}
UNION ALL
SELECT other.id, {strength_units}, 1
FROM user_relationships x CROSS JOIN users other ON other.id = x.user_id
WHERE :back AND x.related_user_id = :user AND x.relationship_type <> 'blocked'
  AND (other.id = :viewer OR ({other_network_open} AND {other_met}));

-- How many relationships the user has, or with :back how many there are to the user; at most :most.
-- name: path_size :one
-- takes: user int, back bool, most int
-- gives: size int
SELECT CASE WHEN :back
       THEN (SELECT count(*) FROM (SELECT 1 FROM user_relationships x
                                   WHERE x.related_user_id = :user LIMIT :most) steps)
       ELSE (SELECT count(*) FROM (SELECT 1 FROM user_relationships x
                                   WHERE x.user_id = :user LIMIT :most) steps) END AS size;

-- The step from :user to :other, if the viewer may see it.
-- name: path_step :one
-- takes: viewer int, user int, other int, now time
-- gives: username text, type text, strength real
SELECT other.username, x.relationship_type AS type, {strength_now} AS strength
FROM user_relationships x CROSS JOIN users other ON other.id = x.related_user_id
WHERE x.user_id = :user AND x.related_user_id = :other AND x.relationship_type <> 'blocked' AND {other_met}
  AND (x.user_id = :viewer
       OR EXISTS (SELECT 1 FROM users other WHERE other.id = x.user_id AND {other_network_open}));
