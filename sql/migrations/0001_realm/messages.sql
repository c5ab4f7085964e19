-- The logs of rooms. The entries of one log are in two tables, numbered together by seq.

-- A deleted message stays as an empty row, so that no number is missing.
CREATE TABLE real_time_messages (
	id              TEXT PRIMARY KEY NOT NULL CHECK (length(id) = 36),
	room_id         TEXT NOT NULL REFERENCES chat_rooms (id) ON DELETE CASCADE,
	seq             INTEGER NOT NULL CHECK (seq > 0),
	sender_id       INTEGER NOT NULL REFERENCES users (id),
	content         TEXT NOT NULL CHECK (length(content) <= 4000),
	message_type    TEXT NOT NULL DEFAULT 'text'
		CHECK (message_type = 'text' OR message_type IN ('memory', 'reflection', 'learning')),
	timestamp       INTEGER NOT NULL,
	edited_at       INTEGER,
	deleted_at      INTEGER,
	pinned_at       INTEGER,
	reaction_count  INTEGER NOT NULL DEFAULT 0,
	is_aeon_message INTEGER NOT NULL DEFAULT 0 CHECK (is_aeon_message IN (0, 1)),
	meta_data       TEXT CHECK (meta_data IS NULL OR json_valid(meta_data)),
	client_id       TEXT CHECK (length(client_id) BETWEEN 1 AND 64),
	reply_to        TEXT,
	UNIQUE (room_id, seq)
) STRICT;
CREATE UNIQUE INDEX real_time_messages_by_client ON real_time_messages (sender_id, client_id)
	WHERE client_id IS NOT NULL;
CREATE INDEX real_time_messages_pinned ON real_time_messages (room_id, pinned_at)
	WHERE pinned_at IS NOT NULL;

CREATE TRIGGER message_counted AFTER INSERT ON real_time_messages
BEGIN
	INSERT INTO user_days (user_id, day, messages)
	VALUES (new.sender_id, new.timestamp / 86400000000, 1)
	ON CONFLICT DO UPDATE SET messages = messages + 1;
END;

-- Entries that change a message. Their kinds are rows of EVENT_TABLE in lib/realm/events.h. Only a
-- reaction has a key. is_on says whether a reaction or a pin was added or removed; others have none.
CREATE TABLE message_changes (
	room_id    TEXT NOT NULL REFERENCES chat_rooms (id) ON DELETE CASCADE,
	seq        INTEGER NOT NULL CHECK (seq > 0),
	kind       TEXT NOT NULL,
	message_id TEXT NOT NULL,
	user_id    INTEGER NOT NULL REFERENCES users (id),
	created_at INTEGER NOT NULL,
	key        TEXT CHECK (length(key) BETWEEN 1 AND 32),
	is_on      INTEGER CHECK (is_on IN (0, 1)),
	PRIMARY KEY (room_id, seq),
	CHECK (key IS NULL OR is_on IS NOT NULL)
) STRICT, WITHOUT ROWID;

CREATE TABLE message_reactions (
	message_id TEXT NOT NULL REFERENCES real_time_messages (id) ON DELETE CASCADE,
	key        TEXT NOT NULL CHECK (length(key) BETWEEN 1 AND 32),
	user_id    INTEGER NOT NULL REFERENCES users (id) ON DELETE CASCADE,
	created_at INTEGER NOT NULL,
	PRIMARY KEY (message_id, key, user_id)
) STRICT, WITHOUT ROWID;
CREATE INDEX message_reactions_by_user ON message_reactions (user_id);

CREATE TRIGGER reaction_added AFTER INSERT ON message_reactions
BEGIN
	UPDATE real_time_messages SET reaction_count = reaction_count + 1 WHERE id = new.message_id;
END;
CREATE TRIGGER reaction_removed AFTER DELETE ON message_reactions
BEGIN
	UPDATE real_time_messages SET reaction_count = reaction_count - 1 WHERE id = old.message_id;
END;
