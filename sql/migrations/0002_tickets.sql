-- What a browser opens a WebSocket with, because it cannot send the header that a token goes in.

CREATE TABLE ws_tickets (
	ticket_hash BLOB PRIMARY KEY NOT NULL CHECK (length(ticket_hash) = 32), -- SHA-256 of the ticket
	session_id  INTEGER NOT NULL REFERENCES sessions (id) ON DELETE CASCADE,
	expires_at  INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX ws_tickets_by_session ON ws_tickets (session_id, expires_at);
CREATE INDEX ws_tickets_by_expiry ON ws_tickets (expires_at);
