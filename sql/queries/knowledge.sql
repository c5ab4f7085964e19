-- Shared knowledge, its tags and votes.

-- name: knowledge_insert
INSERT INTO shared_knowledge (creator_id, content, knowledge_type, tags, visibility, created_at,
                              updated_at, meta_data)
VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?6, ?7);

-- name: tag_insert
INSERT INTO tags (name) VALUES (?1) ON CONFLICT (name) DO NOTHING;

-- name: knowledge_tag
INSERT INTO knowledge_tags (knowledge_id, tag_id)
SELECT ?1, id FROM tags WHERE name = ?2;

-- name: knowledge_one
SELECT {knowledge_columns} FROM shared_knowledge k JOIN users other ON other.id = k.creator_id
WHERE k.id = ?2 AND {knowledge_visible};

-- name: knowledge_list
SELECT {knowledge_columns} FROM shared_knowledge k CROSS JOIN users other ON other.id = k.creator_id
WHERE k.id < ?5 AND {knowledge_visible} AND {knowledge_filter}
ORDER BY k.id DESC LIMIT ?6;

-- name: knowledge_list_by_creator
SELECT {knowledge_columns} FROM shared_knowledge k CROSS JOIN users other ON other.id = k.creator_id
WHERE k.creator_id = ?4 AND k.id < ?5 AND {knowledge_visible} AND {knowledge_filter}
ORDER BY k.id DESC LIMIT ?6;

-- name: knowledge_list_by_tag
SELECT {knowledge_columns} FROM tags g
CROSS JOIN knowledge_tags t ON t.tag_id = g.id
CROSS JOIN shared_knowledge k ON k.id = t.knowledge_id
CROSS JOIN users other ON other.id = k.creator_id
WHERE g.name = ?7 AND t.knowledge_id < ?5 AND {knowledge_visible} AND {knowledge_filter}
ORDER BY t.knowledge_id DESC LIMIT ?6;

-- Who made it, what the viewer voted (0: nothing), and the counts.
-- name: knowledge_for_vote
SELECT k.creator_id, coalesce((SELECT v.value FROM knowledge_votes v
                               WHERE v.knowledge_id = k.id AND v.user_id = ?1), 0),
       k.upvotes, k.downvotes
FROM shared_knowledge k JOIN users other ON other.id = k.creator_id
WHERE k.id = ?2 AND {knowledge_visible};

-- name: knowledge_vote
INSERT INTO knowledge_votes (knowledge_id, user_id, value, created_at) VALUES (?1, ?2, ?3, ?4)
ON CONFLICT (knowledge_id, user_id) DO UPDATE SET value = excluded.value,
	created_at = excluded.created_at;

-- name: knowledge_count_votes
UPDATE shared_knowledge SET upvotes = upvotes + ?2, downvotes = downvotes + ?3 WHERE id = ?1;
