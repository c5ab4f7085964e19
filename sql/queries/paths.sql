-- How the viewer knows a user: see realm/path.h. A step goes along a relationship from a user to another.

-- The strength of the relationship x as a whole number, so that sums of it are exact: 2^32 for a strength that is twice
-- as large. 0 counts as 2^-1000.
-- fragment: strength_units
CAST(round((coalesce(max(log2(x.strength), -1000.0), -1000.0) + x.last_interaction / (30 * 86400e6))
           * 4294967296.0) AS INTEGER)

-- The user at the end of a path, and the largest id.
-- name: path_end :one
-- takes: viewer int, user int
-- gives: username text, full_name text?, twin json?, last int
SELECT other.username, {person_names}, (SELECT max(u.id) FROM users u) AS last
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
-- gives: username text, full_name text?, twin json?, type text, strength real, units int
SELECT other.username, {person_names}, x.relationship_type AS type, {strength_now} AS strength, {strength_units} AS units
FROM user_relationships x CROSS JOIN users other ON other.id = x.related_user_id
WHERE x.user_id = :user AND x.related_user_id = :other AND x.relationship_type <> 'blocked' AND {other_met}
  AND (x.user_id = :viewer
       OR EXISTS (SELECT 1 FROM users other WHERE other.id = x.user_id AND {other_network_open}));

-- --- searches that wait for Neo4j ---

-- name: path_question_ask :insert
-- takes: viewer int, target int, now time
-- gives: id int
INSERT INTO path_questions (viewer_id, target_id, created_at) VALUES (:viewer, :target, :now);

-- name: path_questions_wait :one
SELECT 1 FROM path_questions LIMIT 1;

-- name: path_question_next :one
-- gives: id int, viewer int, target int
SELECT id, viewer_id AS viewer, target_id AS target FROM path_questions
WHERE state = 'waiting' ORDER BY id LIMIT 1;

-- name: path_question_take :exec
-- takes: id int
UPDATE path_questions SET state = 'asked' WHERE id = :id AND state = 'waiting';

-- name: path_question_done :exec
-- takes: id int, upto int, paths json
UPDATE path_questions SET state = 'done', upto = :upto, paths = :paths WHERE id = :id;

-- name: path_question :one
-- takes: id int, viewer int
-- gives: state text, upto int, paths text?
SELECT state, upto, paths FROM path_questions WHERE id = :id AND viewer_id = :viewer;

-- name: path_question_delete :exec
-- takes: id int
DELETE FROM path_questions WHERE id = :id;

-- Those of processes that ended.
-- name: path_questions_prune :exec
-- takes: before time
DELETE FROM path_questions WHERE id IN (
	SELECT id FROM path_questions WHERE created_at < :before ORDER BY id LIMIT 100);

-- The users who have made the viewer a friend, as an array; NULL: they are more than :most.
-- name: path_friends :one
-- takes: viewer int, most int
-- gives: users text?
SELECT CASE WHEN count(*) <= :most THEN json_group_array(f.user_id) END AS users
FROM (SELECT user_id FROM user_relationships
      WHERE related_user_id = :viewer AND relationship_type = 'friend' LIMIT :most + 1) f;

-- name: path_blocked :one
-- takes: viewer int, most int
-- gives: users text
SELECT json_group_array(b.user_id) AS users FROM (SELECT user_id FROM ({blocked_users}) a LIMIT :most) b;
