-- Vectors of the texts on which twins may draw: see lib/realm/vectors.h.

-- The models that have made vectors, or make them now: that of the settings, and the one before until the
-- new one has embedded all texts.
CREATE TABLE vector_models (
	id           INTEGER PRIMARY KEY AUTOINCREMENT,
	-- As in the settings: the models for texts and for what is searched for, and what each wants before.
	asked        TEXT NOT NULL,
	asked_query  TEXT NOT NULL,
	prefix       TEXT NOT NULL,
	query_prefix TEXT NOT NULL,
	-- What the provider calls them. NULL: it has not answered yet.
	name         TEXT,
	query_name   TEXT,
	dimension    INTEGER NOT NULL DEFAULT 0 CHECK (dimension >= 0),
	-- Of all texts (texts.id) those above `upto` and those up to `since` are still to be looked at.
	upto         INTEGER NOT NULL,
	since        INTEGER NOT NULL,
	looked_at    INTEGER NOT NULL, -- when it began to look at all texts
	is_complete  INTEGER NOT NULL DEFAULT 0 CHECK (is_complete IN (0, 1))
) STRICT;

-- The vectors of texts of a place that lie side by side. A text between two users is in two places.
CREATE TABLE text_vectors (
	model   INTEGER NOT NULL REFERENCES vector_models (id),
	place   INTEGER NOT NULL,
	block   INTEGER NOT NULL, -- texts.at / 64
	vectors BLOB NOT NULL,    -- see lib/store/vectors.h
	PRIMARY KEY (model, place, block)
) STRICT;

-- Forgetting a text forgets its vectors.
CREATE TRIGGER text_vectors_forget AFTER DELETE ON texts
BEGIN
	UPDATE text_vectors
	SET vectors = vectors_remove(vectors, (SELECT m.dimension FROM vector_models m WHERE m.id = model), old.id)
	WHERE model IN (SELECT m.id FROM vector_models m) AND place IN (old.place, old.also_place)
	  AND block = old.at >> 6;
	DELETE FROM text_vectors
	WHERE model IN (SELECT m.id FROM vector_models m) AND place IN (old.place, old.also_place)
	  AND block = old.at >> 6 AND vectors = x'';
END;

-- The id of the newest text is used again after it was deleted.
CREATE TRIGGER text_vectors_wanted AFTER INSERT ON texts
BEGIN
	UPDATE vector_models SET upto = new.id - 1 WHERE upto >= new.id AND since < new.id;
END;

CREATE INDEX texts_by_author ON texts (author_id);

-- The batch of texts that is being embedded: one at a time, whichever process does it.
CREATE TABLE vector_work (
	id           INTEGER PRIMARY KEY CHECK (id = 1),
	batch        INTEGER NOT NULL DEFAULT 0, -- its number
	worker       INTEGER NOT NULL DEFAULT 0, -- the aeon-twin that does it; 0: none is in work
	lease_until  INTEGER NOT NULL DEFAULT 0,
	paused_until INTEGER NOT NULL DEFAULT 0, -- after a failure, or when the ceiling of the day is reached
	most         INTEGER NOT NULL DEFAULT 32 -- texts of the next batch
) STRICT;
INSERT INTO vector_work (id) VALUES (1);

-- Searches that wait for the vector of what is searched for, for less than a second.
CREATE TABLE search_vectors (
	id         INTEGER PRIMARY KEY AUTOINCREMENT,
	owner_id   INTEGER NOT NULL REFERENCES users (id) ON DELETE CASCADE,
	content    TEXT NOT NULL,
	state      TEXT NOT NULL DEFAULT 'waiting' CHECK (state IN ('waiting', 'asked', 'done')),
	model      INTEGER, -- NULL: it has no vector
	scale      REAL,
	vector     BLOB,
	created_at INTEGER NOT NULL
) STRICT;
CREATE INDEX search_vectors_by_owner ON search_vectors (owner_id);
