-- The answers that are kept under the keys of requests.

-- name: idempotency_find
SELECT request_hash = ?4, location, body FROM idempotency_keys
WHERE user_id = ?1 AND key = ?2 AND created_at > ?3;

-- A key whose time is over is used anew.
-- name: idempotency_save
INSERT OR REPLACE INTO idempotency_keys (user_id, key, request_hash, created_at, location, body)
VALUES (?1, ?2, ?3, ?4, ?5, ?6);
