-- The status of the first answer to a request with an Idempotency-Key: 201, or 200 when the request
-- found what it would have created.
ALTER TABLE idempotency_keys ADD COLUMN status INTEGER NOT NULL DEFAULT 201;
