-- The social view, over what the viewer may see.

-- --- the network ---

-- The mean strength of the viewer's relationships, and how many there are.
-- name: network_strength :one
-- takes: viewer int, now time
-- gives: strength real?, connections int
SELECT round(avg({strength_now}), 4) AS strength, count(*) AS connections
FROM user_relationships x JOIN users other ON other.id = x.related_user_id
WHERE x.user_id = :viewer
  AND other.is_active = 1
  AND {other_unblocked};

-- name: network_counts :one
-- takes: viewer int
-- gives: knowledge int, upvotes int, interactions int
SELECT {other_knowledge_count} AS knowledge, c.upvotes,
       {other_interaction_count} AS interactions
FROM users other JOIN user_counts c ON c.user_id = other.id WHERE other.id = :viewer;

-- name: network_connections :list relationship
-- takes: viewer int, limit int, now time
SELECT {relationship_columns}
FROM user_relationships x CROSS JOIN users other ON other.id = x.related_user_id
WHERE x.user_id = :viewer
  AND other.is_active = 1
  AND {other_unblocked}
ORDER BY {strength_rank} DESC LIMIT :limit;

-- The viewer's 50 strongest connections, and whether their connections are visible. The limits keep
-- the cost alike for everybody.
-- fragment: near
SELECT other.id, other.username, x.relationship_type, {strength_now} AS strength,
       {other_network_open} AS open
FROM user_relationships x CROSS JOIN users other ON other.id = x.related_user_id
WHERE x.user_id = :viewer
  AND other.is_active = 1
  AND {other_unblocked}
ORDER BY {strength_rank} DESC LIMIT 50

-- The 50 strongest connections of each of them.
-- fragment: far
SELECT near.id AS via, near.username AS via_name, near.relationship_type AS via_type,
       x.id AS relationship_id, other.id, other.discoverable, x.relationship_type,
       {strength_now} AS strength, x.created_at, x.last_interaction, x.interaction_count,
       x.shared_interests
FROM near
CROSS JOIN user_relationships x ON x.id IN (
	SELECT x.id FROM user_relationships x
	WHERE x.user_id = near.id AND x.relationship_type <> 'blocked'
	ORDER BY {strength_rank} DESC LIMIT 50)
CROSS JOIN users other ON other.id = x.related_user_id
WHERE near.open
  AND other.id <> :viewer
  AND {other_met}

-- The connections of the viewer's connections. Notes are private.
-- name: network_beyond :list relationship
-- takes: viewer int, limit int, now time
WITH near AS ({near}), far AS ({far}),
strongest AS (SELECT id, via, relationship_id, relationship_type, strength, created_at, last_interaction,
                     interaction_count, shared_interests
              FROM far ORDER BY strength DESC, relationship_id DESC LIMIT :limit)
SELECT strongest.relationship_id AS id, strongest.via AS user_id, strongest.id AS related_user_id,
       other.username AS related_username, other.full_name AS related_full_name,
       {person_twin} AS related_twin, strongest.relationship_type,
       round(strongest.strength, 4) AS strength, strongest.created_at, strongest.last_interaction,
       strongest.interaction_count, strongest.shared_interests, NULL AS meta_data
FROM strongest CROSS JOIN users other ON other.id = strongest.id
ORDER BY strongest.strength DESC, strongest.relationship_id DESC;

-- Friends of friends without a relationship to the viewer.
-- name: friends_of_friends :objects suggestion
-- takes: viewer int, limit int, now time
WITH near AS ({near}), far AS ({far}),
met AS (SELECT far.id, count(*) AS friends, json_group_array(far.via_name) AS names
        FROM far
        WHERE far.via_type = 'friend' AND far.relationship_type = 'friend'
          AND far.discoverable = 1
          AND NOT EXISTS (SELECT 1 FROM user_relationships r
                          WHERE r.user_id = :viewer AND r.related_user_id = far.id)
        GROUP BY far.id ORDER BY count(*) DESC, far.id LIMIT :limit)
SELECT other.id AS user_id, other.username, {person_names}, 'friend_of_friend' AS reason, met.friends AS score,
       met.names AS "by", other.id AS key
FROM met CROSS JOIN users other ON other.id = met.id
ORDER BY met.friends DESC, met.id;

-- name: person :one
-- takes: user int
-- gives: username text, full_name text?, twin json?
SELECT other.username, {person_names} FROM users other WHERE other.id = :user;

-- The edges around the viewer, up to :depth steps away.
-- name: graph_edges :each
-- takes: viewer int, depth int, now time
-- gives: distance int, source int, target int, type text, strength real
WITH near AS ({near}), far AS ({far})
SELECT 1 AS distance, :viewer AS source, near.id AS target, near.relationship_type AS type, round(near.strength, 4) AS strength
FROM near
UNION ALL
SELECT 2, far.via, far.id, far.relationship_type, round(far.strength, 4)
FROM far WHERE :depth > 1
ORDER BY distance, strength DESC;

-- --- similar users: see realm/similar.h ---

-- One more than the largest id, and how many tags the viewer has.
-- name: similar_scope :one
-- takes: viewer int
-- gives: end int, tags int
SELECT (SELECT max(id) + 1 FROM users) AS "end",
       (SELECT count(DISTINCT tag_id) FROM user_tags WHERE user_id = :viewer) AS tags;

-- The viewer's tags.
-- name: similar_tags :each
-- takes: viewer int
-- gives: tag int
SELECT DISTINCT tag_id AS tag FROM user_tags WHERE user_id = :viewer ORDER BY tag_id;

-- name: friend_makers :each
-- takes: viewer int
-- gives: user int
SELECT user_id AS user FROM user_relationships
WHERE related_user_id = :viewer AND relationship_type = 'friend';

-- The users who have a block with the viewer; with :strangers also all to whom the viewer has a
-- relationship.
-- name: similar_left_out :each
-- takes: viewer int, strangers bool
-- gives: user int
SELECT user_id AS user FROM ({blocked_users}) b
UNION ALL
SELECT r.related_user_id FROM user_relationships r WHERE :strangers AND r.user_id = :viewer;

-- name: tag_users_of :each
-- takes: viewer int
-- gives: id int, public_users blob, friends_users blob
-- engine: sqlite
SELECT p.id, p.public_users, p.friends_users
FROM (SELECT DISTINCT t.tag_id FROM user_tags t WHERE t.user_id = :viewer) t
CROSS JOIN tag_users p ON p.id >= ids_key(t.tag_id, 0) AND p.id < ids_key(t.tag_id + 1, 0);

-- name: users_by_tag_count :each
-- gives: id int, public_users blob, friends_users blob
-- engine: sqlite
SELECT id, public_users, friends_users FROM tag_count_users;

-- When the user was last seen, as far as the viewer may see it; no row: the viewer may not find the
-- user. Users with a block are left out before.
-- name: similar_seen :one
-- takes: viewer int, user int
-- gives: last_seen time?
SELECT CASE WHEN {other_presence_visible} THEN p.last_seen END AS last_seen
FROM users other LEFT JOIN user_presence p ON p.user_id = other.id
WHERE other.id = :user AND other.is_active = 1
  AND other.discoverable = 1;

-- name: presence_latest :each
-- gives: user int
SELECT user_id AS user FROM user_presence ORDER BY last_seen DESC;

-- The name of the user, and how much knowledge of the user the viewer may see.
-- name: similar_profile :one
-- takes: viewer int, user int
-- gives: username text, full_name text?, twin json?, items int
SELECT other.username, {person_names}, {other_knowledge_count} AS items
FROM users other JOIN user_counts c ON c.user_id = other.id WHERE other.id = :user;

-- name: tag_name :one
-- takes: tag int
-- gives: name text
SELECT name FROM tags WHERE id = :tag;

-- The tags of the newest 100 pieces of knowledge of the user that the viewer may see.
-- name: similar_items :each
-- takes: viewer int, user int
-- gives: knowledge int, tag int
SELECT k.id AS knowledge, t.tag_id AS tag
FROM (SELECT k.id FROM users other CROSS JOIN shared_knowledge k ON k.creator_id = other.id
      WHERE other.id = :user AND {other_shows}
      ORDER BY k.id DESC LIMIT 100) k
CROSS JOIN knowledge_tags t ON t.knowledge_id = k.id
ORDER BY k.id DESC;

-- --- tags, counted over what the viewer may see ---

-- Public knowledge counts for everybody. The rest differs for each viewer: users with a block,
-- knowledge for friends, and the own knowledge. Of the other tags only the most used can be among
-- the first.
-- name: tags_counted :list tag
-- takes: viewer int, prefix text, limit int
WITH delta AS (
  SELECT tag_id, sum(items) AS items FROM (
    SELECT t.tag_id, -t.items AS items
    FROM ({blocked_users}) b
    CROSS JOIN user_tags t ON t.user_id = b.user_id AND t.visibility = 'public'
    UNION ALL
    SELECT t.tag_id, t.items FROM user_relationships f
    CROSS JOIN users other ON other.id = f.user_id
    CROSS JOIN user_tags t ON t.user_id = f.user_id AND t.visibility = 'friends'
    WHERE f.related_user_id = :viewer AND f.relationship_type = 'friend'
      AND {other_unblocked}
    UNION ALL
    SELECT tag_id, items FROM user_tags WHERE user_id = :viewer AND visibility <> 'public'
  ) changes GROUP BY tag_id
), candidates AS (
  SELECT id FROM (SELECT id FROM tags WHERE :prefix IS NULL ORDER BY uses DESC, name
                  LIMIT :limit + (SELECT count(*) FROM delta)) top
  UNION
  SELECT id FROM tags WHERE name >= :prefix AND name < :prefix || char(1114111)
  UNION
  SELECT tag_id FROM delta WHERE :prefix IS NULL
)
SELECT c.tag, c.count
FROM (SELECT g.name AS tag,
             g.uses + coalesce((SELECT items FROM delta WHERE delta.tag_id = g.id), 0) AS count
      FROM candidates CROSS JOIN tags g ON g.id = candidates.id) c
WHERE c.count > 0 ORDER BY c.count DESC, c.tag LIMIT :limit;

-- --- who knows about something: see realm/experts.h ---

-- Each piece of knowledge must be visible, and its creator must exist for the viewer.
-- name: experts :list expert
-- takes: viewer int, words text, looked int, best int, limit int
-- engine: sqlite
WITH found AS (
  SELECT k.id, k.creator_id, (k.upvotes + 1.0) / (k.upvotes + k.downvotes + 2) AS worth
  FROM knowledge_text f
  CROSS JOIN shared_knowledge k ON k.id = f.rowid
  CROSS JOIN users other ON other.id = k.creator_id
  WHERE f.knowledge_text MATCH :words AND k.creator_id <> :viewer AND {other_met} AND {other_shows}
  ORDER BY f.rowid DESC LIMIT :looked
), ranked AS (
  SELECT id, creator_id, worth, count(*) OVER (PARTITION BY creator_id) AS matches,
         row_number() OVER (PARTITION BY creator_id ORDER BY worth DESC, id DESC) AS place
  FROM found
)
SELECT other.id AS user_id, other.username, {person_names}, round(sum(ranked.worth), 4) AS score, ranked.matches,
       json_group_array(ranked.id) AS knowledge
FROM ranked CROSS JOIN users other ON other.id = ranked.creator_id
WHERE ranked.place <= :best
GROUP BY other.id, other.username, other.full_name, ranked.matches ORDER BY sum(ranked.worth) DESC, other.id LIMIT :limit;

-- --- activity ---

-- Users who were seen since :since.
-- name: active_users :list active_user
-- takes: viewer int, now time, since time, limit int
SELECT other.id AS user_id, other.username, {person_names}, {live_status} AS status, p.last_seen,
       {other_knowledge_count} AS knowledge_count, {other_interaction_count} AS interaction_count,
       p.is_aeon
FROM user_presence p
CROSS JOIN users other ON other.id = p.user_id
CROSS JOIN user_counts c ON c.user_id = other.id
WHERE p.last_seen > :since
  AND other.is_active = 1
  AND {other_presence_visible}
  AND {other_not_blocked}
  AND {other_known}
ORDER BY p.last_seen DESC LIMIT :limit;

-- The last :days days up to :last, newest first.
-- name: days_of_user :list day
-- takes: user int, last int, days int
WITH RECURSIVE days (day) AS (
  SELECT :last UNION ALL SELECT day - 1 FROM days WHERE day > :last - :days + 1
)
SELECT date(days.day * 86400, 'unixepoch') AS day, coalesce(u.messages, 0) AS messages,
       coalesce(u.votes, 0) AS votes, coalesce(u.knowledge, 0) AS knowledge,
       coalesce(u.interactions, 0) AS interactions
FROM days LEFT JOIN user_days u ON u.user_id = :user AND u.day = days.day
ORDER BY days.day DESC;
