-- Second factors: codes that a phone shows (RFC 6238).

-- The program must compute the same codes, so the secret itself is stored. It is of no use without
-- the user's password.
CREATE TABLE totp (
	user_id      INTEGER PRIMARY KEY REFERENCES users (id) ON DELETE CASCADE,
	secret       BLOB NOT NULL CHECK (length(secret) = 20),
	is_confirmed INTEGER NOT NULL DEFAULT 0 CHECK (is_confirmed IN (0, 1)),
	last_step    INTEGER NOT NULL DEFAULT 0 -- of the last code that was used: each works once
) STRICT;

CREATE TABLE totp_recovery (
	user_id   INTEGER NOT NULL REFERENCES users (id) ON DELETE CASCADE,
	code_hash BLOB NOT NULL CHECK (length(code_hash) = 32), -- SHA-256 of the code
	PRIMARY KEY (user_id, code_hash)
) STRICT, WITHOUT ROWID;
