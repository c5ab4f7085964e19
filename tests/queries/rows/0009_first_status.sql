-- A row with the column of this migration.

INSERT INTO idempotency_keys (user_id, key, request_hash, created_at, status, location, body)
VALUES (2, 'a replay', zeroblob(32), 13, 200, NULL, '{}');
