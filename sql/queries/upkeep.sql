-- What the administrator asks: numbers, and counters against a recount.

-- name: realm_stats
SELECT (SELECT count(*) FROM users), (SELECT count(*) FROM users WHERE is_active = 0),
       (SELECT count(*) FROM sessions), (SELECT count(*) FROM chat_rooms),
       (SELECT count(*) FROM room_participants WHERE is_active = 1),
       (SELECT count(*) FROM real_time_messages), (SELECT count(*) FROM user_relationships),
       (SELECT count(*) FROM shared_knowledge), (SELECT count(*) FROM knowledge_votes),
       (SELECT count(*) FROM aeon_interactions), (SELECT count(*) FROM realm_events);

-- name: check_room_counts
SELECT r.id, r.current_participants,
       (SELECT count(*) FROM room_participants m WHERE m.room_id = r.id AND m.is_active = 1) AS actual
FROM chat_rooms r WHERE r.current_participants <> actual;

-- name: check_room_seq
SELECT r.id, r.last_seq, l.entries
FROM chat_rooms r
JOIN (SELECT room_id, count(*) AS entries, min(seq) AS oldest, max(seq) AS newest
      FROM (SELECT room_id, seq FROM real_time_messages
            UNION ALL SELECT room_id, seq FROM message_changes) entries
      GROUP BY room_id) l ON l.room_id = r.id
WHERE l.oldest <> r.first_seq OR l.newest <> r.last_seq OR l.entries <> l.newest - l.oldest + 1;

-- name: check_reactions
SELECT m.id, m.reaction_count,
       (SELECT count(*) FROM message_reactions x WHERE x.message_id = m.id) AS actual
FROM real_time_messages m WHERE m.reaction_count <> actual;

-- name: check_votes
SELECT k.id, k.upvotes, k.downvotes,
       (SELECT count(*) FROM knowledge_votes v WHERE v.knowledge_id = k.id AND v.value = 1) AS up,
       (SELECT count(*) FROM knowledge_votes v WHERE v.knowledge_id = k.id AND v.value = -1) AS down
FROM shared_knowledge k WHERE k.upvotes <> up OR k.downvotes <> down;

-- name: check_tags
SELECT k.id FROM shared_knowledge k
WHERE json_array_length(k.tags) <> (SELECT count(*) FROM knowledge_tags t WHERE t.knowledge_id = k.id);

-- name: check_shares
SELECT k.id, k.share_count,
       (SELECT count(*) FROM knowledge_shares s WHERE s.knowledge_id = k.id) AS actual
FROM shared_knowledge k WHERE k.share_count <> actual;

-- name: check_tag_uses
SELECT g.name, g.uses,
       (SELECT count(*) FROM knowledge_tags t JOIN shared_knowledge k ON k.id = t.knowledge_id
        WHERE t.tag_id = g.id AND k.visibility = 'public') AS actual
FROM tags g WHERE g.uses <> actual;

-- name: check_tag_scores
SELECT k.id FROM shared_knowledge k
WHERE EXISTS (SELECT 1 FROM knowledge_tags t WHERE t.knowledge_id = k.id AND t.score <> k.score);

-- name: check_user_tags
SELECT user_id, tag_id, visibility, sum(kept), sum(there) FROM (
	SELECT user_id, tag_id, visibility, n AS kept, 0 AS there FROM user_tags
	UNION ALL
	SELECT k.creator_id, t.tag_id, k.visibility, 0, 1
	FROM knowledge_tags t JOIN shared_knowledge k ON k.id = t.knowledge_id
) both GROUP BY user_id, tag_id, visibility HAVING sum(kept) <> sum(there);

-- --- and what sets them right, in this order ---

-- name: mend_room_counts
UPDATE chat_rooms SET current_participants = (
	SELECT count(*) FROM room_participants m WHERE m.room_id = chat_rooms.id AND m.is_active = 1)
WHERE current_participants <> (
	SELECT count(*) FROM room_participants m WHERE m.room_id = chat_rooms.id AND m.is_active = 1);

-- name: mend_reactions
UPDATE real_time_messages SET reaction_count = (
	SELECT count(*) FROM message_reactions x WHERE x.message_id = real_time_messages.id)
WHERE reaction_count <> (
	SELECT count(*) FROM message_reactions x WHERE x.message_id = real_time_messages.id);

-- name: mend_votes
UPDATE shared_knowledge SET
	upvotes = (SELECT count(*) FROM knowledge_votes v
	           WHERE v.knowledge_id = shared_knowledge.id AND v.value = 1),
	downvotes = (SELECT count(*) FROM knowledge_votes v
	             WHERE v.knowledge_id = shared_knowledge.id AND v.value = -1);

-- name: mend_shares
UPDATE shared_knowledge SET share_count = (
	SELECT count(*) FROM knowledge_shares s WHERE s.knowledge_id = shared_knowledge.id);

-- name: mend_tag_names
INSERT INTO tags (name)
SELECT DISTINCT t.value FROM shared_knowledge k JOIN json_each(k.tags) t WHERE true
ON CONFLICT DO NOTHING;

-- name: mend_tags_wrong
DELETE FROM knowledge_tags WHERE (knowledge_id, tag_id) NOT IN (
	SELECT k.id, g.id FROM shared_knowledge k JOIN json_each(k.tags) t JOIN tags g ON g.name = t.value);

-- name: mend_tags_missing
INSERT INTO knowledge_tags (knowledge_id, tag_id, score)
SELECT k.id, g.id, k.score
FROM shared_knowledge k JOIN json_each(k.tags) t JOIN tags g ON g.name = t.value WHERE true
ON CONFLICT DO UPDATE SET score = excluded.score;

-- name: mend_user_tags_clear
DELETE FROM user_tags;

-- name: mend_user_tags
INSERT INTO user_tags (user_id, tag_id, visibility, n)
SELECT k.creator_id, t.tag_id, k.visibility, count(*)
FROM knowledge_tags t JOIN shared_knowledge k ON k.id = t.knowledge_id GROUP BY 1, 2, 3;

-- name: mend_tag_uses
UPDATE tags SET uses = (
	SELECT count(*) FROM knowledge_tags t JOIN shared_knowledge k ON k.id = t.knowledge_id
	WHERE t.tag_id = tags.id AND k.visibility = 'public');

-- name: mend_search
INSERT INTO knowledge_text (knowledge_text) VALUES ('rebuild');

-- name: mend_room_search
INSERT INTO room_text (room_text) VALUES ('rebuild');

-- --- what is kept for a while only: the oldest few at a time ---

-- name: trim_events
DELETE FROM realm_events
WHERE pos IN (SELECT pos FROM realm_events ORDER BY pos LIMIT ?2) AND created_at < ?1;

-- name: trim_answers
DELETE FROM first_answers
WHERE id IN (SELECT id FROM first_answers WHERE created_at < ?1 ORDER BY created_at LIMIT ?2);

-- Rooms whose log begins with what is past its time, and how far it may go: ids of messages begin
-- with their time.
-- name: trim_candidates
SELECT r.id, r.first_seq, max(o.seq)
FROM (SELECT room_id, seq FROM real_time_messages WHERE id < ?1 ORDER BY id LIMIT ?2) o
CROSS JOIN chat_rooms r ON r.id = o.room_id
GROUP BY o.room_id;

-- name: trim_gone_rooms
SELECT id, first_seq, last_seq FROM chat_rooms WHERE deleted_at IS NOT NULL ORDER BY deleted_at LIMIT 20;

-- name: trim_gone_room
DELETE FROM chat_rooms WHERE id = ?1;

-- name: trim_messages
DELETE FROM real_time_messages WHERE room_id = ?1 AND seq <= ?2;

-- name: trim_changes
DELETE FROM message_changes WHERE room_id = ?1 AND seq <= ?2;

-- name: trim_room
UPDATE chat_rooms SET first_seq = ?2 + 1 WHERE id = ?1;
