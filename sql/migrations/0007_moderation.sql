-- Removal, suspension and reports, by administrators of the realm: see lib/realm/removal.h, suspension.h and
-- reports.h.

ALTER TABLE users ADD COLUMN suspended_at INTEGER; -- NULL: not suspended
ALTER TABLE users ADD COLUMN suspended_until INTEGER; -- NULL: without an end
ALTER TABLE users ADD COLUMN suspension_reason TEXT CHECK (length(suspension_reason) <= 1000);
CREATE INDEX users_suspended ON users (id) WHERE suspended_at IS NOT NULL;

ALTER TABLE chat_rooms ADD COLUMN closed_at INTEGER; -- nobody can write in a closed room
ALTER TABLE chat_rooms ADD COLUMN removed_at INTEGER; -- hidden from everybody until it is restored or deleted
CREATE INDEX chat_rooms_removed ON chat_rooms (removed_at) WHERE removed_at IS NOT NULL;
ALTER TABLE room_participants ADD COLUMN returns INTEGER NOT NULL DEFAULT 0; -- with the removed room

ALTER TABLE real_time_messages ADD COLUMN removed_at INTEGER; -- by an administrator; deleted_at is set, too

-- Removed things, with all data that a restore needs. Knowledge and interactions are here alone, so no
-- other query has to leave them out.
CREATE TABLE removals (
	id         INTEGER PRIMARY KEY AUTOINCREMENT,
	kind       TEXT NOT NULL CHECK (kind IN ('room', 'message', 'knowledge', 'interaction')),
	object     TEXT NOT NULL, -- its id
	room_id    TEXT REFERENCES chat_rooms (id) ON DELETE CASCADE, -- of a room or a message
	author_id  INTEGER REFERENCES users (id), -- NULL: the realm itself
	other_id   INTEGER REFERENCES users (id), -- the target of an interaction
	removed_by INTEGER REFERENCES users (id), -- NULL: the operator
	removed_at INTEGER NOT NULL,
	reason     TEXT NOT NULL CHECK (length(reason) BETWEEN 1 AND 1000),
	content    TEXT NOT NULL CHECK (json_valid(content)), -- without ids of users
	UNIQUE (kind, object)
) STRICT;
CREATE INDEX removals_by_time ON removals (removed_at);
CREATE INDEX removals_by_room ON removals (room_id) WHERE room_id IS NOT NULL;
CREATE INDEX removals_by_author ON removals (author_id) WHERE author_id IS NOT NULL;
CREATE INDEX removals_by_other ON removals (other_id) WHERE other_id IS NOT NULL;
CREATE INDEX removals_by_remover ON removals (removed_by) WHERE removed_by IS NOT NULL;
CREATE TRIGGER removed_message_deleted AFTER DELETE ON real_time_messages WHEN old.removed_at IS NOT NULL
BEGIN
	DELETE FROM removals WHERE kind = 'message' AND object = old.id;
END;

CREATE TABLE removed_votes (
	removal_id INTEGER NOT NULL REFERENCES removals (id) ON DELETE CASCADE,
	user_id    INTEGER NOT NULL REFERENCES users (id) ON DELETE CASCADE,
	value      INTEGER NOT NULL,
	created_at INTEGER NOT NULL,
	PRIMARY KEY (removal_id, user_id)
) STRICT, WITHOUT ROWID;
CREATE INDEX removed_votes_by_user ON removed_votes (user_id);

CREATE TABLE removed_shares (
	removal_id INTEGER NOT NULL REFERENCES removals (id) ON DELETE CASCADE,
	user_id    INTEGER NOT NULL REFERENCES users (id) ON DELETE CASCADE,
	target     TEXT NOT NULL,
	created_at INTEGER NOT NULL,
	PRIMARY KEY (removal_id, user_id, target)
) STRICT, WITHOUT ROWID;
CREATE INDEX removed_shares_by_user ON removed_shares (user_id);

-- Accounts whose content is being removed, step by step.
CREATE TABLE content_removals (
	user_id    INTEGER PRIMARY KEY REFERENCES users (id) ON DELETE CASCADE,
	removed_by INTEGER REFERENCES users (id),
	reason     TEXT NOT NULL CHECK (length(reason) BETWEEN 1 AND 1000),
	created_at INTEGER NOT NULL, -- what is newer stays
	room_id    TEXT NOT NULL DEFAULT '', -- messages up to here are removed
	seq        INTEGER NOT NULL DEFAULT 0
) STRICT;
CREATE INDEX content_removals_by_remover ON content_removals (removed_by) WHERE removed_by IS NOT NULL;

CREATE TABLE reports (
	id          INTEGER PRIMARY KEY AUTOINCREMENT,
	reporter_id INTEGER NOT NULL REFERENCES users (id) ON DELETE CASCADE,
	kind        TEXT NOT NULL CHECK (kind IN ('message', 'knowledge', 'interaction', 'room', 'user')),
	object      TEXT NOT NULL,
	author_id   INTEGER REFERENCES users (id), -- of that thing; NULL: the realm itself
	reason      TEXT NOT NULL CHECK (length(reason) BETWEEN 1 AND 1000),
	state       TEXT NOT NULL DEFAULT 'open' CHECK (state IN ('open', 'taken', 'done', 'rejected')),
	assignee_id INTEGER REFERENCES users (id),
	note        TEXT CHECK (length(note) <= 1000),
	created_at  INTEGER NOT NULL,
	updated_at  INTEGER NOT NULL
) STRICT;
CREATE UNIQUE INDEX reports_open ON reports (reporter_id, kind, object) WHERE state IN ('open', 'taken');
CREATE INDEX reports_by_reporter ON reports (reporter_id, id);
CREATE INDEX reports_by_state ON reports (state, id);
CREATE INDEX reports_by_author ON reports (author_id) WHERE author_id IS NOT NULL;
CREATE INDEX reports_by_assignee ON reports (assignee_id) WHERE assignee_id IS NOT NULL;
