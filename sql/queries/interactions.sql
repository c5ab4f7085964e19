-- AEON interactions.

-- name: interaction_insert
INSERT INTO aeon_interactions (aeon_user_id, target_aeon_user_id, interaction_type, content, context,
                               created_at, is_public, parent_id, meta_data)
VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, nullif(?8, 0), ?9);

-- name: interaction_one
SELECT {interaction_columns} FROM aeon_interactions i
JOIN users author ON author.id = i.aeon_user_id
JOIN users target ON target.id = i.target_aeon_user_id
WHERE i.id = ?2 AND {interaction_visible};

-- Both sides are ordered walks of an index, merged.
-- name: interactions_mine
SELECT {interaction_columns} FROM aeon_interactions i
CROSS JOIN users author ON author.id = i.aeon_user_id
CROSS JOIN users target ON target.id = i.target_aeon_user_id
WHERE i.aeon_user_id = ?1 AND i.id < ?5 AND {interaction_visible}
  AND (?2 IS NULL OR i.interaction_type = ?2) AND (?3 < 0 OR i.is_public = ?3)
  AND (?4 = 0 OR i.target_aeon_user_id = ?4)
UNION ALL
SELECT {interaction_columns} FROM aeon_interactions i
CROSS JOIN users author ON author.id = i.aeon_user_id
CROSS JOIN users target ON target.id = i.target_aeon_user_id
WHERE i.target_aeon_user_id = ?1 AND i.id < ?5 AND {interaction_visible}
  AND (?2 IS NULL OR i.interaction_type = ?2) AND (?3 < 0 OR i.is_public = ?3)
  AND (?4 = 0 OR i.aeon_user_id = ?4)
ORDER BY 1 DESC LIMIT ?6;

-- name: interactions_public
SELECT {interaction_columns} FROM aeon_interactions i
CROSS JOIN users author ON author.id = i.aeon_user_id
CROSS JOIN users target ON target.id = i.target_aeon_user_id
WHERE i.is_public = 1 AND i.id < ?4 AND {interaction_visible}
  AND (?2 IS NULL OR i.interaction_type = ?2)
  AND (?3 = 0 OR ?3 IN (i.aeon_user_id, i.target_aeon_user_id))
ORDER BY i.id DESC LIMIT ?5;

-- name: interaction_for_response
SELECT i.aeon_user_id, i.target_aeon_user_id, i.response_content IS NOT NULL
FROM aeon_interactions i WHERE i.id = ?2 AND {interaction_visible};

-- name: interaction_delete
DELETE FROM aeon_interactions WHERE id = ?1;

-- name: interaction_respond
UPDATE aeon_interactions SET response_content = ?2, response_at = ?3, responded_by = ?4
WHERE id = ?1 AND response_content IS NULL;
