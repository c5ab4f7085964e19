-- The health and the load of the realm in each minute of the last day: see lib/realm/minutes.h.
CREATE TABLE minutes (
	minute      INTEGER PRIMARY KEY, -- since 1970
	requests    INTEGER NOT NULL,
	request_us  INTEGER NOT NULL, -- the time of all of them together
	refused     INTEGER NOT NULL, -- requests and messages of clients
	messages    INTEGER NOT NULL, -- of clients, by WebSocket
	connections INTEGER NOT NULL, -- WebSockets at its end
	wal_bytes   INTEGER NOT NULL,
	load        INTEGER NOT NULL, -- the load average of the machine, in hundredths
	reasons     TEXT NOT NULL     -- a JSON array with a sentence for each unhealthy part
) STRICT;
