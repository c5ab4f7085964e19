-- Settings that an administrator has changed while the realm runs. They override aeon.conf.
CREATE TABLE realm_settings (
	key   TEXT PRIMARY KEY NOT NULL CHECK (length(key) BETWEEN 1 AND 64),
	value TEXT NOT NULL CHECK (length(value) <= 64)
) STRICT, WITHOUT ROWID;
