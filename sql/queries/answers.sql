-- First answers, by the keys that their senders gave.

-- name: answer_find :one
-- takes: user int, key text, after time, request blob
-- gives: same bool, location text?, body text
SELECT request = :request AS same, location, body FROM first_answers
WHERE user_id = :user AND key = :key AND created_at > :after;

-- name: answer_keep :exec
-- takes: user int, key text, request blob, now time, location text, body text
INSERT INTO first_answers (user_id, key, request, created_at, location, body)
VALUES (:user, :key, :request, :now, :location, :body)
ON CONFLICT (user_id, key) DO UPDATE SET request = excluded.request, created_at = excluded.created_at,
	location = excluded.location, body = excluded.body;
