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
-- common tags / max(own tags, their tags). Whose friends-only knowledge the viewer may see is looked
-- at besides all that is public.
-- name: similar_users
WITH mine AS (SELECT DISTINCT tag_id FROM user_tags WHERE user_id = ?1),
trusting AS (
  SELECT user_id FROM user_relationships WHERE related_user_id = ?1 AND relationship_type = 'friend'
), shared AS (
  SELECT t.user_id, t.tag_id FROM mine
  CROSS JOIN user_tags t ON t.tag_id = mine.tag_id AND t.visibility = 'public'
  WHERE t.user_id <> ?1
  UNION
  SELECT t.user_id, t.tag_id FROM trusting
  CROSS JOIN user_tags t ON t.user_id = trusting.user_id AND t.visibility = 'friends'
  WHERE t.tag_id IN (SELECT tag_id FROM mine)
), counted AS (
  SELECT user_id, count(*) AS common FROM shared GROUP BY user_id
), ranked AS (
  SELECT other.id, other.username, c.common,
         CAST(c.common AS REAL) / max((SELECT count(*) FROM mine), (
           SELECT count(DISTINCT t.tag_id) FROM user_tags t
           WHERE t.user_id = other.id
             AND (t.visibility = 'public' OR (t.visibility = 'friends' AND {other_is_friend}))
         )) AS score,
         (SELECT p.last_seen FROM user_presence p
          WHERE p.user_id = other.id AND {other_presence_visible}) AS seen
  FROM counted c CROSS JOIN users other ON other.id = c.user_id
  WHERE other.is_active = 1
    AND other.discoverable = 1
    AND {other_not_blocked}
  ORDER BY score DESC, seen DESC, other.id LIMIT ?2
)
SELECT ranked.id, ranked.username, ranked.score,
       (SELECT json_group_array(name) FROM (
          SELECT g.name FROM shared JOIN tags g ON g.id = shared.tag_id
          WHERE shared.user_id = ranked.id ORDER BY g.name LIMIT 50)),
       (SELECT count(DISTINCT k.id) FROM shared_knowledge k JOIN users other ON other.id = k.creator_id
        JOIN knowledge_tags t ON t.knowledge_id = k.id
        WHERE k.creator_id = ranked.id AND t.tag_id IN (SELECT tag_id FROM mine)
          AND {knowledge_visible}),
       (SELECT count(*) FROM shared_knowledge k JOIN users other ON other.id = k.creator_id
        WHERE k.creator_id = ranked.id AND {knowledge_visible})
FROM ranked ORDER BY ranked.score DESC, ranked.seen DESC, ranked.id;

-- --- tags, counted over what the viewer may see ---

-- What is public counts for everybody; what differs for the viewer is theirs who are hidden, what
-- friends show, and the viewer's own. Of the others only the most used can be among the first.
-- name: tags_counted
WITH delta AS (
  SELECT tag_id, sum(n) AS n FROM (
    SELECT t.tag_id, -t.n AS n FROM (
      SELECT related_user_id AS id FROM user_relationships
      WHERE user_id = ?1 AND relationship_type = 'blocked'
      UNION
      SELECT user_id FROM user_relationships
      WHERE related_user_id = ?1 AND relationship_type = 'blocked'
    ) hidden CROSS JOIN user_tags t ON t.user_id = hidden.id AND t.visibility = 'public'
    UNION ALL
    SELECT t.tag_id, t.n FROM user_relationships f
    CROSS JOIN users other ON other.id = f.user_id
    CROSS JOIN user_tags t ON t.user_id = f.user_id AND t.visibility = 'friends'
    WHERE f.related_user_id = ?1 AND f.relationship_type = 'friend' AND {other_not_blocked}
    UNION ALL
    SELECT tag_id, n FROM user_tags WHERE user_id = ?1 AND visibility <> 'public'
  ) changes GROUP BY tag_id
), candidates AS (
  SELECT id FROM (SELECT id FROM tags WHERE ?2 IS NULL ORDER BY uses DESC, name
                  LIMIT ?3 + (SELECT count(*) FROM delta)) top
  UNION
  SELECT id FROM tags WHERE name >= ?2 AND name < ?2 || char(1114111)
  UNION
  SELECT tag_id FROM delta WHERE ?2 IS NULL
)
SELECT g.name, g.uses + coalesce((SELECT n FROM delta WHERE delta.tag_id = g.id), 0) AS count
FROM candidates CROSS JOIN tags g ON g.id = candidates.id
WHERE count > 0 ORDER BY count DESC, g.name LIMIT ?3;

-- --- further than one's own ---

-- What those whom the viewer is connected with have in their turn, strongest first; of those who let
-- the viewer come by them, and to people who exist for the viewer.
-- name: network_beyond
SELECT {relationship_shown_columns}
FROM ({connections_open}) near
CROSS JOIN user_relationships x ON x.user_id = near.id
CROSS JOIN users other ON other.id = x.related_user_id
WHERE {connection_beyond} AND other.id <> ?1
ORDER BY {strength_now} DESC, x.id DESC LIMIT ?2;

-- Friends of friends, whom the viewer has nothing to do with yet.
-- name: friends_of_friends
SELECT other.id, other.username, 'friend_of_friend', count(*) AS score,
       json_group_array(near.username)
FROM ({connections_open}) near
CROSS JOIN user_relationships x ON x.user_id = near.id
CROSS JOIN users other ON other.id = x.related_user_id
WHERE {connection_beyond} AND other.id <> ?1
  AND near.relationship_type = 'friend' AND x.relationship_type = 'friend'
  AND other.discoverable = 1
  AND NOT EXISTS (SELECT 1 FROM user_relationships mine
                  WHERE mine.user_id = ?1 AND mine.related_user_id = other.id)
GROUP BY other.id ORDER BY score DESC, other.id LIMIT ?2;

-- --- a graph for drawing: relations of the viewer, and with ?3 = 2 of those ---

-- name: graph_edges
SELECT e.user_id, a.username, e.related_user_id, b.username, e.relationship_type, e.strength FROM (
  {graph_relations}
) e JOIN users a ON a.id = e.user_id JOIN users b ON b.id = e.related_user_id;

-- name: graph_nodes
SELECT u.id, u.username FROM (
  SELECT ?1 AS id
  UNION SELECT e.user_id FROM ({graph_relations}) e
  UNION SELECT e.related_user_id FROM ({graph_relations}) e
) n JOIN users u ON u.id = n.id ORDER BY u.id;

-- Similar users whom the viewer has nothing to do with yet.
-- name: similar_strangers
WITH mine AS (SELECT DISTINCT tag_id FROM user_tags WHERE user_id = ?1),
counted AS (
  SELECT t.user_id, count(*) AS common
  FROM mine CROSS JOIN user_tags t ON t.tag_id = mine.tag_id AND t.visibility = 'public'
  WHERE t.user_id <> ?1 GROUP BY t.user_id
)
SELECT other.id, other.username, 'similar',
       CAST(c.common AS REAL) / max((SELECT count(*) FROM mine), (
         SELECT count(*) FROM user_tags t
         WHERE t.user_id = other.id AND t.visibility = 'public')) AS score,
       (SELECT json_group_array(name) FROM (
          SELECT g.name FROM mine JOIN user_tags t ON t.tag_id = mine.tag_id AND t.visibility = 'public'
          JOIN tags g ON g.id = mine.tag_id
          WHERE t.user_id = other.id ORDER BY g.name LIMIT 50))
FROM counted c CROSS JOIN users other ON other.id = c.user_id
WHERE other.is_active = 1
  AND other.discoverable = 1
  AND {other_not_blocked}
  AND NOT EXISTS (SELECT 1 FROM user_relationships r
                  WHERE r.user_id = ?1 AND r.related_user_id = other.id)
ORDER BY score DESC, other.id LIMIT ?2;

-- The days up to ?2, as many as ?3, newest first.
-- name: days_of_user
WITH RECURSIVE days (day) AS (
  SELECT ?2 UNION ALL SELECT day - 1 FROM days LIMIT ?3
)
SELECT date(days.day * 86400, 'unixepoch'), coalesce(u.messages, 0), coalesce(u.votes, 0),
       coalesce(u.knowledge, 0), coalesce(u.interactions, 0)
FROM days LEFT JOIN user_days u ON u.user_id = ?1 AND u.day = days.day
ORDER BY days.day DESC;

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
