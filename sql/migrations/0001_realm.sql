-- The realm's first schema.
--
-- Times are microseconds since 1970 UTC. Texts are bounded where they come in (the field tables in
-- lib/realm); the CHECKs here say the same again, for whoever writes by hand.

CREATE TABLE realm_meta (
	key   TEXT PRIMARY KEY NOT NULL,
	value TEXT NOT NULL
) STRICT, WITHOUT ROWID;

-- A name for this database's life: positions in the event log mean nothing in another one.
INSERT INTO realm_meta (key, value) VALUES ('epoch', lower(hex(randomblob(8))));

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
	erased_at     INTEGER, -- then the row only stands for who wrote what is still there,
	erasing       INTEGER NOT NULL DEFAULT 0 -- and what else there was goes step by step
) STRICT;
CREATE UNIQUE INDEX users_by_username ON users (username) WHERE erased_at IS NULL;
CREATE UNIQUE INDEX users_by_email ON users (email) WHERE erased_at IS NULL;
CREATE INDEX users_owners ON users (role) WHERE role = 'owner' AND is_active = 1;
CREATE INDEX users_erasing ON users (id) WHERE erasing <> 0;

CREATE TABLE sessions (
	id         INTEGER PRIMARY KEY AUTOINCREMENT,
	token_hash BLOB NOT NULL UNIQUE CHECK (length(token_hash) = 32), -- SHA-256 of the token
	user_id    INTEGER NOT NULL REFERENCES users (id) ON DELETE CASCADE,
	client     TEXT CHECK (length(client) <= 200),
	created_at INTEGER NOT NULL,
	expires_at INTEGER NOT NULL
) STRICT;
CREATE INDEX sessions_by_user ON sessions (user_id);
CREATE INDEX sessions_by_expiry ON sessions (expires_at);

-- What was answered to requests that created something, by the key that came with them.
CREATE TABLE first_answers (
	id         INTEGER PRIMARY KEY,
	user_id    INTEGER NOT NULL REFERENCES users (id) ON DELETE CASCADE,
	key        TEXT NOT NULL CHECK (length(key) BETWEEN 1 AND 255),
	request    BLOB NOT NULL CHECK (length(request) = 32), -- a hash
	created_at INTEGER NOT NULL,
	location   TEXT,
	body       TEXT NOT NULL,
	other_id   INTEGER GENERATED ALWAYS AS ( -- whom else it names
		coalesce(json_extract(body, '$.related_user_id'),
		         json_extract(body, '$.target_aeon_user_id'))) STORED,
	UNIQUE (user_id, key)
) STRICT;
CREATE INDEX first_answers_by_other ON first_answers (other_id) WHERE other_id IS NOT NULL;
CREATE INDEX first_answers_by_time ON first_answers (created_at);

-- Failed logins per account, existing or not, so that nobody learns which accounts there are.
CREATE TABLE login_failures (
	account     TEXT PRIMARY KEY NOT NULL COLLATE NOCASE,
	failures    INTEGER NOT NULL CHECK (failures > 0),
	last_failed INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX login_failures_by_time ON login_failures (last_failed);

CREATE TABLE chat_rooms (
	number               INTEGER PRIMARY KEY, -- for the search index alone
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
	first_seq            INTEGER NOT NULL DEFAULT 1, -- of the log's entries that are kept
	last_seq             INTEGER NOT NULL DEFAULT 0,
	deleted_at           INTEGER -- then nobody sees it, and it goes step by step
) STRICT;
CREATE INDEX chat_rooms_deleted ON chat_rooms (deleted_at) WHERE deleted_at IS NOT NULL;
CREATE INDEX chat_rooms_public ON chat_rooms (is_public, is_aeon_room, id);
CREATE INDEX chat_rooms_by_creator ON chat_rooms (created_by);

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
	read_seq      INTEGER NOT NULL DEFAULT 0, -- how far the user has read
	UNIQUE (room_id, user_id)
) STRICT;
CREATE INDEX room_participants_by_room ON room_participants (room_id, is_active, joined_at);
CREATE INDEX room_participants_by_user ON room_participants (user_id, is_active, room_id);

-- Who may see a private room and join it; and who may not join a room.
CREATE TABLE room_invitations (
	room_id    TEXT NOT NULL REFERENCES chat_rooms (id) ON DELETE CASCADE,
	user_id    INTEGER NOT NULL REFERENCES users (id) ON DELETE CASCADE,
	invited_by INTEGER NOT NULL REFERENCES users (id) ON DELETE CASCADE,
	created_at INTEGER NOT NULL,
	PRIMARY KEY (room_id, user_id)
) STRICT, WITHOUT ROWID;
CREATE INDEX room_invitations_by_user ON room_invitations (user_id, room_id);
CREATE INDEX room_invitations_by_inviter ON room_invitations (invited_by);

CREATE TABLE room_bans (
	room_id    TEXT NOT NULL REFERENCES chat_rooms (id) ON DELETE CASCADE,
	user_id    INTEGER NOT NULL REFERENCES users (id) ON DELETE CASCADE,
	banned_by  INTEGER REFERENCES users (id) ON DELETE SET NULL,
	created_at INTEGER NOT NULL,
	PRIMARY KEY (room_id, user_id)
) STRICT, WITHOUT ROWID;
CREATE INDEX room_bans_by_user ON room_bans (user_id);
CREATE INDEX room_bans_by_banner ON room_bans (banned_by);

-- A room's log: what was said, and what was changed of it afterwards, numbered together. A message
-- that was deleted stays as an empty one, so that no number is missing.
CREATE TABLE real_time_messages (
	id              TEXT PRIMARY KEY NOT NULL CHECK (length(id) = 36),
	room_id         TEXT NOT NULL REFERENCES chat_rooms (id) ON DELETE CASCADE,
	seq             INTEGER NOT NULL CHECK (seq > 0),
	sender_id       INTEGER NOT NULL REFERENCES users (id),
	content         TEXT NOT NULL CHECK (length(content) <= 4000),
	message_type    TEXT NOT NULL DEFAULT 'text'
		CHECK (message_type IN ('text', 'memory', 'reflection', 'learning')),
	timestamp       INTEGER NOT NULL,
	edited_at       INTEGER,
	deleted_at      INTEGER,
	reaction_count  INTEGER NOT NULL DEFAULT 0,
	is_aeon_message INTEGER NOT NULL DEFAULT 0 CHECK (is_aeon_message IN (0, 1)),
	meta_data       TEXT CHECK (meta_data IS NULL OR json_valid(meta_data)),
	client_id       TEXT CHECK (length(client_id) BETWEEN 1 AND 64),
	reply_to        TEXT,
	UNIQUE (room_id, seq)
) STRICT;
CREATE UNIQUE INDEX real_time_messages_by_client ON real_time_messages (sender_id, client_id)
	WHERE client_id IS NOT NULL;

CREATE TABLE message_changes (
	room_id    TEXT NOT NULL REFERENCES chat_rooms (id) ON DELETE CASCADE,
	seq        INTEGER NOT NULL CHECK (seq > 0),
	kind       TEXT NOT NULL CHECK (kind IN ('message_edited', 'message_deleted', 'reaction')),
	message_id TEXT NOT NULL,
	user_id    INTEGER NOT NULL REFERENCES users (id),
	created_at INTEGER NOT NULL,
	key        TEXT CHECK (length(key) BETWEEN 1 AND 32),
	is_on      INTEGER CHECK (is_on IN (0, 1)),
	PRIMARY KEY (room_id, seq),
	CHECK ((kind = 'reaction') = (key IS NOT NULL AND is_on IS NOT NULL))
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

-- One row per bridge, and one with the negative number for its former life. Who is connected to it
-- counts only while the lease runs.
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

-- The status is the last one known; what counts is connected_users.
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

CREATE TABLE user_relationships (
	id                INTEGER PRIMARY KEY AUTOINCREMENT,
	user_id           INTEGER NOT NULL REFERENCES users (id) ON DELETE CASCADE,
	related_user_id   INTEGER NOT NULL REFERENCES users (id) ON DELETE CASCADE,
	relationship_type TEXT NOT NULL CHECK (length(relationship_type) BETWEEN 1 AND 50),
	strength          REAL NOT NULL DEFAULT 1.0 CHECK (strength BETWEEN 0 AND 1),
	created_at        INTEGER NOT NULL,
	last_interaction  INTEGER NOT NULL,
	interaction_count INTEGER NOT NULL DEFAULT 1,
	shared_interests  TEXT NOT NULL DEFAULT '[]' CHECK (json_valid(shared_interests)),
	meta_data         TEXT CHECK (meta_data IS NULL OR json_valid(meta_data)),
	UNIQUE (user_id, related_user_id),
	CHECK (user_id <> related_user_id)
) STRICT;
CREATE INDEX user_relationships_by_user ON user_relationships (user_id, id);
CREATE INDEX user_relationships_by_strength
	ON user_relationships (user_id, (log2(strength) + last_interaction / (30 * 86400e6)));
CREATE INDEX user_relationships_blocked ON user_relationships (user_id, related_user_id)
	WHERE relationship_type = 'blocked';
CREATE INDEX user_relationships_by_related
	ON user_relationships (related_user_id, relationship_type, user_id);

CREATE TABLE shared_knowledge (
	id             INTEGER PRIMARY KEY AUTOINCREMENT,
	creator_id     INTEGER NOT NULL REFERENCES users (id) ON DELETE CASCADE,
	content        TEXT NOT NULL CHECK (length(content) BETWEEN 1 AND 20000),
	knowledge_type TEXT NOT NULL CHECK (length(knowledge_type) BETWEEN 1 AND 50),
	tags           TEXT NOT NULL DEFAULT '[]' CHECK (json_valid(tags)),
	visibility     TEXT NOT NULL DEFAULT 'public'
		CHECK (visibility IN ('public', 'friends', 'private')),
	created_at     INTEGER NOT NULL,
	updated_at     INTEGER NOT NULL,
	upvotes        INTEGER NOT NULL DEFAULT 0 CHECK (upvotes >= 0),
	downvotes      INTEGER NOT NULL DEFAULT 0 CHECK (downvotes >= 0),
	share_count    INTEGER NOT NULL DEFAULT 0 CHECK (share_count >= 0),
	meta_data      TEXT CHECK (meta_data IS NULL OR json_valid(meta_data)),
	-- What it is worth by its votes, in millionths: the lower end of the Wilson score interval
	-- (E. B. Wilson 1927, doi:10.1080/01621459.1927.10502953) at 95 %, z = 1.96. A share of
	-- upvotes that few votes stand for counts less than the same share of many.
	score          INTEGER NOT NULL GENERATED ALWAYS AS (
		CASE WHEN upvotes = 0 THEN 0 ELSE CAST(round(1e6 *
			((upvotes + 1.9208) / (upvotes + downvotes)
			 - 1.96 * sqrt(1.0 * upvotes * downvotes / (upvotes + downvotes) + 0.9604)
			   / (upvotes + downvotes))
			/ (1 + 3.8416 / (upvotes + downvotes))) AS INTEGER) END) STORED
) STRICT;
CREATE INDEX shared_knowledge_by_score ON shared_knowledge (score, id);
CREATE INDEX shared_knowledge_by_creator_score ON shared_knowledge (creator_id, score, id);
CREATE INDEX shared_knowledge_by_creator ON shared_knowledge (creator_id, id, visibility);
CREATE INDEX shared_knowledge_by_visibility ON shared_knowledge (visibility, id);
CREATE INDEX shared_knowledge_by_type ON shared_knowledge (knowledge_type, id);

CREATE TABLE tags (
	id   INTEGER PRIMARY KEY,
	name TEXT NOT NULL UNIQUE CHECK (length(name) BETWEEN 1 AND 64),
	uses INTEGER NOT NULL DEFAULT 0 -- by public knowledge
) STRICT;
CREATE INDEX tags_by_uses ON tags (uses DESC, name);

CREATE TABLE knowledge_tags (
	knowledge_id INTEGER NOT NULL REFERENCES shared_knowledge (id) ON DELETE CASCADE,
	tag_id       INTEGER NOT NULL REFERENCES tags (id),
	score        INTEGER NOT NULL, -- the knowledge's
	PRIMARY KEY (knowledge_id, tag_id)
) STRICT, WITHOUT ROWID;
CREATE INDEX knowledge_tags_by_tag ON knowledge_tags (tag_id, knowledge_id);
CREATE INDEX knowledge_tags_by_score ON knowledge_tags (tag_id, score, knowledge_id);

-- How much of whose knowledge has which tag, by who may see it.
CREATE TABLE user_tags (
	user_id    INTEGER NOT NULL REFERENCES users (id) ON DELETE CASCADE,
	tag_id     INTEGER NOT NULL,
	visibility TEXT NOT NULL,
	n          INTEGER NOT NULL,
	PRIMARY KEY (user_id, tag_id, visibility)
) STRICT, WITHOUT ROWID;

CREATE TRIGGER tag_given AFTER INSERT ON knowledge_tags
BEGIN
	INSERT INTO user_tags (user_id, tag_id, visibility, n)
	SELECT creator_id, new.tag_id, visibility, 1 FROM shared_knowledge WHERE id = new.knowledge_id
	ON CONFLICT DO UPDATE SET n = n + 1;
	UPDATE tags SET uses = uses + (SELECT visibility = 'public' FROM shared_knowledge
	                               WHERE id = new.knowledge_id) WHERE id = new.tag_id;
END;

-- A tag that nothing has is no tag.
CREATE TRIGGER tag_taken AFTER DELETE ON knowledge_tags
BEGIN
	UPDATE user_tags SET n = n - 1
	WHERE tag_id = old.tag_id
	  AND (user_id, visibility) = (SELECT creator_id, visibility FROM shared_knowledge
	                               WHERE id = old.knowledge_id);
	DELETE FROM user_tags
	WHERE tag_id = old.tag_id AND n = 0
	  AND user_id = (SELECT creator_id FROM shared_knowledge WHERE id = old.knowledge_id);
	UPDATE tags SET uses = uses - (SELECT visibility = 'public' FROM shared_knowledge
	                               WHERE id = old.knowledge_id) WHERE id = old.tag_id;
	DELETE FROM tags WHERE id = old.tag_id
	  AND NOT EXISTS (SELECT 1 FROM knowledge_tags t WHERE t.tag_id = old.tag_id);
END;

-- While it is there, so that tag_taken sees whose it was.
CREATE TRIGGER knowledge_untagged BEFORE DELETE ON shared_knowledge
BEGIN
	DELETE FROM knowledge_tags WHERE knowledge_id = old.id;
END;

CREATE TRIGGER knowledge_shown AFTER UPDATE OF visibility ON shared_knowledge
WHEN new.visibility <> old.visibility
BEGIN
	UPDATE user_tags SET n = n - 1
	WHERE user_id = new.creator_id AND visibility = old.visibility
	  AND tag_id IN (SELECT tag_id FROM knowledge_tags WHERE knowledge_id = new.id);
	DELETE FROM user_tags WHERE user_id = new.creator_id AND visibility = old.visibility AND n = 0;
	INSERT INTO user_tags (user_id, tag_id, visibility, n)
	SELECT new.creator_id, tag_id, new.visibility, 1 FROM knowledge_tags
	WHERE knowledge_id = new.id
	ON CONFLICT DO UPDATE SET n = n + 1;
	UPDATE tags SET uses = uses + (new.visibility = 'public') - (old.visibility = 'public')
	WHERE id IN (SELECT tag_id FROM knowledge_tags WHERE knowledge_id = new.id);
END;

CREATE TRIGGER knowledge_scored AFTER UPDATE OF upvotes, downvotes ON shared_knowledge
WHEN new.score <> old.score
BEGIN
	UPDATE knowledge_tags SET score = new.score WHERE knowledge_id = new.id;
END;

-- What is searched, with the words of lib/store/tokenizer.h; and how many texts have each.
CREATE VIRTUAL TABLE knowledge_text USING fts5 (
	content, tags, content = 'shared_knowledge', content_rowid = 'id', tokenize = 'words'
);
CREATE VIRTUAL TABLE knowledge_terms USING fts5vocab (knowledge_text, row);

CREATE TRIGGER knowledge_text_insert AFTER INSERT ON shared_knowledge
BEGIN
	INSERT INTO knowledge_text (rowid, content, tags) VALUES (new.id, new.content, new.tags);
END;
CREATE TRIGGER knowledge_text_delete AFTER DELETE ON shared_knowledge
BEGIN
	INSERT INTO knowledge_text (knowledge_text, rowid, content, tags)
	VALUES ('delete', old.id, old.content, old.tags);
END;
CREATE TRIGGER knowledge_text_update AFTER UPDATE OF content, tags ON shared_knowledge
WHEN old.content <> new.content OR old.tags <> new.tags
BEGIN
	INSERT INTO knowledge_text (knowledge_text, rowid, content, tags)
	VALUES ('delete', old.id, old.content, old.tags);
	INSERT INTO knowledge_text (rowid, content, tags) VALUES (new.id, new.content, new.tags);
END;

-- To whom something was shared, so that doing it again counts once.
CREATE TABLE knowledge_shares (
	knowledge_id INTEGER NOT NULL REFERENCES shared_knowledge (id) ON DELETE CASCADE,
	user_id      INTEGER NOT NULL REFERENCES users (id) ON DELETE CASCADE, -- by whom
	target       TEXT NOT NULL, -- a room's id or a user's
	created_at   INTEGER NOT NULL,
	PRIMARY KEY (knowledge_id, user_id, target)
) STRICT, WITHOUT ROWID;
CREATE INDEX knowledge_shares_by_user ON knowledge_shares (user_id);

CREATE TRIGGER share_made AFTER INSERT ON knowledge_shares
BEGIN
	UPDATE shared_knowledge SET share_count = share_count + 1 WHERE id = new.knowledge_id;
END;
CREATE TRIGGER share_removed AFTER DELETE ON knowledge_shares
BEGIN
	UPDATE shared_knowledge SET share_count = share_count - 1 WHERE id = old.knowledge_id;
END;

CREATE TABLE knowledge_votes (
	knowledge_id INTEGER NOT NULL REFERENCES shared_knowledge (id) ON DELETE CASCADE,
	user_id      INTEGER NOT NULL REFERENCES users (id) ON DELETE CASCADE,
	value        INTEGER NOT NULL CHECK (value IN (-1, 1)),
	created_at   INTEGER NOT NULL,
	PRIMARY KEY (knowledge_id, user_id)
) STRICT, WITHOUT ROWID;
CREATE INDEX knowledge_votes_by_user ON knowledge_votes (user_id);

CREATE TRIGGER vote_cast AFTER INSERT ON knowledge_votes
BEGIN
	UPDATE shared_knowledge SET upvotes = upvotes + (new.value = 1),
		downvotes = downvotes + (new.value = -1) WHERE id = new.knowledge_id;
END;
CREATE TRIGGER vote_switched AFTER UPDATE OF value ON knowledge_votes WHEN old.value <> new.value
BEGIN
	UPDATE shared_knowledge SET upvotes = upvotes + new.value, downvotes = downvotes - new.value
	WHERE id = new.knowledge_id;
END;
CREATE TRIGGER vote_taken_back AFTER DELETE ON knowledge_votes
BEGIN
	UPDATE shared_knowledge SET upvotes = upvotes - (old.value = 1),
		downvotes = downvotes - (old.value = -1) WHERE id = old.knowledge_id;
END;

CREATE TABLE aeon_interactions (
	id                  INTEGER PRIMARY KEY AUTOINCREMENT,
	aeon_user_id        INTEGER NOT NULL REFERENCES users (id) ON DELETE CASCADE,
	target_aeon_user_id INTEGER NOT NULL REFERENCES users (id) ON DELETE CASCADE,
	interaction_type    TEXT NOT NULL CHECK (length(interaction_type) BETWEEN 1 AND 50),
	content             TEXT NOT NULL CHECK (length(content) BETWEEN 1 AND 8000),
	context             TEXT CHECK (context IS NULL OR json_valid(context)),
	created_at          INTEGER NOT NULL,
	response_content    TEXT CHECK (length(response_content) BETWEEN 1 AND 8000),
	response_at         INTEGER,
	is_public           INTEGER NOT NULL DEFAULT 0 CHECK (is_public IN (0, 1)),
	parent_id           INTEGER REFERENCES aeon_interactions (id) ON DELETE SET NULL,
	responded_by        TEXT CHECK (responded_by IN ('user', 'twin')),
	meta_data           TEXT CHECK (meta_data IS NULL OR json_valid(meta_data)),
	CHECK (aeon_user_id <> target_aeon_user_id),
	CHECK ((response_content IS NULL) = (response_at IS NULL))
) STRICT;
CREATE INDEX aeon_interactions_by_author ON aeon_interactions (aeon_user_id, id);
CREATE INDEX aeon_interactions_between
	ON aeon_interactions (aeon_user_id, target_aeon_user_id, is_public);
CREATE INDEX aeon_interactions_by_target ON aeon_interactions (target_aeon_user_id, id);
CREATE INDEX aeon_interactions_public ON aeon_interactions (id) WHERE is_public = 1;
CREATE INDEX aeon_interactions_by_parent ON aeon_interactions (parent_id);

-- What live clients are told, in the order of commits. The participants of a room hear it, or without
-- a room the user. With a room the user is whom it is about, who is not told; or, where it refers by
-- its seq to an entry of the room's log, whose entry it is. other_id is who else has part in it.
CREATE TABLE realm_events (
	pos        INTEGER PRIMARY KEY AUTOINCREMENT,
	kind       TEXT NOT NULL,
	room_id    TEXT,
	user_id    INTEGER,
	other_id   INTEGER,
	seq        INTEGER,
	created_at INTEGER NOT NULL,
	data       TEXT,
	CHECK (room_id IS NOT NULL OR user_id IS NOT NULL),
	CHECK (seq IS NULL OR room_id IS NOT NULL),
	CHECK ((seq IS NULL) = (data IS NOT NULL))
) STRICT;
CREATE INDEX realm_events_by_room ON realm_events (room_id) WHERE room_id IS NOT NULL;
CREATE INDEX realm_events_by_user ON realm_events (user_id) WHERE seq IS NULL;
CREATE INDEX realm_events_by_other ON realm_events (other_id) WHERE seq IS NULL;

-- What somebody has done on a day (counted from 1970): how often, whatever became of it.
CREATE TABLE user_days (
	user_id      INTEGER NOT NULL REFERENCES users (id) ON DELETE CASCADE,
	day          INTEGER NOT NULL,
	messages     INTEGER NOT NULL DEFAULT 0,
	votes        INTEGER NOT NULL DEFAULT 0,
	knowledge    INTEGER NOT NULL DEFAULT 0,
	interactions INTEGER NOT NULL DEFAULT 0,
	PRIMARY KEY (user_id, day)
) STRICT, WITHOUT ROWID;

CREATE TRIGGER message_counted AFTER INSERT ON real_time_messages
BEGIN
	INSERT INTO user_days (user_id, day, messages)
	VALUES (new.sender_id, new.timestamp / 86400000000, 1)
	ON CONFLICT DO UPDATE SET messages = messages + 1;
END;
CREATE TRIGGER vote_counted AFTER INSERT ON knowledge_votes
BEGIN
	INSERT INTO user_days (user_id, day, votes)
	VALUES (new.user_id, new.created_at / 86400000000, 1)
	ON CONFLICT DO UPDATE SET votes = votes + 1;
END;
CREATE TRIGGER knowledge_counted AFTER INSERT ON shared_knowledge
BEGIN
	INSERT INTO user_days (user_id, day, knowledge)
	VALUES (new.creator_id, new.created_at / 86400000000, 1)
	ON CONFLICT DO UPDATE SET knowledge = knowledge + 1;
END;
CREATE TRIGGER interaction_counted AFTER INSERT ON aeon_interactions
BEGIN
	INSERT INTO user_days (user_id, day, interactions)
	VALUES (new.aeon_user_id, new.created_at / 86400000000, 1)
	ON CONFLICT DO UPDATE SET interactions = interactions + 1;
END;
