-- The social view of the realm, over what the viewer may see.

-- name: network_numbers
SELECT
  (SELECT round(avg({strength_now}), 4) FROM user_relationships x
   WHERE x.user_id = ?1 AND x.relationship_type <> 'blocked'),
  (SELECT count(*) FROM user_relationships WHERE user_id = ?1 AND relationship_type <> 'blocked'),
  (SELECT count(*) FROM shared_knowledge WHERE creator_id = ?1),
  (SELECT coalesce(sum(upvotes), 0) FROM shared_knowledge WHERE creator_id = ?1),
  (SELECT count(*) FROM aeon_interactions WHERE aeon_user_id = ?1)
  + (SELECT count(*) FROM aeon_interactions WHERE target_aeon_user_id = ?1);

-- name: network_connections
SELECT {relationship_columns} FROM user_relationships x JOIN users other ON other.id = x.related_user_id
WHERE x.user_id = ?1 AND x.relationship_type <> 'blocked' AND {other_not_blocked}
ORDER BY {strength_now} DESC, x.last_interaction DESC, x.id DESC LIMIT ?2;

-- Users whose knowledge, as far as the viewer may see it, has tags in common with the viewer's:
-- common tags / max(own tags, their tags).
-- name: similar_users
WITH mine AS (
  SELECT DISTINCT t.tag_id FROM shared_knowledge k JOIN knowledge_tags t ON t.knowledge_id = k.id
  WHERE k.creator_id = ?1
), candidates AS (
  SELECT DISTINCT k.creator_id AS id
  FROM mine JOIN knowledge_tags t ON t.tag_id = mine.tag_id
  JOIN shared_knowledge k ON k.id = t.knowledge_id
  WHERE k.creator_id <> ?1
), seen AS (
  SELECT other.id AS user_id, other.username, k.id AS knowledge_id
  FROM candidates c JOIN users other ON other.id = c.id
  JOIN shared_knowledge k ON k.creator_id = other.id
  WHERE other.is_active = 1 AND other.discoverable = 1 AND {knowledge_visible}
), theirs AS (
  SELECT seen.user_id, count(DISTINCT t.tag_id) AS tags,
         count(DISTINCT CASE WHEN t.tag_id IN (SELECT tag_id FROM mine) THEN t.tag_id END) AS common,
         count(DISTINCT CASE WHEN t.tag_id IN (SELECT tag_id FROM mine) THEN seen.knowledge_id END)
           AS common_knowledge
  FROM seen JOIN knowledge_tags t ON t.knowledge_id = seen.knowledge_id
  GROUP BY seen.user_id
)
SELECT theirs.user_id, u.username,
       CAST(common AS REAL) / max(theirs.tags, (SELECT count(*) FROM mine)) AS score,
       (SELECT json_group_array(name) FROM (
          SELECT DISTINCT g.name FROM seen JOIN knowledge_tags t ON t.knowledge_id = seen.knowledge_id
          JOIN mine ON mine.tag_id = t.tag_id JOIN tags g ON g.id = t.tag_id
          WHERE seen.user_id = theirs.user_id ORDER BY g.name LIMIT 50)),
       common_knowledge,
       (SELECT count(*) FROM seen WHERE seen.user_id = theirs.user_id)
FROM theirs JOIN users u ON u.id = theirs.user_id
LEFT JOIN user_presence p ON p.user_id = theirs.user_id
WHERE common > 0
ORDER BY score DESC, p.last_seen DESC, theirs.user_id LIMIT ?2;

-- Seen since ?3. ?2 is now.
-- name: active_users
SELECT other.id, other.username, {live_status}, p.last_seen,
       (SELECT count(*) FROM shared_knowledge k WHERE k.creator_id = other.id AND {knowledge_visible}),
       (SELECT count(*) FROM aeon_interactions i WHERE i.aeon_user_id = other.id
          AND (i.is_public = 1 OR ?1 IN (i.aeon_user_id, i.target_aeon_user_id))),
       p.is_aeon
FROM user_presence p JOIN users other ON other.id = p.user_id
WHERE p.last_seen > ?3 AND other.is_active = 1 AND {other_presence_visible} AND {other_not_blocked}
ORDER BY p.last_seen DESC LIMIT ?4;
