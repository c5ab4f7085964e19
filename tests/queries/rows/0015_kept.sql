-- A row with the column of this migration.

INSERT INTO idempotency_keys (user_id, key, request_hash, created_at, status, location, body, kept)
VALUES (2, 'a message to the twin', zeroblob(32), 13, 202, '/api/v1/aeon/turns/1', '{}', 1);
