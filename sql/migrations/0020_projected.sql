-- What other stores, such as ChromaDB, hold of this database: see lib/realm/projection.h.

-- A row for each thing that a store may hold, with the number of its last change. A store has all changes up
-- to some number, so the changes above it, in order, bring it up to date.
CREATE TABLE projected (
	rev   INTEGER PRIMARY KEY AUTOINCREMENT,
	kind  TEXT NOT NULL,
	id    INTEGER NOT NULL,
	other INTEGER NOT NULL, -- the second id of a thing that has two; else 0
	gone  INTEGER NOT NULL CHECK (gone IN (0, 1)), -- the row goes when all stores know it
	UNIQUE (kind, id, other)
) STRICT;
CREATE INDEX projected_gone ON projected (rev) WHERE gone = 1;

-- Inserting a row here notes a change.
CREATE VIEW projected_change (kind, id, other, gone) AS SELECT kind, id, other, gone FROM projected;
CREATE TRIGGER projected_changed INSTEAD OF INSERT ON projected_change
BEGIN
	DELETE FROM projected WHERE kind = new.kind AND id = new.id AND other = new.other;
	INSERT INTO projected (kind, id, other, gone) VALUES (new.kind, new.id, new.other, new.gone);
END;

-- How far each store is.
CREATE TABLE sync (
	store       TEXT PRIMARY KEY NOT NULL,
	round       INTEGER NOT NULL DEFAULT 1, -- how often an administrator had it filled from nothing
	upto        INTEGER NOT NULL DEFAULT 0, -- projected.rev: it has confirmed all changes up to this one
	worker      INTEGER NOT NULL DEFAULT 0, -- the aeon-twin that writes to it; 0: none
	lease_until INTEGER NOT NULL DEFAULT 0,
	failure     TEXT,                       -- of the last attempt, in words; NULL: it succeeded
	failed_at   INTEGER NOT NULL DEFAULT 0  -- since when attempts fail; 0: they do not
) STRICT, WITHOUT ROWID;

-- Vectors. That one has been kept is noted where it is kept, since a block of vectors does not tell which
-- of them is new.
CREATE TRIGGER text_vector_gone AFTER DELETE ON texts
WHEN old.kind IN ('knowledge', 'memory')
 AND EXISTS (SELECT 1 FROM projected p WHERE p.kind = old.kind || '_vector' AND p.id = CAST(old.source AS INTEGER)
             AND p.other = 0)
BEGIN
	INSERT INTO projected_change (kind, id, other, gone)
	VALUES (old.kind || '_vector', CAST(old.source AS INTEGER), 0, 1);
END;
CREATE TRIGGER memory_vector_changed AFTER UPDATE OF local_only, visibility ON twin_memories
WHEN (old.local_only <> new.local_only OR old.visibility <> new.visibility)
 AND EXISTS (SELECT 1 FROM projected p WHERE p.kind = 'memory_vector' AND p.id = new.id AND p.other = 0)
BEGIN
	INSERT INTO projected_change (kind, id, other, gone) VALUES ('memory_vector', new.id, 0, 0);
END;

-- The vectors that the realm has already.
INSERT INTO projected (kind, id, other, gone)
SELECT t.kind || '_vector', CAST(t.source AS INTEGER), 0, 0 FROM texts t
WHERE (t.kind = 'memory' OR (t.kind = 'knowledge' AND t.place = 0))
  AND EXISTS (SELECT 1 FROM vector_models m JOIN text_vectors v ON v.model = m.id
              WHERE v.place = t.place AND v.block = t.at >> 6);
