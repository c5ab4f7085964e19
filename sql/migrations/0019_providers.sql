-- The providers of models that aeon-twin uses (lib/realm/providers.h).
CREATE TABLE providers (
	interface TEXT PRIMARY KEY NOT NULL CHECK (interface IN ('llm', 'embedder')),
	model     TEXT NOT NULL,
	host      TEXT -- name and port; NULL: this machine
) STRICT, WITHOUT ROWID;
