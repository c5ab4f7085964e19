-- AEON interactions.

-- name: interaction_insert :insert
-- takes: author int, target int, type text, content text, context json, now time, is_public bool,
-- takes: parent int, meta_data json, turn int
-- gives: id int
INSERT INTO aeon_interactions (aeon_user_id, target_aeon_user_id, interaction_type, content, context,
                               created_at, is_public, parent_id, meta_data, turn_id)
VALUES (:author, :target, :type, :content, :context, :now, :is_public, nullif(:parent, 0), :meta_data,
        nullif(:turn, 0));

-- name: interaction_one :object interaction
-- takes: viewer int, id int
SELECT {interaction_columns} FROM aeon_interactions i
JOIN users author ON author.id = i.aeon_user_id
JOIN users target ON target.id = i.target_aeon_user_id
WHERE i.id = :id AND {interaction_visible};

-- Each side is an ordered walk of an index; the two are merged.
-- name: interactions_mine :page interaction
-- takes: viewer int, type text, is_public int, partner int, before int, limit int
SELECT {interaction_columns} FROM aeon_interactions i
CROSS JOIN users author ON author.id = i.aeon_user_id
CROSS JOIN users target ON target.id = i.target_aeon_user_id
WHERE i.aeon_user_id = :viewer AND i.id < :before AND {interaction_visible}
  AND (:type IS NULL OR i.interaction_type = :type) AND (:is_public < 0 OR i.is_public = :is_public)
  AND (:partner = 0 OR i.target_aeon_user_id = :partner)
UNION ALL
SELECT {interaction_columns} FROM aeon_interactions i
CROSS JOIN users author ON author.id = i.aeon_user_id
CROSS JOIN users target ON target.id = i.target_aeon_user_id
WHERE i.target_aeon_user_id = :viewer AND i.id < :before AND {interaction_visible}
  AND (:type IS NULL OR i.interaction_type = :type) AND (:is_public < 0 OR i.is_public = :is_public)
  AND (:partner = 0 OR i.aeon_user_id = :partner)
ORDER BY 1 DESC LIMIT :limit;

-- name: interactions_public :page interaction
-- takes: viewer int, type text, partner int, before int, limit int
SELECT {interaction_columns} FROM aeon_interactions i
CROSS JOIN users author ON author.id = i.aeon_user_id
CROSS JOIN users target ON target.id = i.target_aeon_user_id
WHERE i.is_public = 1 AND i.id < :before AND {interaction_visible}
  AND (:type IS NULL OR i.interaction_type = :type)
  AND (:partner = 0 OR :partner IN (i.aeon_user_id, i.target_aeon_user_id))
ORDER BY i.id DESC LIMIT :limit;

-- name: interaction_for_response :one
-- takes: viewer int, id int
-- gives: author int, target int, answered bool
SELECT i.aeon_user_id AS author, i.target_aeon_user_id AS target,
       i.response_content IS NOT NULL AS answered
FROM aeon_interactions i WHERE i.id = :id AND {interaction_visible};

-- name: interaction_delete :exec
-- takes: id int
DELETE FROM aeon_interactions WHERE id = :id;

-- name: interaction_respond :exec
-- takes: id int, response text, now time, turn int
UPDATE aeon_interactions SET response_content = :response, response_at = :now,
	responded_by = CASE WHEN :turn > 0 THEN 'twin' ELSE 'user' END,
	response_turn_id = nullif(:turn, 0)
WHERE id = :id AND response_content IS NULL;
