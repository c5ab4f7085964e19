-- Twins: what each may do, what only it remembers, and what it was asked.

-- The settings of a user's twin. A user without a row has a twin that does nothing by itself.
CREATE TABLE twins (
	user_id                INTEGER PRIMARY KEY REFERENCES users (id) ON DELETE CASCADE,
	name                   TEXT CHECK (length(name) BETWEEN 1 AND 100), -- NULL: the user's
	persona                TEXT CHECK (length(persona) <= 4000),
	traits                 TEXT CHECK (traits IS NULL OR json_valid(traits)),
	autopilot              TEXT NOT NULL DEFAULT 'off' CHECK (autopilot IN ('off', 'draft', 'on')),
	answers_to             TEXT NOT NULL DEFAULT 'everyone'
		CHECK (answers_to IN ('everyone', 'friends', 'nobody')),
	only_when_away         INTEGER NOT NULL DEFAULT 0 CHECK (only_when_away IN (0, 1)),
	-- Minutes since midnight, and minutes east of UTC. NULL: there are no quiet hours.
	quiet_from             INTEGER CHECK (quiet_from BETWEEN 0 AND 1439),
	quiet_to               INTEGER CHECK (quiet_to BETWEEN 0 AND 1439),
	quiet_offset           INTEGER CHECK (quiet_offset BETWEEN -840 AND 840),
	model                  TEXT CHECK (length(model) BETWEEN 1 AND 100),
	max_replies_per_day    INTEGER NOT NULL DEFAULT 100 CHECK (max_replies_per_day BETWEEN 0 AND 10000),
	max_replies_per_person INTEGER CHECK (max_replies_per_person BETWEEN 0 AND 10000), -- NULL: half
	updated_at             INTEGER NOT NULL,
	CHECK ((quiet_from IS NULL) = (quiet_to IS NULL) AND (quiet_from IS NULL) = (quiet_offset IS NULL))
) STRICT;

-- The twins that their owners have brought into an AEON room.
CREATE TABLE room_twins (
	room_id  TEXT NOT NULL,
	user_id  INTEGER NOT NULL,
	added_at INTEGER NOT NULL,
	PRIMARY KEY (room_id, user_id),
	FOREIGN KEY (room_id, user_id) REFERENCES room_participants (room_id, user_id) ON DELETE CASCADE
) STRICT, WITHOUT ROWID;
CREATE INDEX room_twins_by_user ON room_twins (user_id);

-- A twin leaves a room with its owner, who may return with it from a room that was removed.
CREATE TRIGGER room_twin_left AFTER UPDATE OF is_active ON room_participants
WHEN new.is_active = 0 AND new.returns = 0
BEGIN
	DELETE FROM room_twins WHERE room_id = new.room_id AND user_id = new.user_id;
END;

-- Texts that are stored nowhere else: what owners gave to their twins, and facts from the owners' own
-- words.
CREATE TABLE twin_memories (
	id          INTEGER PRIMARY KEY AUTOINCREMENT,
	owner_id    INTEGER NOT NULL REFERENCES users (id) ON DELETE CASCADE,
	content     TEXT NOT NULL CHECK (length(content) BETWEEN 1 AND 4000),
	digest      BLOB NOT NULL CHECK (length(digest) = 16), -- of the content; see lib/realm/memories.c
	memory_type TEXT NOT NULL CHECK (length(memory_type) BETWEEN 1 AND 50),
	importance  INTEGER NOT NULL DEFAULT 5 CHECK (importance BETWEEN 1 AND 10),
	visibility  TEXT NOT NULL DEFAULT 'private' CHECK (visibility IN ('private', 'friends', 'public')),
	local_only  INTEGER NOT NULL DEFAULT 0 CHECK (local_only IN (0, 1)), -- no provider gets it
	times       INTEGER NOT NULL DEFAULT 1 CHECK (times >= 1), -- how often it was given
	quote       TEXT CHECK (length(quote) <= 4000), -- of a fact: the words that it comes from
	created_at  INTEGER NOT NULL,
	updated_at  INTEGER NOT NULL,
	meta_data   TEXT CHECK (meta_data IS NULL OR json_valid(meta_data)),
	UNIQUE (owner_id, digest)
) STRICT;
CREATE INDEX twin_memories_by_owner ON twin_memories (owner_id, id);
CREATE INDEX twin_memories_by_type ON twin_memories (owner_id, memory_type, id);

-- The owner's own texts from which a fact comes.
CREATE TABLE memory_sources (
	memory_id INTEGER NOT NULL REFERENCES twin_memories (id) ON DELETE CASCADE,
	kind      TEXT NOT NULL,
	source    TEXT NOT NULL, -- its id
	PRIMARY KEY (memory_id, kind, source)
) STRICT, WITHOUT ROWID;
CREATE INDEX memory_sources_by_source ON memory_sources (kind, source);

-- The conversations of users with their own twins.
CREATE TABLE twin_conversations (
	id         TEXT PRIMARY KEY NOT NULL CHECK (length(id) = 36),
	owner_id   INTEGER NOT NULL REFERENCES users (id) ON DELETE CASCADE,
	messages   INTEGER NOT NULL DEFAULT 0,
	created_at INTEGER NOT NULL,
	updated_at INTEGER NOT NULL
) STRICT;
CREATE INDEX twin_conversations_by_owner ON twin_conversations (owner_id, updated_at, id);

CREATE TABLE twin_chat (
	id              INTEGER PRIMARY KEY AUTOINCREMENT,
	conversation_id TEXT NOT NULL REFERENCES twin_conversations (id) ON DELETE CASCADE,
	is_aeon         INTEGER NOT NULL CHECK (is_aeon IN (0, 1)),
	content         TEXT NOT NULL CHECK (length(content) BETWEEN 1 AND 4000),
	context         TEXT CHECK (context IS NULL OR json_valid(context)),
	turn_id         INTEGER, -- of the twin's
	created_at      INTEGER NOT NULL
) STRICT;
CREATE INDEX twin_chat_by_conversation ON twin_chat (conversation_id, id);

CREATE TRIGGER chat_counted AFTER INSERT ON twin_chat
BEGIN
	UPDATE twin_conversations SET messages = messages + 1, updated_at = new.created_at
	WHERE id = new.conversation_id;
	UPDATE user_counts SET text_bytes = text_bytes
		+ length(CAST(new.content || coalesce(new.context, '') AS BLOB))
	WHERE user_id = (SELECT owner_id FROM twin_conversations WHERE id = new.conversation_id);
END;
-- The lines of a conversation are deleted before the conversation, or they would count for ever.
CREATE TRIGGER chat_uncounted AFTER DELETE ON twin_chat
BEGIN
	UPDATE user_counts SET text_bytes = text_bytes
		- length(CAST(old.content || coalesce(old.context, '') AS BLOB))
	WHERE user_id = (SELECT owner_id FROM twin_conversations WHERE id = old.conversation_id);
	UPDATE twin_conversations SET messages = messages - 1 WHERE id = old.conversation_id;
END;

CREATE TRIGGER memory_bytes_added AFTER INSERT ON twin_memories
BEGIN
	UPDATE user_counts SET text_bytes = text_bytes
		+ length(CAST(new.content || coalesce(new.quote, '') || coalesce(new.meta_data, '') AS BLOB))
	WHERE user_id = new.owner_id;
END;
CREATE TRIGGER memory_bytes_removed AFTER DELETE ON twin_memories
BEGIN
	UPDATE user_counts SET text_bytes = text_bytes
		- length(CAST(old.content || coalesce(old.quote, '') || coalesce(old.meta_data, '') AS BLOB))
	WHERE user_id = old.owner_id;
END;
CREATE TRIGGER memory_bytes_changed AFTER UPDATE OF content, quote, meta_data ON twin_memories
BEGIN
	UPDATE user_counts SET text_bytes = text_bytes
		+ length(CAST(new.content || coalesce(new.quote, '') || coalesce(new.meta_data, '') AS BLOB))
		- length(CAST(old.content || coalesce(old.quote, '') || coalesce(old.meta_data, '') AS BLOB))
	WHERE user_id = new.owner_id;
END;

-- A turn: a twin answers one cause, once. What a turn did is read by the owner of the twin alone.
--
-- The root is the word of a user with which a chain of turns began. step counts the turns of a chain,
-- so no chain has more than 8, and of interactions no more than 6, whatever runs at the same time.
CREATE TABLE twin_turns (
	id            INTEGER PRIMARY KEY AUTOINCREMENT,
	twin_id       INTEGER REFERENCES users (id) ON DELETE CASCADE, -- NULL: the best one of the room
	cause_kind    TEXT NOT NULL CHECK (cause_kind IN ('chat', 'interaction', 'response', 'message')),
	cause_id      TEXT NOT NULL,
	root_kind     TEXT NOT NULL CHECK (root_kind IN ('chat', 'interaction', 'response', 'message')),
	root_id       TEXT NOT NULL,
	step          INTEGER CHECK (step BETWEEN 1 AND CASE WHEN cause_kind = 'message' THEN 8 ELSE 6 END),
	asker_id      INTEGER NOT NULL REFERENCES users (id) ON DELETE CASCADE, -- the author of the cause
	room_id       TEXT REFERENCES chat_rooms (id) ON DELETE CASCADE,
	state         TEXT NOT NULL DEFAULT 'queued' CHECK (state IN ('queued', 'running', 'draft', 'posted',
		'refused', 'overtaken', 'interrupted', 'failed', 'cancelled', 'rejected')),
	reason        TEXT, -- of a turn without an answer
	due_at        INTEGER NOT NULL, -- not before; of a refused one: when the reason ends, or 0
	lease_until   INTEGER NOT NULL DEFAULT 0, -- of the process that runs it
	worker        INTEGER NOT NULL DEFAULT 0, -- the aeon-twin that runs it
	attempts      INTEGER NOT NULL DEFAULT 0,
	content       TEXT CHECK (length(content) <= 4000), -- the text so far, the draft or the answer
	answer_id     TEXT, -- of the message, interaction or line of the chat
	approved      INTEGER NOT NULL DEFAULT 0 CHECK (approved IN (0, 1)), -- by the owner
	engine        TEXT, -- 'recall', or the model that was asked
	model         TEXT, -- the model that answered
	prompt_tokens INTEGER NOT NULL DEFAULT 0,
	reply_tokens  INTEGER NOT NULL DEFAULT 0,
	created_at    INTEGER NOT NULL,
	started_at    INTEGER,
	finished_at   INTEGER,
	UNIQUE (twin_id, cause_kind, cause_id),
	UNIQUE (root_kind, root_id, step),
	CHECK ((state IN ('refused', 'overtaken', 'interrupted', 'failed')) <= (reason IS NOT NULL)),
	CHECK ((step IS NULL) <= (state = 'refused'))
) STRICT;
CREATE UNIQUE INDEX twin_turns_of_room ON twin_turns (cause_kind, cause_id) WHERE twin_id IS NULL;
CREATE INDEX twin_turns_by_owner ON twin_turns (twin_id, id);
CREATE INDEX twin_turns_by_twin ON twin_turns (twin_id, state, id);
CREATE INDEX twin_turns_by_day ON twin_turns (twin_id, created_at);
CREATE INDEX twin_turns_by_asker ON twin_turns (asker_id, twin_id, created_at);
CREATE INDEX twin_turns_by_room ON twin_turns (room_id) WHERE room_id IS NOT NULL;
CREATE INDEX twin_turns_queued ON twin_turns (due_at, id) WHERE state = 'queued';
CREATE INDEX twin_turns_waiting ON twin_turns (asker_id)
	WHERE state IN ('queued', 'running') AND cause_kind = root_kind AND cause_id = root_id;
CREATE INDEX twin_turns_first ON twin_turns (due_at, id) WHERE state = 'queued' AND step = 1;
CREATE INDEX twin_turns_running ON twin_turns (lease_until) WHERE state = 'running';
CREATE INDEX twin_turns_finished ON twin_turns (finished_at) WHERE finished_at IS NOT NULL AND answer_id IS NULL;

-- What the answer of a turn draws on. A source that goes takes the answer with it.
CREATE TABLE turn_sources (
	turn_id     INTEGER NOT NULL REFERENCES twin_turns (id) ON DELETE CASCADE,
	kind        TEXT NOT NULL CHECK (kind IN ('message', 'question', 'response', 'knowledge', 'memory', 'chat')),
	source      TEXT NOT NULL, -- its id
	author_id   INTEGER NOT NULL REFERENCES users (id) ON DELETE CASCADE,
	cited       INTEGER NOT NULL DEFAULT 0 CHECK (cited IN (0, 1)),
	text_rank   INTEGER, -- its place in each list; NULL: it was not in the list
	nearby_rank INTEGER,
	vector_rank INTEGER,
	score       REAL NOT NULL,
	PRIMARY KEY (turn_id, kind, source)
) STRICT, WITHOUT ROWID;
CREATE INDEX turn_sources_by_source ON turn_sources (kind, source);
CREATE INDEX turn_sources_by_author ON turn_sources (author_id);

-- Calls to providers, without any text. What a call may cost is reserved before it is made, and a call
-- that was not settled counts as what it reserved.
CREATE TABLE twin_calls (
	id         INTEGER PRIMARY KEY AUTOINCREMENT,
	twin_id    INTEGER NOT NULL REFERENCES users (id) ON DELETE CASCADE,
	asker_id   INTEGER NOT NULL REFERENCES users (id) ON DELETE CASCADE,
	turn_id    INTEGER REFERENCES twin_turns (id) ON DELETE SET NULL,
	provider   TEXT NOT NULL CHECK (provider IN ('llm', 'embedder')),
	model      TEXT NOT NULL,
	reserved   INTEGER NOT NULL CHECK (reserved >= 0), -- tokens
	spent      INTEGER CHECK (spent >= 0), -- NULL: not settled
	created_at INTEGER NOT NULL
) STRICT;
CREATE INDEX twin_calls_by_turn ON twin_calls (turn_id);
CREATE INDEX twin_calls_by_twin ON twin_calls (twin_id, created_at);
CREATE INDEX twin_calls_by_asker ON twin_calls (asker_id);
CREATE INDEX twin_calls_by_time ON twin_calls (created_at);

-- Tokens of a day (since 1970, UTC): of the realm (scope 'realm', key 0), of a twin, and of an asker.
CREATE TABLE twin_spend (
	scope  TEXT NOT NULL CHECK (scope IN ('realm', 'twin', 'asker')),
	key    INTEGER NOT NULL,
	day    INTEGER NOT NULL,
	tokens INTEGER NOT NULL DEFAULT 0,
	calls  INTEGER NOT NULL DEFAULT 0,
	PRIMARY KEY (scope, key, day)
) STRICT, WITHOUT ROWID;

CREATE INDEX twin_spend_by_day ON twin_spend (day);

CREATE TRIGGER call_reserved AFTER INSERT ON twin_calls
BEGIN
	INSERT INTO twin_spend (day, scope, key, tokens, calls)
	VALUES (new.created_at / 86400000000, 'realm', 0, coalesce(new.spent, new.reserved), 1),
	       (new.created_at / 86400000000, 'twin', new.twin_id, coalesce(new.spent, new.reserved), 1),
	       (new.created_at / 86400000000, 'asker', new.asker_id, coalesce(new.spent, new.reserved), 1)
	ON CONFLICT DO UPDATE SET tokens = tokens + excluded.tokens, calls = calls + 1;
END;
CREATE TRIGGER call_settled AFTER UPDATE OF spent ON twin_calls
BEGIN
	UPDATE twin_spend
	SET tokens = tokens + coalesce(new.spent, new.reserved) - coalesce(old.spent, old.reserved)
	WHERE day = new.created_at / 86400000000
	  AND ((scope = 'realm' AND key = 0) OR (scope = 'twin' AND key = new.twin_id)
	       OR (scope = 'asker' AND key = new.asker_id));
END;

-- The turn that wrote it; NULL: the user did.
ALTER TABLE real_time_messages ADD COLUMN turn_id INTEGER;
ALTER TABLE aeon_interactions ADD COLUMN turn_id INTEGER;          -- the turn that asked
ALTER TABLE aeon_interactions ADD COLUMN response_turn_id INTEGER; -- the turn that answered
