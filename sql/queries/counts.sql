-- Stored counters compared with a recount: the differences from row :first on and before :end, and
-- their repair. A step has some hundreds of rows, because the realm runs meanwhile.

-- The last row of each table.
-- name: recount_ends :one
-- gives: rooms int, messages int, knowledge int, users int, tags int
-- engine: sqlite
SELECT coalesce((SELECT max(number) FROM chat_rooms), 0) AS rooms,
       coalesce((SELECT max(rowid) FROM real_time_messages), 0) AS messages,
       coalesce((SELECT max(id) FROM shared_knowledge), 0) AS knowledge,
       coalesce((SELECT max(id) FROM users), 0) AS users,
       coalesce((SELECT max(id) FROM tags), 0) AS tags;

-- --- rooms and messages ---

-- fragment: wrong_participants
SELECT id, had, actual
FROM (SELECT r.id, r.current_participants AS had,
             (SELECT count(*) FROM room_participants m WHERE m.room_id = r.id AND m.is_active = 1) AS actual
      FROM chat_rooms r WHERE r.number >= :first AND r.number < :end) x
WHERE had <> actual

-- name: check_participants :each
-- takes: first int, end int
-- gives: finding text
SELECT 'Room ' || w.id || ': current_participants is ' || w.had || ', but the number of participants is '
       || w.actual || '.' AS finding
FROM ({wrong_participants}) w;

-- name: repair_participants :exec
-- takes: first int, end int
UPDATE chat_rooms SET current_participants = w.actual,
	max_participants = max(max_participants, w.actual)
FROM ({wrong_participants}) w WHERE chat_rooms.id = w.id;

-- A gap in a room's log cannot be repaired.
-- name: check_room_seq :each
-- takes: first int, end int
-- gives: finding text
SELECT 'Room ' || r.id || ': last_seq is ' || r.last_seq || ', but the log has ' || l.entries
       || ' entries, from seq ' || l.oldest || ' to ' || l.newest || '.' AS finding
FROM chat_rooms r
JOIN (SELECT room_id, count(*) AS entries, min(seq) AS oldest, max(seq) AS newest
      FROM (SELECT room_id, seq FROM real_time_messages
            UNION ALL SELECT room_id, seq FROM message_changes) entries
      GROUP BY room_id) l ON l.room_id = r.id
WHERE r.number >= :first AND r.number < :end
  AND (l.oldest <> r.first_seq OR l.newest <> r.last_seq OR l.entries <> l.newest - l.oldest + 1);

-- fragment: wrong_reactions
SELECT id, had, actual
FROM (SELECT m.id, m.reaction_count AS had,
             (SELECT count(*) FROM message_reactions x WHERE x.message_id = m.id) AS actual
      FROM real_time_messages m WHERE m.rowid >= :first AND m.rowid < :end) x
WHERE had <> actual

-- name: check_reactions :each
-- takes: first int, end int
-- gives: finding text
-- engine: sqlite
SELECT 'Message ' || w.id || ': reaction_count is ' || w.had || ', but the number of reactions is '
       || w.actual || '.' AS finding
FROM ({wrong_reactions}) w;

-- name: repair_reactions :exec
-- takes: first int, end int
-- engine: sqlite
UPDATE real_time_messages SET reaction_count = w.actual
FROM ({wrong_reactions}) w WHERE real_time_messages.id = w.id;

-- --- knowledge ---

-- fragment: wrong_votes
SELECT id, had_up, had_down, up, down
FROM (SELECT k.id, k.upvotes AS had_up, k.downvotes AS had_down,
             (SELECT count(*) FROM knowledge_votes v WHERE v.knowledge_id = k.id AND v.value = 1) AS up,
             (SELECT count(*) FROM knowledge_votes v WHERE v.knowledge_id = k.id AND v.value = -1) AS down
      FROM shared_knowledge k WHERE k.id >= :first AND k.id < :end) x
WHERE (had_up <> up OR had_down <> down)

-- name: check_votes :each
-- takes: first int, end int
-- gives: finding text
SELECT 'Knowledge ' || w.id || ': upvotes is ' || w.had_up || ' and downvotes is ' || w.had_down
       || ', but the numbers of votes are ' || w.up || ' and ' || w.down || '.' AS finding
FROM ({wrong_votes}) w;

-- name: repair_votes :exec
-- takes: first int, end int
UPDATE shared_knowledge SET upvotes = w.up, downvotes = w.down
FROM ({wrong_votes}) w WHERE shared_knowledge.id = w.id;

-- fragment: wrong_cites
SELECT x.id, had_twins, had_askers, had_approvals, had_rejections, twins, askers, approvals, rejections
FROM (SELECT k.id, k.citing_twins AS had_twins, k.citing_askers AS had_askers, k.approvals AS had_approvals,
             k.rejections AS had_rejections,
             (SELECT count(DISTINCT c.twin_id) FROM knowledge_cites c
              WHERE c.knowledge_id = k.id AND c.mark >= 0) AS twins,
             (SELECT count(DISTINCT c.asker_id) FROM knowledge_cites c
              WHERE c.knowledge_id = k.id AND c.mark >= 0) AS askers,
             (SELECT count(DISTINCT c.twin_id) FROM knowledge_cites c
              WHERE c.knowledge_id = k.id AND c.mark = 1) AS approvals,
             (SELECT count(DISTINCT c.twin_id) FROM knowledge_cites c
              WHERE c.knowledge_id = k.id AND c.mark = -1) AS rejections
      FROM shared_knowledge k WHERE k.id >= :first AND k.id < :end) x
WHERE (had_twins, had_askers, had_approvals, had_rejections) <> (twins, askers, approvals, rejections)

-- name: check_cites :each
-- takes: first int, end int
-- gives: finding text
SELECT 'Knowledge ' || w.id || ': citing_twins, citing_askers, approvals and rejections are ' || w.had_twins
       || ', ' || w.had_askers || ', ' || w.had_approvals || ' and ' || w.had_rejections
       || ', but the numbers of users are ' || w.twins || ', ' || w.askers || ', ' || w.approvals || ' and '
       || w.rejections || '.' AS finding
FROM ({wrong_cites}) w;

-- name: repair_cites :exec
-- takes: first int, end int
UPDATE shared_knowledge
SET citing_twins = w.twins, citing_askers = w.askers, approvals = w.approvals, rejections = w.rejections
FROM ({wrong_cites}) w WHERE shared_knowledge.id = w.id;

-- fragment: wrong_shares
SELECT id, had, actual
FROM (SELECT k.id, k.share_count AS had,
             (SELECT count(*) FROM knowledge_shares s WHERE s.knowledge_id = k.id) AS actual
      FROM shared_knowledge k WHERE k.id >= :first AND k.id < :end) x
WHERE had <> actual

-- name: check_shares :each
-- takes: first int, end int
-- gives: finding text
SELECT 'Knowledge ' || w.id || ': share_count is ' || w.had || ', but the number of shares is '
       || w.actual || '.' AS finding
FROM ({wrong_shares}) w;

-- name: repair_shares :exec
-- takes: first int, end int
UPDATE shared_knowledge SET share_count = w.actual
FROM ({wrong_shares}) w WHERE shared_knowledge.id = w.id;

-- fragment: wrong_tagging
SELECT id, name, sum(had) AS had, sum(actual) AS actual
FROM (SELECT t.knowledge_id AS id, g.name, 1 AS had, 0 AS actual
      FROM knowledge_tags t JOIN tags g ON g.id = t.tag_id
      WHERE t.knowledge_id >= :first AND t.knowledge_id < :end
      UNION ALL
      SELECT k.id, j.value, 0, 1 FROM shared_knowledge k, json_each(k.tags) j
      WHERE k.id >= :first AND k.id < :end) x
GROUP BY 1, 2 HAVING sum(had) <> sum(actual)

-- name: check_tagging :each
-- takes: first int, end int
-- gives: finding text
SELECT 'Knowledge ' || w.id || ': the tag index is wrong about the tag ' || w.name || '.' AS finding
FROM ({wrong_tagging}) w;

-- name: repair_tagging_tags :exec
-- takes: first int, end int
INSERT INTO tags (name) SELECT w.name FROM ({wrong_tagging}) w WHERE w.actual > 0
ON CONFLICT (name) DO NOTHING;

-- name: repair_tagging_delete :exec
-- takes: first int, end int
DELETE FROM knowledge_tags
WHERE (knowledge_id, tag_id) IN (SELECT w.id, g.id FROM ({wrong_tagging}) w
                                 JOIN tags g ON g.name = w.name WHERE w.actual = 0);

-- name: repair_tagging_insert :exec
-- takes: first int, end int
INSERT INTO knowledge_tags (knowledge_id, tag_id, score, usefulness)
SELECT w.id, g.id, k.score, k.usefulness FROM ({wrong_tagging}) w
JOIN tags g ON g.name = w.name JOIN shared_knowledge k ON k.id = w.id WHERE w.actual > 0;

-- fragment: wrong_scores
SELECT t.knowledge_id AS id, t.score AS had, k.score AS actual, t.usefulness AS had_useful,
       k.usefulness AS useful
FROM shared_knowledge k JOIN knowledge_tags t ON t.knowledge_id = k.id
WHERE k.id >= :first AND k.id < :end AND (t.score <> k.score OR t.usefulness <> k.usefulness)

-- name: check_scores :each
-- takes: first int, end int
-- gives: finding text
SELECT DISTINCT 'Knowledge ' || w.id || ': its score and its usefulness in the tag index are ' || w.had
       || ' and ' || w.had_useful || ', but its votes and cites give ' || w.actual || ' and ' || w.useful
       || '.' AS finding
FROM ({wrong_scores}) w;

-- name: repair_scores :exec
-- takes: first int, end int
UPDATE knowledge_tags SET score = w.actual, usefulness = w.useful
FROM ({wrong_scores}) w WHERE knowledge_tags.knowledge_id = w.id;

-- --- tags ---

-- fragment: wrong_user_tags
SELECT user_id, visibility, tag_id, sum(had) AS had, sum(actual) AS actual
FROM (SELECT user_id, visibility, tag_id, items AS had, 0 AS actual FROM user_tags
      WHERE user_id >= :first AND user_id < :end
      UNION ALL
      SELECT k.creator_id, k.visibility, t.tag_id, 0, 1
      FROM shared_knowledge k JOIN knowledge_tags t ON t.knowledge_id = k.id
      WHERE k.creator_id >= :first AND k.creator_id < :end) x
GROUP BY 1, 2, 3 HAVING sum(had) <> sum(actual)

-- name: check_user_tags :each
-- takes: first int, end int
-- gives: finding text
SELECT 'User ' || w.user_id || ': user_tags counts ' || w.had || ' ' || w.visibility || ' items with the tag '
       || coalesce((SELECT g.name FROM tags g WHERE g.id = w.tag_id), '?')
       || ', but the number of items is ' || w.actual || '.' AS finding
FROM ({wrong_user_tags}) w;

-- name: repair_user_tags :exec
-- takes: first int, end int
INSERT INTO user_tags (user_id, visibility, tag_id, items)
SELECT w.user_id, w.visibility, w.tag_id, w.actual FROM ({wrong_user_tags}) w WHERE true
ON CONFLICT (user_id, tag_id, visibility) DO UPDATE SET items = excluded.items;

-- name: repair_user_tags_delete :exec
-- takes: first int, end int
DELETE FROM user_tags WHERE user_id >= :first AND user_id < :end AND items = 0;

-- fragment: wrong_uses
SELECT id, name, had, actual
FROM (SELECT g.id, g.name, g.uses AS had,
             (SELECT count(*) FROM knowledge_tags t JOIN shared_knowledge k ON k.id = t.knowledge_id
              WHERE t.tag_id = g.id AND k.visibility = 'public') AS actual
      FROM tags g WHERE g.id >= :first AND g.id < :end) x
WHERE had <> actual

-- name: check_uses :each
-- takes: first int, end int
-- gives: finding text
SELECT 'Tag ' || w.name || ': uses is ' || w.had || ', but the number of public items is '
       || w.actual || '.' AS finding
FROM ({wrong_uses}) w;

-- name: repair_uses :exec
-- takes: first int, end int
UPDATE tags SET uses = w.actual FROM ({wrong_uses}) w WHERE tags.id = w.id;

-- The correct sets of users. Equal sets are equal BLOBs (lib/store/ids.h): a row of the table,
-- or of these, is wrong when the other has no equal one.
-- fragment: recounted_tag_users
SELECT ids_key(t.tag_id, k.creator_id) AS id,
       ids_of(k.creator_id) FILTER (WHERE k.visibility = 'public') AS public_users,
       ids_of(k.creator_id) FILTER (WHERE k.visibility = 'friends') AS friends_users
FROM knowledge_tags t CROSS JOIN shared_knowledge k ON k.id = t.knowledge_id
WHERE t.tag_id >= :first AND t.tag_id < :end AND k.visibility IN ('public', 'friends')
GROUP BY 1

-- fragment: wrong_tag_users
SELECT id
FROM (SELECT id, public_users, friends_users FROM tag_users
      WHERE id >= ids_key(:first, 0) AND id < ids_key(:end, 0)
      UNION ALL
      SELECT id, public_users, friends_users FROM ({recounted_tag_users}) x)
GROUP BY id, public_users, friends_users HAVING count(*) = 1

-- name: check_tag_users :each
-- takes: first int, end int
-- gives: finding text
-- engine: sqlite
SELECT DISTINCT 'Tag ' || coalesce(g.name, ids_owner(w.id)) || ': its set of users is wrong.' AS finding
FROM ({wrong_tag_users}) w LEFT JOIN tags g ON g.id = ids_owner(w.id);

-- name: repair_tag_users_delete :exec
-- takes: first int, end int
-- engine: sqlite
DELETE FROM tag_users WHERE id IN ({wrong_tag_users});

-- name: repair_tag_users :exec
-- takes: first int, end int
-- engine: sqlite
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
FROM users u WHERE u.id >= :first AND u.id < :end AND u.erased_at IS NULL

-- name: check_user_counts :each
-- takes: first int, end int
-- gives: finding text
SELECT 'User ' || w.user_id || ': these counts are wrong:' || w.wrong || '.' AS finding
FROM (SELECT x.user_id,
       CASE WHEN c.public_knowledge IS NOT DISTINCT FROM x.public_knowledge THEN '' ELSE ' public_knowledge' END
       || CASE WHEN c.friends_knowledge IS NOT DISTINCT FROM x.friends_knowledge THEN '' ELSE ' friends_knowledge' END
       || CASE WHEN c.private_knowledge IS NOT DISTINCT FROM x.private_knowledge THEN '' ELSE ' private_knowledge' END
       || CASE WHEN c.upvotes IS NOT DISTINCT FROM x.upvotes THEN '' ELSE ' upvotes' END
       || CASE WHEN c.interactions IS NOT DISTINCT FROM x.interactions THEN '' ELSE ' interactions' END
       || CASE WHEN c.public_interactions IS NOT DISTINCT FROM x.public_interactions THEN '' ELSE ' public_interactions' END
       || CASE WHEN c.public_tags IS NOT DISTINCT FROM x.public_tags THEN '' ELSE ' public_tags' END
       || CASE WHEN c.friends_tags IS NOT DISTINCT FROM x.friends_tags THEN '' ELSE ' friends_tags' END AS wrong
FROM ({recounted_users}) x LEFT JOIN user_counts c ON c.user_id = x.user_id) w
WHERE w.wrong <> '';

-- name: repair_user_counts_insert :exec
-- takes: first int, end int
INSERT INTO user_counts (user_id)
SELECT u.id FROM users u WHERE u.id >= :first AND u.id < :end AND u.erased_at IS NULL
ON CONFLICT DO NOTHING;

-- name: repair_user_counts :exec
-- takes: first int, end int
UPDATE user_counts SET public_knowledge = x.public_knowledge,
	friends_knowledge = x.friends_knowledge, private_knowledge = x.private_knowledge,
	upvotes = x.upvotes, interactions = x.interactions,
	public_interactions = x.public_interactions, public_tags = x.public_tags,
	friends_tags = x.friends_tags
FROM ({recounted_users}) x WHERE user_counts.user_id = x.user_id;

-- The users by their numbers of tags, for the users of one range of ids.
-- fragment: recounted_tag_counts
SELECT id, max(public_users) AS public_users, max(friends_users) AS friends_users
FROM (SELECT ids_key(public_tags, user_id) AS id, ids_of(user_id) AS public_users, x'' AS friends_users
      FROM user_counts WHERE user_id >= :first AND user_id < :end AND public_tags > 0 GROUP BY 1
      UNION ALL
      SELECT ids_key(friends_tags, user_id), x'', ids_of(user_id)
      FROM user_counts WHERE user_id >= :first AND user_id < :end AND friends_tags > 0 GROUP BY 1)
GROUP BY 1

-- fragment: wrong_tag_counts
SELECT id
FROM (SELECT id, public_users, friends_users FROM tag_count_users WHERE ids_first(id) = :first
      UNION ALL
      SELECT id, public_users, friends_users FROM ({recounted_tag_counts}) x)
GROUP BY id, public_users, friends_users HAVING count(*) = 1

-- name: check_tag_counts :each
-- takes: first int, end int
-- gives: finding text
-- engine: sqlite
SELECT DISTINCT 'The set of users with ' || ids_owner(w.id) || ' tags is wrong.' AS finding
FROM ({wrong_tag_counts}) w;

-- name: repair_tag_counts_delete :exec
-- takes: first int, end int
-- engine: sqlite
DELETE FROM tag_count_users WHERE id IN ({wrong_tag_counts});

-- name: repair_tag_counts :exec
-- takes: first int, end int
-- engine: sqlite
INSERT INTO tag_count_users (id, public_users, friends_users)
SELECT x.id, x.public_users, x.friends_users FROM ({recounted_tag_counts}) x WHERE 1
ON CONFLICT DO NOTHING;

-- All texts are read, because messages have no index by sender.
-- fragment: wrong_text_bytes
SELECT c.user_id AS id, c.text_bytes AS had, coalesce(x.bytes, 0) AS actual
FROM user_counts c
LEFT JOIN (SELECT author, sum(bytes) AS bytes
           FROM (SELECT m.sender_id AS author,
                        length(CAST(m.content || coalesce(m.meta_data, '') AS BLOB)) AS bytes
                 FROM real_time_messages m
                 UNION ALL
                 SELECT f.sender_id, length(CAST(f.content AS BLOB)) FROM former_texts f
                 UNION ALL
                 SELECT k.creator_id, length(CAST(coalesce(k.title, '') || k.content || k.tags || coalesce(k.meta_data, '') AS BLOB))
                 FROM shared_knowledge k
                 UNION ALL
                 SELECT i.aeon_user_id,
                        length(CAST(i.content || coalesce(i.context, '') || coalesce(i.meta_data, '') AS BLOB))
                 FROM aeon_interactions i
                 UNION ALL
                 SELECT i.target_aeon_user_id, length(CAST(i.response_content AS BLOB))
                 FROM aeon_interactions i WHERE i.response_content IS NOT NULL
                 UNION ALL
                 SELECT y.owner_id,
                        length(CAST(y.content || coalesce(y.quote, '') || coalesce(y.meta_data, '') AS BLOB))
                 FROM twin_memories y
                 UNION ALL
                 SELECT v.owner_id, length(CAST(l.content || coalesce(l.context, '') AS BLOB))
                 FROM twin_conversations v JOIN twin_chat l ON l.conversation_id = v.id) texts
           GROUP BY author) x ON x.author = c.user_id
WHERE c.user_id >= :first AND c.user_id < :end AND c.text_bytes <> coalesce(x.bytes, 0)

-- name: check_text_bytes :each
-- takes: first int, end int
-- gives: finding text
SELECT 'User ' || w.id || ': text_bytes is ' || w.had || ', but the texts have ' || w.actual || ' bytes.' AS finding
FROM ({wrong_text_bytes}) w;

-- name: repair_text_bytes :exec
-- takes: first int, end int
UPDATE user_counts SET text_bytes = w.actual FROM ({wrong_text_bytes}) w WHERE user_counts.user_id = w.id;
