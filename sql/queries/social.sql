-- The social view of the realm, over what the viewer may see.

-- --- the network ---

-- How strong the viewer's connections are on average, and how many.
-- name: network_strength
SELECT round(avg({strength_now}), 4), count(*)
FROM user_relationships x JOIN users other ON other.id = x.related_user_id
WHERE x.user_id = ?1
  AND other.is_active = 1
  AND {other_unblocked};

-- name: network_counts
SELECT {other_knowledge_count}, c.upvotes, {other_interaction_count}
FROM users other JOIN user_counts c ON c.user_id = other.id WHERE other.id = ?1;

-- name: network_connections
SELECT {relationship_columns}
FROM user_relationships x CROSS JOIN users other ON other.id = x.related_user_id
WHERE x.user_id = ?1
  AND other.is_active = 1
  AND {other_unblocked}
ORDER BY {strength_rank} DESC LIMIT ?2;

-- The viewer's 50 strongest connections, and whether theirs are shown. So few of so few, that nobody's
-- circle costs more than anybody else's.
-- fragment: near
SELECT other.id, other.username, x.relationship_type, {strength_now} AS strength,
       {other_network_open} AS open
FROM user_relationships x CROSS JOIN users other ON other.id = x.related_user_id
WHERE x.user_id = ?1
  AND other.is_active = 1
  AND {other_unblocked}
ORDER BY {strength_rank} DESC LIMIT 50

-- Their 50 strongest each.
-- fragment: far
SELECT near.id AS via, near.username AS via_name, near.relationship_type AS via_type,
       x.id AS relationship_id, other.id, other.username, other.discoverable, x.relationship_type,
       {strength_now} AS strength, x.created_at, x.last_interaction, x.interaction_count,
       x.shared_interests
FROM near
CROSS JOIN user_relationships x ON x.id IN (
	SELECT x.id FROM user_relationships x
	WHERE x.user_id = near.id AND x.relationship_type <> 'blocked'
	ORDER BY {strength_rank} DESC LIMIT 50)
CROSS JOIN users other ON other.id = x.related_user_id
WHERE near.open
  AND other.id <> ?1
  AND other.is_active = 1
  AND {other_unblocked}

-- What those whom the viewer is connected with have in their turn; notes are nobody else's matter.
-- name: network_beyond
WITH near AS ({near}), far AS ({far})
SELECT far.relationship_id, far.via, far.id, far.username, far.relationship_type,
       round(far.strength, 4), far.created_at, far.last_interaction, far.interaction_count,
       far.shared_interests, NULL
FROM far ORDER BY far.strength DESC, far.relationship_id DESC LIMIT ?2;

-- Friends of friends, whom the viewer has nothing to do with yet.
-- name: friends_of_friends
WITH near AS ({near}), far AS ({far})
SELECT far.id, far.username, 'friend_of_friend', count(*), json_group_array(far.via_name)
FROM far
WHERE far.via_type = 'friend' AND far.relationship_type = 'friend'
  AND far.discoverable = 1
  AND NOT EXISTS (SELECT 1 FROM user_relationships r
                  WHERE r.user_id = ?1 AND r.related_user_id = far.id)
GROUP BY far.id ORDER BY count(*) DESC, far.id LIMIT ?2;

-- name: graph_centre
SELECT username FROM users WHERE id = ?1;

-- The edges around the viewer, ?2 steps far: who, to whom, how, and how strongly.
-- name: graph_edges
WITH near AS ({near}), far AS ({far})
SELECT 1 AS distance, ?1, near.id, near.username, near.relationship_type, round(near.strength, 4) AS strength
FROM near
UNION ALL
SELECT 2, far.via, far.id, far.username, far.relationship_type, round(far.strength, 4)
FROM far WHERE ?2 > 1
ORDER BY distance, strength DESC;

-- --- similar users: see realm/similar.h ---

-- One more than the largest id, and how many tags the viewer has.
-- name: similar_scope
SELECT (SELECT max(id) + 1 FROM users),
       (SELECT count(DISTINCT tag_id) FROM user_tags WHERE user_id = ?1);

-- name: friend_makers
SELECT user_id FROM user_relationships WHERE related_user_id = ?1 AND relationship_type = 'friend';

-- name: tag_users_of
SELECT p.id, p.public_users, p.friends_users
FROM (SELECT DISTINCT t.tag_id FROM user_tags t WHERE t.user_id = ?1) t
CROSS JOIN tag_users p ON p.id >= ids_key(t.tag_id, 0) AND p.id < ids_key(t.tag_id + 1, 0);

-- name: users_by_tag_count
SELECT id, public_users, friends_users FROM tag_count_users;

-- When ?2 was seen, as far as the viewer may know; no row: the viewer may not find ?2.
-- name: similar_seen
SELECT CASE WHEN {other_presence_visible} THEN p.last_seen END
FROM users other LEFT JOIN user_presence p ON p.user_id = other.id
WHERE other.id = ?2 AND other.is_active = 1
  AND other.discoverable = 1
  AND {other_not_blocked};

-- name: presence_latest
SELECT user_id FROM user_presence ORDER BY last_seen DESC;

-- fragment: common_tags
(SELECT json_group_array(name) FROM (
   SELECT g.name FROM (SELECT DISTINCT k.tag_id FROM user_tags k
                       WHERE k.user_id = other.id AND {other_shows}
                         AND EXISTS (SELECT 1 FROM user_tags m
                                     WHERE m.user_id = ?1 AND m.tag_id = k.tag_id
                                       AND m.visibility IN ('public', 'friends', 'private'))
                       LIMIT 50) t
   JOIN tags g ON g.id = t.tag_id ORDER BY g.name))

-- ?2 beside the viewer, with the score ?3.
-- name: similar_user
SELECT other.id, other.username, ?3, {common_tags},
       (SELECT count(*) FROM (
          SELECT k.id FROM shared_knowledge k WHERE k.creator_id = other.id AND {other_shows}
          ORDER BY k.id DESC LIMIT 100) k
        WHERE EXISTS (SELECT 1 FROM knowledge_tags t CROSS JOIN user_tags m
                      ON m.user_id = ?1 AND m.tag_id = t.tag_id
                         AND m.visibility IN ('public', 'friends', 'private')
                      WHERE t.knowledge_id = k.id)),
       {other_knowledge_count}
FROM users other JOIN user_counts c ON c.user_id = other.id WHERE other.id = ?2;

-- The same, unless the viewer knows them already.
-- name: similar_stranger
SELECT other.id, other.username, 'similar', ?3, {common_tags}
FROM users other
WHERE other.id = ?2 AND NOT EXISTS (SELECT 1 FROM user_relationships r
                                    WHERE r.user_id = ?1 AND r.related_user_id = other.id);

-- --- tags, counted over what the viewer may see ---

-- What is public counts for everybody; what differs for the viewer is theirs who are hidden, what
-- friends show, and the viewer's own. Of the others only the most used can be among the first.
-- name: tags_counted
WITH delta AS (
  SELECT tag_id, sum(items) AS items FROM (
    SELECT t.tag_id, -t.items AS items
    FROM ({blocked_users}) b
    CROSS JOIN user_tags t ON t.user_id = b.user_id AND t.visibility = 'public'
    UNION ALL
    SELECT t.tag_id, t.items FROM user_relationships f
    CROSS JOIN users other ON other.id = f.user_id
    CROSS JOIN user_tags t ON t.user_id = f.user_id AND t.visibility = 'friends'
    WHERE f.related_user_id = ?1 AND f.relationship_type = 'friend'
      AND {other_unblocked}
    UNION ALL
    SELECT tag_id, items FROM user_tags WHERE user_id = ?1 AND visibility <> 'public'
  ) changes GROUP BY tag_id
), candidates AS (
  SELECT id FROM (SELECT id FROM tags WHERE ?2 IS NULL ORDER BY uses DESC, name
                  LIMIT ?3 + (SELECT count(*) FROM delta)) top
  UNION
  SELECT id FROM tags WHERE name >= ?2 AND name < ?2 || char(1114111)
  UNION
  SELECT tag_id FROM delta WHERE ?2 IS NULL
)
SELECT g.name, g.uses + coalesce((SELECT items FROM delta WHERE delta.tag_id = g.id), 0) AS count
FROM candidates CROSS JOIN tags g ON g.id = candidates.id
WHERE count > 0 ORDER BY count DESC, g.name LIMIT ?3;

-- --- what people do ---

-- Seen since ?3. ?2 is now.
-- name: active_users
SELECT other.id, other.username, {live_status}, p.last_seen, {other_knowledge_count},
       {other_interaction_count}, p.is_aeon
FROM user_presence p
CROSS JOIN users other ON other.id = p.user_id
CROSS JOIN user_counts c ON c.user_id = other.id
WHERE p.last_seen > ?3
  AND other.is_active = 1
  AND {other_presence_visible}
  AND {other_not_blocked}
ORDER BY p.last_seen DESC LIMIT ?4;

-- The days up to ?2, as many as ?3, newest first.
-- name: days_of_user
WITH RECURSIVE days (day) AS (
  SELECT ?2 UNION ALL SELECT day - 1 FROM days LIMIT ?3
)
SELECT date(days.day * 86400, 'unixepoch'), coalesce(u.messages, 0), coalesce(u.votes, 0),
       coalesce(u.knowledge, 0), coalesce(u.interactions, 0)
FROM days LEFT JOIN user_days u ON u.user_id = ?1 AND u.day = days.day
ORDER BY days.day DESC;
