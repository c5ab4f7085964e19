-- Shared knowledge, its tags and votes.

-- name: knowledge_insert
INSERT INTO shared_knowledge (creator_id, content, knowledge_type, tags, visibility, created_at,
                              updated_at, meta_data)
VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?6, ?7);

-- name: tag_insert
INSERT INTO tags (name) VALUES (?1) ON CONFLICT (name) DO NOTHING;

-- name: knowledge_tag
INSERT INTO knowledge_tags (knowledge_id, tag_id, score)
SELECT k.id, g.id, k.score FROM tags g, shared_knowledge k WHERE g.name = ?2 AND k.id = ?1;

-- name: knowledge_untag
DELETE FROM knowledge_tags WHERE knowledge_id = ?1;

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

-- --- the best first: by score, then by id; ?5 and ?8 are those of the last one shown ---

-- name: knowledge_top
SELECT {knowledge_columns}, k.score || '/' || k.id
FROM shared_knowledge k CROSS JOIN users other ON other.id = k.creator_id
WHERE (k.score, k.id) < (?8, ?5) AND {knowledge_visible} AND {knowledge_filter}
ORDER BY k.score DESC, k.id DESC LIMIT ?6;

-- name: knowledge_top_by_creator
SELECT {knowledge_columns}, k.score || '/' || k.id
FROM shared_knowledge k CROSS JOIN users other ON other.id = k.creator_id
WHERE k.creator_id = ?4 AND (k.score, k.id) < (?8, ?5)
  AND {knowledge_visible} AND {knowledge_filter}
ORDER BY k.score DESC, k.id DESC LIMIT ?6;

-- name: knowledge_top_by_tag
SELECT {knowledge_columns}, t.score || '/' || t.knowledge_id
FROM tags g
CROSS JOIN knowledge_tags t ON t.tag_id = g.id
CROSS JOIN shared_knowledge k ON k.id = t.knowledge_id
CROSS JOIN users other ON other.id = k.creator_id
WHERE g.name = ?7 AND (t.score, t.knowledge_id) < (?8, ?5)
  AND {knowledge_visible} AND {knowledge_filter}
ORDER BY t.score DESC, t.knowledge_id DESC LIMIT ?6;

-- --- what was searched for: ?9 is the search, ?7 a tag ---

-- Ordered by rank as FTS5 gives it; ?10 are shown already, and ?8 will be. ?11 is what must be there,
-- too, but does not count.
-- name: knowledge_found
SELECT {knowledge_found_columns}, ?8
FROM knowledge_text f
CROSS JOIN shared_knowledge k ON k.id = f.rowid
CROSS JOIN users other ON other.id = k.creator_id
WHERE f.knowledge_text MATCH ?9 AND {knowledge_visible} AND {knowledge_filter} AND {knowledge_tagged}
  AND ?5 > 0
  AND (?11 IS NULL OR EXISTS (SELECT 1 FROM knowledge_text h
                              WHERE h.knowledge_text MATCH ?11 AND h.rowid = k.id))
ORDER BY f.rank LIMIT ?6 OFFSET ?10;

-- name: knowledge_found_new
SELECT {knowledge_found_columns}, k.id
FROM knowledge_text f
CROSS JOIN shared_knowledge k ON k.id = f.rowid
CROSS JOIN users other ON other.id = k.creator_id
WHERE f.knowledge_text MATCH ?9 AND f.rowid < ?5
  AND {knowledge_visible} AND {knowledge_filter} AND {knowledge_tagged}
ORDER BY f.rowid DESC LIMIT ?6;

-- name: knowledge_found_top
SELECT {knowledge_found_columns}, k.score || '/' || k.id
FROM knowledge_text f
CROSS JOIN shared_knowledge k ON k.id = f.rowid
CROSS JOIN users other ON other.id = k.creator_id
WHERE f.knowledge_text MATCH ?9 AND (k.score, k.id) < (?8, ?5)
  AND {knowledge_visible} AND {knowledge_filter} AND {knowledge_tagged}
ORDER BY k.score DESC, k.id DESC LIMIT ?6;

-- name: knowledge_term
SELECT doc FROM knowledge_terms WHERE term = ?1;

-- name: knowledge_newest
SELECT max(id) FROM shared_knowledge;

-- --- changing it ---

-- ?3 says what is given: 1 the content, 2 the type, 4 the tags, 8 the visibility, 16 the rest.
-- name: knowledge_update
UPDATE shared_knowledge SET
	content = CASE WHEN ?3 & 1 THEN coalesce(?4, content) ELSE content END,
	knowledge_type = CASE WHEN ?3 & 2 THEN coalesce(?5, knowledge_type) ELSE knowledge_type END,
	tags = CASE WHEN ?3 & 4 THEN ?6 ELSE tags END,
	visibility = CASE WHEN ?3 & 8 THEN coalesce(?7, visibility) ELSE visibility END,
	meta_data = CASE WHEN ?3 & 16 THEN ?8 ELSE meta_data END,
	updated_at = ?9
WHERE id = ?2 AND creator_id = ?1;

-- name: knowledge_delete
DELETE FROM shared_knowledge WHERE id = ?2 AND creator_id = ?1;

-- Who made what the viewer may see, and how it is to be seen.
-- name: knowledge_for_share
SELECT k.creator_id, k.visibility FROM shared_knowledge k JOIN users other ON other.id = k.creator_id
WHERE k.id = ?2 AND {knowledge_visible};

-- name: knowledge_share
INSERT INTO knowledge_shares (knowledge_id, user_id, target, created_at) VALUES (?1, ?2, ?3, ?4)
ON CONFLICT DO NOTHING;

-- name: knowledge_shared
SELECT ?2, ?3, id, username FROM users WHERE id = ?1;

-- name: knowledge_unvote
DELETE FROM knowledge_votes WHERE knowledge_id = ?1 AND user_id = ?2;

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
