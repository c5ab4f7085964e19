-- What is counted, against a recount: what is wrong from the row ?1 on and before ?2, and how it is
-- mended. Rows are taken by their rowids, some hundreds at a time, because a realm goes on meanwhile.

-- Where the rows end, table by table.
-- name: recount_ends
SELECT coalesce((SELECT max(rowid) FROM chat_rooms), 0),
       coalesce((SELECT max(rowid) FROM real_time_messages), 0),
       coalesce((SELECT max(id) FROM shared_knowledge), 0),
       coalesce((SELECT max(id) FROM users), 0),
       coalesce((SELECT max(id) FROM tags), 0);

-- --- rooms and messages ---

-- fragment: wrong_participants
SELECT r.id, r.current_participants AS had,
       (SELECT count(*) FROM room_participants m WHERE m.room_id = r.id AND m.is_active = 1) AS actual
FROM chat_rooms r WHERE r.rowid >= ?1 AND r.rowid < ?2 AND had <> actual

-- name: check_participants
{wrong_participants};

-- name: mend_participants
UPDATE chat_rooms SET current_participants = w.actual,
	max_participants = max(max_participants, w.actual)
FROM ({wrong_participants}) w WHERE chat_rooms.id = w.id;

-- A hole in a room's log cannot be mended.
-- name: check_room_seq
SELECT r.id, r.last_seq, l.entries
FROM chat_rooms r
JOIN (SELECT room_id, count(*) AS entries, min(seq) AS oldest, max(seq) AS newest
      FROM (SELECT room_id, seq FROM real_time_messages
            UNION ALL SELECT room_id, seq FROM message_changes) entries
      GROUP BY room_id) l ON l.room_id = r.id
WHERE r.rowid >= ?1 AND r.rowid < ?2
  AND (l.oldest <> r.first_seq OR l.newest <> r.last_seq OR l.entries <> l.newest - l.oldest + 1);

-- fragment: wrong_reactions
SELECT m.id, m.reaction_count AS had,
       (SELECT count(*) FROM message_reactions x WHERE x.message_id = m.id) AS actual
FROM real_time_messages m WHERE m.rowid >= ?1 AND m.rowid < ?2 AND had <> actual

-- name: check_reactions
{wrong_reactions};

-- name: mend_reactions
UPDATE real_time_messages SET reaction_count = w.actual
FROM ({wrong_reactions}) w WHERE real_time_messages.id = w.id;

-- --- knowledge ---

-- fragment: wrong_votes
SELECT k.id, k.upvotes AS had_up, k.downvotes AS had_down,
       (SELECT count(*) FROM knowledge_votes v WHERE v.knowledge_id = k.id AND v.value = 1) AS up,
       (SELECT count(*) FROM knowledge_votes v WHERE v.knowledge_id = k.id AND v.value = -1) AS down
FROM shared_knowledge k WHERE k.id >= ?1 AND k.id < ?2 AND (had_up <> up OR had_down <> down)

-- name: check_votes
{wrong_votes};

-- name: mend_votes
UPDATE shared_knowledge SET upvotes = w.up, downvotes = w.down
FROM ({wrong_votes}) w WHERE shared_knowledge.id = w.id;

-- fragment: wrong_shares
SELECT k.id, k.share_count AS had,
       (SELECT count(*) FROM knowledge_shares s WHERE s.knowledge_id = k.id) AS actual
FROM shared_knowledge k WHERE k.id >= ?1 AND k.id < ?2 AND had <> actual

-- name: check_shares
{wrong_shares};

-- name: mend_shares
UPDATE shared_knowledge SET share_count = w.actual
FROM ({wrong_shares}) w WHERE shared_knowledge.id = w.id;

-- fragment: wrong_tagging
SELECT id, name, sum(had) AS had, sum(actual) AS actual
FROM (SELECT t.knowledge_id AS id, g.name, 1 AS had, 0 AS actual
      FROM knowledge_tags t JOIN tags g ON g.id = t.tag_id
      WHERE t.knowledge_id >= ?1 AND t.knowledge_id < ?2
      UNION ALL
      SELECT k.id, j.value, 0, 1 FROM shared_knowledge k, json_each(k.tags) j
      WHERE k.id >= ?1 AND k.id < ?2)
GROUP BY 1, 2 HAVING sum(had) <> sum(actual)

-- name: check_tagging
SELECT id, name FROM ({wrong_tagging}) w;

-- name: mend_tagging_tags
INSERT INTO tags (name) SELECT w.name FROM ({wrong_tagging}) w WHERE w.actual > 0
ON CONFLICT (name) DO NOTHING;

-- name: mend_tagging_less
DELETE FROM knowledge_tags
WHERE (knowledge_id, tag_id) IN (SELECT w.id, g.id FROM ({wrong_tagging}) w
                                 JOIN tags g ON g.name = w.name WHERE w.actual = 0);

-- name: mend_tagging_more
INSERT INTO knowledge_tags (knowledge_id, tag_id, score)
SELECT w.id, g.id, k.score FROM ({wrong_tagging}) w
JOIN tags g ON g.name = w.name JOIN shared_knowledge k ON k.id = w.id WHERE w.actual > 0;

-- fragment: wrong_scores
SELECT t.knowledge_id AS id, t.score AS had, k.score AS actual
FROM shared_knowledge k JOIN knowledge_tags t ON t.knowledge_id = k.id
WHERE k.id >= ?1 AND k.id < ?2 AND t.score <> k.score

-- name: check_scores
SELECT DISTINCT id, had, actual FROM ({wrong_scores}) w;

-- name: mend_scores
UPDATE knowledge_tags SET score = w.actual
FROM ({wrong_scores}) w WHERE knowledge_tags.knowledge_id = w.id;

-- --- tags ---

-- fragment: wrong_user_tags
SELECT user_id, visibility, tag_id, sum(had) AS had, sum(actual) AS actual
FROM (SELECT user_id, visibility, tag_id, items AS had, 0 AS actual FROM user_tags
      WHERE user_id >= ?1 AND user_id < ?2
      UNION ALL
      SELECT k.creator_id, k.visibility, t.tag_id, 0, 1
      FROM shared_knowledge k JOIN knowledge_tags t ON t.knowledge_id = k.id
      WHERE k.creator_id >= ?1 AND k.creator_id < ?2)
GROUP BY 1, 2, 3 HAVING sum(had) <> sum(actual)

-- name: check_user_tags
SELECT w.user_id, w.had, w.visibility, (SELECT g.name FROM tags g WHERE g.id = w.tag_id), w.actual
FROM ({wrong_user_tags}) w;

-- name: mend_user_tags
INSERT INTO user_tags (user_id, visibility, tag_id, items)
SELECT w.user_id, w.visibility, w.tag_id, w.actual FROM ({wrong_user_tags}) w WHERE 1
ON CONFLICT DO UPDATE SET items = excluded.items;

-- name: mend_user_tags_away
DELETE FROM user_tags WHERE user_id >= ?1 AND user_id < ?2 AND items = 0;

-- fragment: wrong_uses
SELECT g.id, g.name, g.uses AS had,
       (SELECT count(*) FROM knowledge_tags t JOIN shared_knowledge k ON k.id = t.knowledge_id
        WHERE t.tag_id = g.id AND k.visibility = 'public') AS actual
FROM tags g WHERE g.id >= ?1 AND g.id < ?2 AND had <> actual

-- name: check_uses
SELECT name, had, actual FROM ({wrong_uses}) w;

-- name: mend_uses
UPDATE tags SET uses = w.actual FROM ({wrong_uses}) w WHERE tags.id = w.id;

-- The sets of users as they must be. Equal sets are equal BLOBs (lib/store/ids.h): a row of the table,
-- or of these, is wrong when the other has no equal one.
-- fragment: recounted_tag_users
SELECT ids_key(t.tag_id, k.creator_id) AS id,
       ids_of(k.creator_id) FILTER (WHERE k.visibility = 'public') AS public_users,
       ids_of(k.creator_id) FILTER (WHERE k.visibility = 'friends') AS friends_users
FROM knowledge_tags t CROSS JOIN shared_knowledge k ON k.id = t.knowledge_id
WHERE t.tag_id >= ?1 AND t.tag_id < ?2 AND k.visibility IN ('public', 'friends')
GROUP BY 1

-- fragment: wrong_tag_users
SELECT id
FROM (SELECT id, public_users, friends_users FROM tag_users
      WHERE id >= ids_key(?1, 0) AND id < ids_key(?2, 0)
      UNION ALL
      SELECT id, public_users, friends_users FROM ({recounted_tag_users}) x)
GROUP BY id, public_users, friends_users HAVING count(*) = 1

-- name: check_tag_users
SELECT DISTINCT coalesce(g.name, ids_owner(w.id))
FROM ({wrong_tag_users}) w LEFT JOIN tags g ON g.id = ids_owner(w.id);

-- name: mend_tag_users_away
DELETE FROM tag_users WHERE id IN ({wrong_tag_users});

-- name: mend_tag_users
INSERT INTO tag_users (id, public_users, friends_users)
SELECT x.id, x.public_users, x.friends_users FROM ({recounted_tag_users}) x WHERE 1
ON CONFLICT DO NOTHING;

-- --- users ---

-- fragment: recounted_users
SELECT u.id AS user_id,
       (SELECT count(*) FROM shared_knowledge k
        WHERE k.creator_id = u.id AND k.visibility = 'public') AS public_knowledge,
       (SELECT count(*) FROM shared_knowledge k
        WHERE k.creator_id = u.id AND k.visibility = 'friends') AS friends_knowledge,
       (SELECT count(*) FROM shared_knowledge k
        WHERE k.creator_id = u.id AND k.visibility = 'private') AS private_knowledge,
       (SELECT coalesce(sum(k.upvotes), 0) FROM shared_knowledge k WHERE k.creator_id = u.id) AS upvotes,
       (SELECT count(*) FROM aeon_interactions i WHERE i.aeon_user_id = u.id)
       + (SELECT count(*) FROM aeon_interactions i WHERE i.target_aeon_user_id = u.id) AS interactions,
       (SELECT count(*) FROM aeon_interactions i WHERE i.aeon_user_id = u.id AND i.is_public = 1)
       + (SELECT count(*) FROM aeon_interactions i
          WHERE i.target_aeon_user_id = u.id AND i.is_public = 1) AS public_interactions,
       (SELECT count(*) FROM user_tags t WHERE t.user_id = u.id AND t.visibility = 'public') AS public_tags,
       (SELECT count(DISTINCT t.tag_id) FROM user_tags t
        WHERE t.user_id = u.id AND t.visibility IN ('public', 'friends')) AS friends_tags
FROM users u WHERE u.id >= ?1 AND u.id < ?2 AND u.erased_at IS NULL

-- name: check_user_counts
SELECT x.user_id,
       iif(c.public_knowledge IS x.public_knowledge, '', ' public_knowledge')
       || iif(c.friends_knowledge IS x.friends_knowledge, '', ' friends_knowledge')
       || iif(c.private_knowledge IS x.private_knowledge, '', ' private_knowledge')
       || iif(c.upvotes IS x.upvotes, '', ' upvotes')
       || iif(c.interactions IS x.interactions, '', ' interactions')
       || iif(c.public_interactions IS x.public_interactions, '', ' public_interactions')
       || iif(c.public_tags IS x.public_tags, '', ' public_tags')
       || iif(c.friends_tags IS x.friends_tags, '', ' friends_tags') AS wrong
FROM ({recounted_users}) x LEFT JOIN user_counts c ON c.user_id = x.user_id
WHERE wrong <> '';

-- name: mend_user_counts_missing
INSERT INTO user_counts (user_id)
SELECT u.id FROM users u WHERE u.id >= ?1 AND u.id < ?2 AND u.erased_at IS NULL
ON CONFLICT DO NOTHING;

-- name: mend_user_counts
UPDATE user_counts SET public_knowledge = x.public_knowledge,
	friends_knowledge = x.friends_knowledge, private_knowledge = x.private_knowledge,
	upvotes = x.upvotes, interactions = x.interactions,
	public_interactions = x.public_interactions, public_tags = x.public_tags,
	friends_tags = x.friends_tags
FROM ({recounted_users}) x WHERE user_counts.user_id = x.user_id;

-- The users by their numbers of tags. These users are those of one range of ids.
-- fragment: recounted_tag_counts
SELECT id, max(public_users) AS public_users, max(friends_users) AS friends_users
FROM (SELECT ids_key(public_tags, user_id) AS id, ids_of(user_id) AS public_users, x'' AS friends_users
      FROM user_counts WHERE user_id >= ?1 AND user_id < ?2 AND public_tags > 0 GROUP BY 1
      UNION ALL
      SELECT ids_key(friends_tags, user_id), x'', ids_of(user_id)
      FROM user_counts WHERE user_id >= ?1 AND user_id < ?2 AND friends_tags > 0 GROUP BY 1)
GROUP BY 1

-- fragment: wrong_tag_counts
SELECT id
FROM (SELECT id, public_users, friends_users FROM tag_count_users WHERE ids_first(id) = ?1
      UNION ALL
      SELECT id, public_users, friends_users FROM ({recounted_tag_counts}) x)
GROUP BY id, public_users, friends_users HAVING count(*) = 1

-- name: check_tag_counts
SELECT DISTINCT ids_owner(w.id) FROM ({wrong_tag_counts}) w;

-- name: mend_tag_counts_away
DELETE FROM tag_count_users WHERE id IN ({wrong_tag_counts});

-- name: mend_tag_counts
INSERT INTO tag_count_users (id, public_users, friends_users)
SELECT x.id, x.public_users, x.friends_users FROM ({recounted_tag_counts}) x WHERE 1
ON CONFLICT DO NOTHING;
