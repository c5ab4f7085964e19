-- The digest: a mail that tells a user who is away what was missed (lib/realm/digest.h).

ALTER TABLE users ADD COLUMN mail_digest TEXT NOT NULL DEFAULT 'names' CHECK (mail_digest IN ('off', 'names', 'texts'));

DROP TRIGGER user_address_changed;
CREATE TABLE mails_new (
	id          INTEGER PRIMARY KEY AUTOINCREMENT,
	user_id     INTEGER NOT NULL REFERENCES users (id) ON DELETE CASCADE,
	kind        TEXT NOT NULL CHECK (kind IN ('address', 'password', 'device', 'digest')),
	detail      TEXT CHECK (length(detail) <= 200),
	created_at  INTEGER NOT NULL,
	due_at      INTEGER NOT NULL,           -- of the next attempt
	attempts    INTEGER NOT NULL DEFAULT 0,
	tried_at    INTEGER,                    -- the last attempt
	instance    INTEGER,                    -- the process that sends it, until lease_until
	lease_until INTEGER NOT NULL DEFAULT 0,
	sent_at     INTEGER,
	failed_at   INTEGER,                    -- it was given up
	reason      TEXT CHECK (length(reason) <= 300) -- of the last failure
) STRICT;
INSERT INTO mails_new (id, user_id, kind, detail, created_at, due_at, attempts, instance, lease_until, sent_at,
                       failed_at, reason)
SELECT id, user_id, kind, detail, created_at, due_at, attempts, instance, lease_until, sent_at, failed_at, reason
FROM mails;
DROP TABLE mails;
ALTER TABLE mails_new RENAME TO mails;

CREATE INDEX mails_by_user ON mails (user_id, kind, created_at);
CREATE INDEX mails_by_age ON mails (created_at);
CREATE INDEX mails_in_work ON mails (instance) WHERE instance IS NOT NULL;
-- Digests are apart, so that any number of them delays no other mail.
CREATE INDEX mails_waiting ON mails (due_at) WHERE sent_at IS NULL AND failed_at IS NULL AND kind <> 'digest';
CREATE INDEX digests_waiting ON mails (due_at) WHERE sent_at IS NULL AND failed_at IS NULL AND kind = 'digest';
CREATE UNIQUE INDEX digests_of_user ON mails (user_id) WHERE sent_at IS NULL AND failed_at IS NULL AND kind = 'digest';

-- What is proven of an address is not true of the next one.
CREATE TRIGGER user_address_changed AFTER UPDATE OF email_key ON users
WHEN old.email_key <> new.email_key
BEGIN
	UPDATE users SET email_verified_at = NULL WHERE id = new.id;
	DELETE FROM account_codes WHERE user_id = new.id;
	DELETE FROM mails WHERE user_id = new.id AND sent_at IS NULL AND failed_at IS NULL;
END;

-- Messages to a whole room whose members have yet to get a digest, those up to after_user excepted.
CREATE TABLE digest_rooms (
	message_id TEXT PRIMARY KEY NOT NULL REFERENCES real_time_messages (id) ON DELETE CASCADE,
	after_user INTEGER NOT NULL DEFAULT 0
) STRICT, WITHOUT ROWID;
