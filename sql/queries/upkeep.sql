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
SELECT r.id, r.last_seq, m.messages FROM chat_rooms r
JOIN (SELECT room_id, count(*) AS messages, max(seq) AS newest FROM real_time_messages
      GROUP BY room_id) m ON m.room_id = r.id
WHERE r.last_seq <> m.newest OR r.last_seq <> m.messages;

-- name: check_votes
SELECT k.id, k.upvotes, k.downvotes,
       (SELECT count(*) FROM knowledge_votes v WHERE v.knowledge_id = k.id AND v.value = 1) AS up,
       (SELECT count(*) FROM knowledge_votes v WHERE v.knowledge_id = k.id AND v.value = -1) AS down
FROM shared_knowledge k WHERE k.upvotes <> up OR k.downvotes <> down;

-- name: check_tags
SELECT k.id FROM shared_knowledge k
WHERE json_array_length(k.tags) <> (SELECT count(*) FROM knowledge_tags t WHERE t.knowledge_id = k.id);
