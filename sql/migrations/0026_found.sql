-- A search of the whole realm also waits for candidates of a store: see lib/realm/search_vectors.h.
ALTER TABLE search_vectors ADD COLUMN is_realm_wide INTEGER NOT NULL DEFAULT 0 CHECK (is_realm_wide IN (0, 1));
ALTER TABLE search_vectors ADD COLUMN found TEXT CHECK (found IS NULL OR json_valid(found)); -- ids of knowledge

-- Stores are providers, too.
CREATE TABLE providers_now (
	interface TEXT PRIMARY KEY NOT NULL CHECK (interface IN ('llm', 'embedder', 'vectors', 'graph')),
	model     TEXT NOT NULL,
	host      TEXT -- name and port; NULL: this machine
) STRICT, WITHOUT ROWID;
INSERT INTO providers_now (interface, model, host) SELECT interface, model, host FROM providers;
DROP TABLE providers;
ALTER TABLE providers_now RENAME TO providers;
