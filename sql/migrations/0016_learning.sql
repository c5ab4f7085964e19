-- What twins learn from the own texts of their owners: see lib/realm/lessons.h.

-- Texts from which a twin learns facts, once. A row stays as long as its text is the same.
CREATE TABLE learning (
	kind       TEXT NOT NULL CHECK (kind IN ('message', 'question', 'response', 'knowledge', 'chat')),
	source     TEXT NOT NULL, -- its id
	owner_id   INTEGER NOT NULL REFERENCES users (id) ON DELETE CASCADE,
	due_at     INTEGER, -- not before, or the end of the lease of a process; NULL: it is done
	tries      INTEGER NOT NULL DEFAULT 0,
	created_at INTEGER NOT NULL,
	PRIMARY KEY (kind, source)
) STRICT, WITHOUT ROWID;
CREATE INDEX learning_due ON learning (due_at) WHERE due_at IS NOT NULL;
CREATE INDEX learning_by_owner ON learning (owner_id, due_at);

-- A changed text is another text.
CREATE TRIGGER learning_forget INSTEAD OF INSERT ON text_forgotten
BEGIN
	DELETE FROM learning WHERE kind = new.kind AND source = CAST(new.source AS TEXT);
END;

-- How many facts a twin has learned today.
CREATE INDEX twin_memories_learned ON twin_memories (owner_id, created_at) WHERE quote IS NOT NULL;
