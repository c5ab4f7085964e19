-- Of a request that waits for its answer, such as a message to the own twin: the number by which a
-- repeated request finds that answer. 0: the stored answer is all.
ALTER TABLE idempotency_keys ADD COLUMN kept INTEGER NOT NULL DEFAULT 0 CHECK (kept >= 0);
