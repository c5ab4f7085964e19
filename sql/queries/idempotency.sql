-- The answers that are kept under the keys of requests.

-- And whether what was created was removed. The properties of the answer tell what it is.
-- name: idempotency_find :one
-- takes: user int, key text, after time, request_hash blob
-- gives: same bool, removed bool, status int, location text?, body text, kept int
SELECT request_hash = :request_hash AS same,
       EXISTS (SELECT 1 FROM removals v
               WHERE v.kind = CASE WHEN json_extract(body, '$.message_id') IS NOT NULL THEN 'message'
                                   WHEN json_extract(body, '$.aeon_user_id') IS NOT NULL THEN 'interaction'
                                   WHEN json_extract(body, '$.creator_id') IS NOT NULL THEN 'knowledge'
                                   ELSE 'room' END
                 AND v.object = CAST(coalesce(json_extract(body, '$.message_id'),
                                              json_extract(body, '$.id')) AS TEXT)) AS removed,
       status, location, body, kept
FROM idempotency_keys
WHERE user_id = :user AND key = :key AND created_at > :after;

-- An expired key can be used again.
-- name: idempotency_save :exec
-- takes: user int, key text, request_hash blob, now time, status int, location text, body text,
-- takes: kept int
INSERT INTO idempotency_keys (user_id, key, request_hash, created_at, status, location, body, kept)
VALUES (:user, :key, :request_hash, :now, :status, :location, :body, :kept)
ON CONFLICT (user_id, key) DO UPDATE SET request_hash = excluded.request_hash,
	created_at = excluded.created_at, status = excluded.status, location = excluded.location,
	body = excluded.body, kept = excluded.kept;
