-- What the clients of a user keep for the user: see lib/realm/user_settings.h.
CREATE TABLE user_settings (
	user_id    INTEGER PRIMARY KEY REFERENCES users (id) ON DELETE CASCADE,
	settings   TEXT NOT NULL CHECK (json_valid(settings)),
	updated_at INTEGER NOT NULL
) STRICT;
