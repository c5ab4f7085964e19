-- Changes of messages that came with a client_id: one that is sent again is not made again (lib/realm/taken.h).

CREATE TABLE taken_changes (
	id           INTEGER PRIMARY KEY, -- in the order of created_at
	user_id      INTEGER NOT NULL REFERENCES users (id),
	client_id    TEXT NOT NULL CHECK (length(client_id) BETWEEN 1 AND 64),
	request_hash BLOB NOT NULL CHECK (length(request_hash) = 16),
	seq          INTEGER CHECK (seq > 0), -- of the change in its room; NULL: nothing had to change
	created_at   INTEGER NOT NULL,
	UNIQUE (user_id, client_id)
) STRICT;
