-- Guesses of passwords are counted by account, network and session.

-- A key is a hash of what is counted, so no typed name stays here. Names without an account are
-- counted, too, so that the answer to a login does not tell which accounts exist.
DROP TABLE login_failures;
CREATE TABLE guesses (
	key         BLOB PRIMARY KEY NOT NULL CHECK (length(key) = 16),
	failures    INTEGER NOT NULL CHECK (failures > 0),
	last_failed INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX guesses_by_time ON guesses (last_failed);

-- Networks from which a user has signed in: strangers' guesses do not keep the user out there.
CREATE TABLE login_networks (
	user_id    INTEGER NOT NULL REFERENCES users (id) ON DELETE CASCADE,
	network    TEXT NOT NULL CHECK (length(network) BETWEEN 1 AND 64),
	last_login INTEGER NOT NULL,
	PRIMARY KEY (user_id, network)
) STRICT, WITHOUT ROWID;
