-- Accounts, and what is counted of each user.

CREATE TABLE users (
	id            INTEGER PRIMARY KEY AUTOINCREMENT,
	username      TEXT NOT NULL COLLATE NOCASE CHECK (length(username) BETWEEN 3 AND 50),
	email         TEXT NOT NULL COLLATE NOCASE
		CHECK (length(email) BETWEEN 3 AND 255 OR erased_at IS NOT NULL),
	password_hash TEXT NOT NULL,
	full_name     TEXT CHECK (length(full_name) <= 100),
	bio           TEXT CHECK (length(bio) <= 500),
	role          TEXT NOT NULL DEFAULT 'user' CHECK (role IN ('owner', 'admin', 'user')),
	is_active     INTEGER NOT NULL DEFAULT 1 CHECK (is_active IN (0, 1)),
	privacy_presence      TEXT NOT NULL DEFAULT 'everyone'
		CHECK (privacy_presence IN ('everyone', 'friends', 'nobody')),
	privacy_relationships TEXT NOT NULL DEFAULT 'friends'
		CHECK (privacy_relationships IN ('everyone', 'friends', 'nobody')),
	privacy_network       TEXT NOT NULL DEFAULT 'friends'
		CHECK (privacy_network IN ('everyone', 'friends', 'nobody')),
	discoverable  INTEGER NOT NULL DEFAULT 1 CHECK (discoverable IN (0, 1)),
	created_at    INTEGER NOT NULL,
	updated_at    INTEGER NOT NULL,
	erased_at     INTEGER, -- an erased user is only the author of the messages that remain
	erasing       INTEGER NOT NULL DEFAULT 0 -- the stage of the erasure (lib/realm/erase.c); 0: none
) STRICT;
CREATE UNIQUE INDEX users_by_username ON users (username) WHERE erased_at IS NULL;
CREATE UNIQUE INDEX users_by_email ON users (email) WHERE erased_at IS NULL;
CREATE INDEX users_owners ON users (role) WHERE role = 'owner' AND is_active = 1;
CREATE INDEX users_erasing ON users (id) WHERE erasing <> 0;

CREATE TABLE user_counts (
	user_id             INTEGER PRIMARY KEY REFERENCES users (id) ON DELETE CASCADE,
	public_knowledge    INTEGER NOT NULL DEFAULT 0,
	friends_knowledge   INTEGER NOT NULL DEFAULT 0,
	private_knowledge   INTEGER NOT NULL DEFAULT 0,
	upvotes             INTEGER NOT NULL DEFAULT 0, -- for all of that knowledge
	interactions        INTEGER NOT NULL DEFAULT 0, -- in which the user is either side
	public_interactions INTEGER NOT NULL DEFAULT 0,
	public_tags         INTEGER NOT NULL DEFAULT 0, -- different tags of public knowledge
	friends_tags        INTEGER NOT NULL DEFAULT 0  -- of public knowledge, or knowledge for friends
) STRICT;

CREATE TRIGGER user_counts_added AFTER INSERT ON users
BEGIN
	INSERT INTO user_counts (user_id) VALUES (new.id);
END;

-- How often a user did something on a day. What becomes of it later changes nothing here.
CREATE TABLE user_days (
	user_id      INTEGER NOT NULL REFERENCES users (id) ON DELETE CASCADE,
	day          INTEGER NOT NULL,
	messages     INTEGER NOT NULL DEFAULT 0,
	votes        INTEGER NOT NULL DEFAULT 0,
	knowledge    INTEGER NOT NULL DEFAULT 0,
	interactions INTEGER NOT NULL DEFAULT 0,
	PRIMARY KEY (user_id, day)
) STRICT, WITHOUT ROWID;
