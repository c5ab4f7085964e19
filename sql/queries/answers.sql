-- First answers, by the keys that their senders gave.

-- name: answer_find
SELECT request = ?4, location, body FROM first_answers
WHERE user_id = ?1 AND key = ?2 AND created_at > ?3;

-- name: answer_keep
INSERT OR REPLACE INTO first_answers (user_id, key, request, created_at, location, body)
VALUES (?1, ?2, ?3, ?4, ?5, ?6);
