-- Bridges, and the presence of users.

-- One row for each bridge, and one with the negative number for its former life. The users that are
-- connected to a bridge count only while its lease runs.
CREATE TABLE bridges (
	instance    INTEGER PRIMARY KEY CHECK (instance <> 0),
	lease_until INTEGER NOT NULL,
	connections INTEGER NOT NULL DEFAULT 0,
	rooms       INTEGER NOT NULL DEFAULT 0
) STRICT;

CREATE TABLE connected_users (
	user_id  INTEGER NOT NULL REFERENCES users (id) ON DELETE CASCADE,
	instance INTEGER NOT NULL, -- of the bridge
	status   TEXT NOT NULL CHECK (status IN ('connected', 'away')),
	PRIMARY KEY (user_id, instance)
) STRICT, WITHOUT ROWID;
CREATE INDEX connected_users_by_instance ON connected_users (instance);

-- The last known status of a user. The status of now comes from connected_users.
CREATE TABLE user_presence (
	id           INTEGER PRIMARY KEY,
	user_id      INTEGER NOT NULL UNIQUE REFERENCES users (id) ON DELETE CASCADE,
	status       TEXT NOT NULL CHECK (status IN ('connected', 'away', 'offline')),
	last_seen    INTEGER NOT NULL,
	current_room TEXT REFERENCES chat_rooms (id) ON DELETE SET NULL,
	is_aeon      INTEGER NOT NULL DEFAULT 0 CHECK (is_aeon IN (0, 1))
) STRICT;
CREATE INDEX user_presence_by_last_seen ON user_presence (last_seen, user_id);
CREATE INDEX user_presence_by_room ON user_presence (current_room) WHERE current_room IS NOT NULL;
