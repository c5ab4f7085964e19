-- Registration: invitations, accounts that wait for approval, addresses that count as equal.

-- The address as it is compared: NFKC, case-folded, without ignorable characters.
ALTER TABLE users ADD COLUMN email_key TEXT NOT NULL DEFAULT '';
UPDATE users SET email_key = lower(email);
DROP INDEX users_by_email;
CREATE UNIQUE INDEX users_by_email ON users (email_key) WHERE erased_at IS NULL;

-- The account waits for an administrator; is_active is 0 meanwhile.
ALTER TABLE users ADD COLUMN pending INTEGER NOT NULL DEFAULT 0 CHECK (pending IN (0, 1));
CREATE INDEX users_pending ON users (id) WHERE pending = 1;

CREATE INDEX users_administrators ON users (id) WHERE role <> 'user' AND is_active = 1;

CREATE TABLE invites (
	id         INTEGER PRIMARY KEY AUTOINCREMENT,
	code_hash  BLOB NOT NULL UNIQUE CHECK (length(code_hash) = 32), -- SHA-256 of the code
	created_by INTEGER NOT NULL REFERENCES users (id),
	created_at INTEGER NOT NULL,
	expires_at INTEGER NOT NULL,
	uses       INTEGER NOT NULL CHECK (uses BETWEEN 1 AND 1000),
	used       INTEGER NOT NULL DEFAULT 0 CHECK (used BETWEEN 0 AND uses)
) STRICT;
CREATE INDEX invites_by_user ON invites (created_by);
CREATE INDEX invites_by_expiry ON invites (expires_at);

-- How often something was tried since a time, such as an address that is taken, from a network.
CREATE TABLE attempts (
	key   BLOB PRIMARY KEY NOT NULL CHECK (length(key) = 16), -- a hash of the attempt and of its user or network
	count INTEGER NOT NULL CHECK (count > 0),
	since INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX attempts_by_time ON attempts (since);
