-- Logins, and requests that a client may repeat.

CREATE TABLE sessions (
	id         INTEGER PRIMARY KEY AUTOINCREMENT,
	token_hash BLOB NOT NULL UNIQUE CHECK (length(token_hash) = 32), -- SHA-256 of the token
	user_id    INTEGER NOT NULL REFERENCES users (id) ON DELETE CASCADE,
	client     TEXT CHECK (length(client) <= 200),
	created_at INTEGER NOT NULL,
	expires_at INTEGER NOT NULL
) STRICT;
CREATE INDEX sessions_by_user ON sessions (user_id);
CREATE INDEX sessions_by_expiry ON sessions (expires_at);

-- A browser opens a WebSocket with a ticket, because it cannot send a token in a header.
CREATE TABLE ws_tickets (
	ticket_hash BLOB PRIMARY KEY NOT NULL CHECK (length(ticket_hash) = 32), -- SHA-256 of the ticket
	session_id  INTEGER NOT NULL REFERENCES sessions (id) ON DELETE CASCADE,
	expires_at  INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX ws_tickets_by_session ON ws_tickets (session_id, expires_at);
CREATE INDEX ws_tickets_by_expiry ON ws_tickets (expires_at);

-- Failed logins of an account name. Names without an account are counted too, so that the answer to
-- a login does not tell which accounts exist.
CREATE TABLE login_failures (
	account     TEXT PRIMARY KEY NOT NULL COLLATE NOCASE,
	failures    INTEGER NOT NULL CHECK (failures > 0),
	last_failed INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX login_failures_by_time ON login_failures (last_failed);

-- The answer to each request with an Idempotency-Key. A repeated request gets the same answer.
CREATE TABLE idempotency_keys (
	id           INTEGER PRIMARY KEY,
	user_id      INTEGER NOT NULL REFERENCES users (id) ON DELETE CASCADE,
	key          TEXT NOT NULL CHECK (length(key) BETWEEN 1 AND 255),
	request_hash BLOB NOT NULL CHECK (length(request_hash) = 32),
	created_at   INTEGER NOT NULL,
	location     TEXT,
	body         TEXT NOT NULL,
	other_id     INTEGER GENERATED ALWAYS AS ( -- another user that the body names
		coalesce(json_extract(body, '$.related_user_id'),
		         json_extract(body, '$.target_aeon_user_id'))) STORED,
	UNIQUE (user_id, key)
) STRICT;
CREATE INDEX idempotency_keys_by_other ON idempotency_keys (other_id) WHERE other_id IS NOT NULL;
CREATE INDEX idempotency_keys_by_time ON idempotency_keys (created_at);
