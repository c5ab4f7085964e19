-- A twin asks another twin (lib/realm/exchange.h), and proposes knowledge to its owner.

-- About which questions the twin may ask the twin of another user: none, public ones, or all.
ALTER TABLE twins ADD COLUMN asks_others TEXT NOT NULL DEFAULT 'public'
	CHECK (asks_others IN ('never', 'public', 'always'));

-- twin_turns gets two kinds of causes: 'exchange', of which cause_id is the turn that asks, and 'knowledge', of
-- which it is the memory that is proposed. A CHECK cannot be changed, so the table is made again. What refers
-- to it goes with it, and is filled again.
CREATE TABLE kept_turns AS SELECT * FROM twin_turns;
CREATE TABLE kept_sources AS SELECT * FROM turn_sources;
CREATE TABLE kept_cites AS SELECT * FROM knowledge_cites;
CREATE TABLE kept_calls AS SELECT id, turn_id FROM twin_calls WHERE turn_id IS NOT NULL;
CREATE TABLE kept_sequence AS SELECT seq FROM sqlite_sequence WHERE name = 'twin_turns';
DROP TABLE twin_turns;

CREATE TABLE twin_turns (
	id            INTEGER PRIMARY KEY AUTOINCREMENT,
	twin_id       INTEGER REFERENCES users (id) ON DELETE CASCADE, -- NULL: the best one of the room
	cause_kind    TEXT NOT NULL CHECK (cause_kind IN ('chat', 'interaction', 'response', 'message',
		'exchange', 'knowledge')),
	cause_id      TEXT NOT NULL,
	root_kind     TEXT NOT NULL CHECK (root_kind IN ('chat', 'interaction', 'response', 'message',
		'knowledge')),
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
	leaving       INTEGER NOT NULL DEFAULT 3 CHECK (leaving BETWEEN 0 AND 3), -- see lib/realm/leaving.h
	UNIQUE (twin_id, cause_kind, cause_id),
	UNIQUE (root_kind, root_id, step),
	CHECK ((state IN ('refused', 'overtaken', 'interrupted', 'failed')) <= (reason IS NOT NULL)),
	CHECK ((step IS NULL) <= (state = 'refused'))
) STRICT;
CREATE INDEX twin_turns_by_asker ON twin_turns (asker_id, twin_id, created_at);
CREATE INDEX twin_turns_by_day ON twin_turns (twin_id, created_at);
CREATE INDEX twin_turns_by_owner ON twin_turns (twin_id, id);
CREATE INDEX twin_turns_by_room ON twin_turns (room_id) WHERE room_id IS NOT NULL;
CREATE INDEX twin_turns_by_twin ON twin_turns (twin_id, state, id);
CREATE INDEX twin_turns_finished ON twin_turns (finished_at) WHERE finished_at IS NOT NULL AND answer_id IS NULL;
CREATE INDEX twin_turns_first ON twin_turns (due_at, id) WHERE state = 'queued' AND step = 1;
CREATE UNIQUE INDEX twin_turns_of_room ON twin_turns (cause_kind, cause_id) WHERE twin_id IS NULL;
CREATE INDEX twin_turns_queued ON twin_turns (due_at, id) WHERE state = 'queued';
CREATE INDEX twin_turns_running ON twin_turns (lease_until) WHERE state = 'running';
CREATE INDEX twin_turns_running_of_asker ON twin_turns (asker_id) WHERE state = 'running';
CREATE INDEX twin_turns_waiting ON twin_turns (asker_id)
	WHERE state IN ('queued', 'running') AND cause_kind = root_kind AND cause_id = root_id;
-- A turn asks once.
CREATE UNIQUE INDEX twin_turns_exchange ON twin_turns (cause_id) WHERE cause_kind = 'exchange';
CREATE INDEX twin_turns_proposed ON twin_turns (answer_id) WHERE cause_kind = 'knowledge';

INSERT INTO twin_turns (id, twin_id, cause_kind, cause_id, root_kind, root_id, step, asker_id, room_id, state, reason, due_at,
	lease_until, worker, attempts, content, answer_id, approved, engine, model, prompt_tokens, reply_tokens,
	created_at, started_at, finished_at, leaving)
SELECT id, twin_id, cause_kind, cause_id, root_kind, root_id, step, asker_id, room_id, state, reason, due_at,
	lease_until, worker, attempts, content, answer_id, approved, engine, model, prompt_tokens, reply_tokens,
	created_at, started_at, finished_at, leaving
FROM kept_turns;
INSERT INTO turn_sources SELECT * FROM kept_sources;
INSERT INTO knowledge_cites SELECT * FROM kept_cites;
UPDATE twin_calls SET turn_id = (SELECT k.turn_id FROM kept_calls k WHERE k.id = twin_calls.id)
WHERE id IN (SELECT k.id FROM kept_calls k);
DELETE FROM sqlite_sequence WHERE name = 'twin_turns';
INSERT INTO sqlite_sequence (name, seq) SELECT 'twin_turns', seq FROM kept_sequence;
DROP TABLE kept_turns;
DROP TABLE kept_sources;
DROP TABLE kept_cites;
DROP TABLE kept_calls;
DROP TABLE kept_sequence;

CREATE TRIGGER turn_cited AFTER UPDATE OF state ON twin_turns
WHEN new.state IN ('posted', 'rejected') AND old.state <> new.state
 AND new.cause_kind IN ('message', 'interaction') AND new.cause_kind = new.root_kind AND new.cause_id = new.root_id
BEGIN
	INSERT INTO knowledge_cites (knowledge_id, twin_id, mark, turn_id, asker_id)
	SELECT k.id, new.twin_id,
	       CASE WHEN new.state = 'rejected' THEN -1 ELSE new.approved = 1 AND new.content IS old.content END,
	       new.id, new.asker_id
	FROM turn_sources s CROSS JOIN shared_knowledge k ON k.id = CAST(s.source AS INTEGER)
	WHERE s.turn_id = new.id AND s.kind = 'knowledge' AND s.cited = 1
	  AND k.visibility = 'public' AND k.creator_id NOT IN (new.twin_id, new.asker_id)
	  AND CASE new.cause_kind
	      WHEN 'message' THEN EXISTS (SELECT 1 FROM chat_rooms r WHERE r.id = new.room_id AND r.is_public = 1)
	      ELSE EXISTS (SELECT 1 FROM aeon_interactions i
	                   WHERE i.id = CAST(new.cause_id AS INTEGER) AND i.is_public = 1) END
	ON CONFLICT DO NOTHING;
END;
CREATE TRIGGER turn_uncited AFTER UPDATE OF answer_id ON twin_turns
WHEN old.answer_id IS NOT NULL AND new.answer_id IS NULL
BEGIN
	DELETE FROM knowledge_cites WHERE turn_id = new.id;
END;

-- The turn that asks waits for the end of the other one.
CREATE TRIGGER exchange_ended AFTER UPDATE OF state ON twin_turns
WHEN new.cause_kind = 'exchange' AND new.state NOT IN ('queued', 'running')
BEGIN
	UPDATE twin_turns SET due_at = coalesce(new.finished_at, 0)
	WHERE id = CAST(new.cause_id AS INTEGER) AND state = 'queued';
END;

-- A turn stays as long as what it has proposed.
CREATE TRIGGER proposed_knowledge_deleted AFTER DELETE ON shared_knowledge
BEGIN
	UPDATE twin_turns SET content = NULL, answer_id = NULL
	WHERE cause_kind = 'knowledge' AND answer_id = CAST(old.id AS TEXT);
END;
