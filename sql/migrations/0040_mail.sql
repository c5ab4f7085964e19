-- E-mail: what waits to be sent, codes that prove an address, and which addresses are proven.

ALTER TABLE users ADD COLUMN email_verified_at INTEGER;

CREATE TABLE account_codes (
	user_id    INTEGER NOT NULL REFERENCES users (id) ON DELETE CASCADE,
	purpose    TEXT NOT NULL CHECK (purpose IN ('address', 'password')),
	code_hash  BLOB NOT NULL CHECK (length(code_hash) = 32),
	expires_at INTEGER NOT NULL,
	PRIMARY KEY (user_id, purpose)
) STRICT, WITHOUT ROWID;
CREATE UNIQUE INDEX account_codes_by_hash ON account_codes (code_hash);

-- The address is that of the user at the moment of sending.
CREATE TABLE mails (
	id          INTEGER PRIMARY KEY AUTOINCREMENT,
	user_id     INTEGER NOT NULL REFERENCES users (id) ON DELETE CASCADE,
	kind        TEXT NOT NULL CHECK (kind IN ('address', 'password', 'device')),
	detail      TEXT CHECK (length(detail) <= 200),
	created_at  INTEGER NOT NULL,
	due_at      INTEGER NOT NULL,           -- of the next attempt
	attempts    INTEGER NOT NULL DEFAULT 0,
	instance    INTEGER,                    -- the process that sends it, until lease_until
	lease_until INTEGER NOT NULL DEFAULT 0,
	sent_at     INTEGER,
	failed_at   INTEGER,                    -- it was given up
	reason      TEXT CHECK (length(reason) <= 300) -- of the last failure
) STRICT;
CREATE INDEX mails_waiting ON mails (due_at) WHERE sent_at IS NULL AND failed_at IS NULL;
CREATE INDEX mails_by_user ON mails (user_id, kind, created_at);
CREATE INDEX mails_by_age ON mails (created_at);

-- What is proven of an address is not true of the next one.
CREATE TRIGGER user_address_changed AFTER UPDATE OF email_key ON users
WHEN old.email_key <> new.email_key
BEGIN
	UPDATE users SET email_verified_at = NULL WHERE id = new.id;
	DELETE FROM account_codes WHERE user_id = new.id;
	DELETE FROM mails WHERE user_id = new.id AND sent_at IS NULL AND failed_at IS NULL;
END;
