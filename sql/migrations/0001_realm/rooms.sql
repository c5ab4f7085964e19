-- Rooms and their participants.

CREATE TABLE chat_rooms (
	number               INTEGER PRIMARY KEY, -- only for the search index
	id                   TEXT NOT NULL UNIQUE CHECK (length(id) = 36),
	name                 TEXT NOT NULL CHECK (length(name) BETWEEN 1 AND 100),
	description          TEXT CHECK (length(description) <= 1000),
	topic                TEXT CHECK (length(topic) <= 255),
	created_by           INTEGER REFERENCES users (id), -- NULL: the realm itself
	created_at           INTEGER NOT NULL,
	is_public            INTEGER NOT NULL DEFAULT 1 CHECK (is_public IN (0, 1)),
	max_participants     INTEGER NOT NULL DEFAULT 50 CHECK (max_participants BETWEEN 2 AND 10000),
	current_participants INTEGER NOT NULL DEFAULT 0
		CHECK (current_participants BETWEEN 0 AND max_participants),
	is_aeon_room         INTEGER NOT NULL DEFAULT 0 CHECK (is_aeon_room IN (0, 1)),
	first_seq            INTEGER NOT NULL DEFAULT 1, -- of the oldest entry that is kept
	last_seq             INTEGER NOT NULL DEFAULT 0,
	deleted_at           INTEGER -- a deleted room is hidden from everybody and is removed in steps
) STRICT;
CREATE INDEX chat_rooms_deleted ON chat_rooms (deleted_at) WHERE deleted_at IS NOT NULL;
CREATE INDEX chat_rooms_public ON chat_rooms (is_public, is_aeon_room, id);
CREATE INDEX chat_rooms_by_creator ON chat_rooms (created_by);

-- The search index of rooms.
CREATE VIRTUAL TABLE room_text USING fts5 (
	name, topic, content = 'chat_rooms', content_rowid = 'number', tokenize = 'words', prefix = '2 3'
);

CREATE TRIGGER room_text_insert AFTER INSERT ON chat_rooms
BEGIN
	INSERT INTO room_text (rowid, name, topic) VALUES (new.number, new.name, new.topic);
END;
CREATE TRIGGER room_text_delete AFTER DELETE ON chat_rooms
BEGIN
	INSERT INTO room_text (room_text, rowid, name, topic)
	VALUES ('delete', old.number, old.name, old.topic);
END;
CREATE TRIGGER room_text_update AFTER UPDATE OF name, topic ON chat_rooms
WHEN old.name <> new.name OR old.topic IS NOT new.topic
BEGIN
	INSERT INTO room_text (room_text, rowid, name, topic)
	VALUES ('delete', old.number, old.name, old.topic);
	INSERT INTO room_text (rowid, name, topic) VALUES (new.number, new.name, new.topic);
END;

CREATE TABLE room_participants (
	id            INTEGER PRIMARY KEY,
	room_id       TEXT NOT NULL REFERENCES chat_rooms (id) ON DELETE CASCADE,
	user_id       INTEGER NOT NULL REFERENCES users (id) ON DELETE CASCADE,
	role          TEXT NOT NULL DEFAULT 'member' CHECK (role IN ('owner', 'moderator', 'member')),
	joined_at     INTEGER NOT NULL,
	last_activity INTEGER NOT NULL,
	is_active     INTEGER NOT NULL DEFAULT 1 CHECK (is_active IN (0, 1)),
	read_seq      INTEGER NOT NULL DEFAULT 0, -- the read marker
	muted_until   INTEGER, -- NULL: not muted
	UNIQUE (room_id, user_id)
) STRICT;
CREATE INDEX room_participants_by_room ON room_participants (room_id, is_active, joined_at);
CREATE INDEX room_participants_by_user ON room_participants (user_id, is_active, room_id);

-- An invited user may see a private room and join it.
CREATE TABLE room_invitations (
	room_id    TEXT NOT NULL REFERENCES chat_rooms (id) ON DELETE CASCADE,
	user_id    INTEGER NOT NULL REFERENCES users (id) ON DELETE CASCADE,
	invited_by INTEGER NOT NULL REFERENCES users (id) ON DELETE CASCADE,
	created_at INTEGER NOT NULL,
	PRIMARY KEY (room_id, user_id)
) STRICT, WITHOUT ROWID;
CREATE INDEX room_invitations_by_user ON room_invitations (user_id, room_id);
CREATE INDEX room_invitations_by_inviter ON room_invitations (invited_by);

-- A banned user may not join the room.
CREATE TABLE room_bans (
	room_id    TEXT NOT NULL REFERENCES chat_rooms (id) ON DELETE CASCADE,
	user_id    INTEGER NOT NULL REFERENCES users (id) ON DELETE CASCADE,
	banned_by  INTEGER REFERENCES users (id) ON DELETE SET NULL,
	created_at INTEGER NOT NULL,
	PRIMARY KEY (room_id, user_id)
) STRICT, WITHOUT ROWID;
CREATE INDEX room_bans_by_user ON room_bans (user_id);
CREATE INDEX room_bans_by_banner ON room_bans (banned_by);
