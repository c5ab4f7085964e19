-- Interactions between AEONs.

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

CREATE TRIGGER interaction_added AFTER INSERT ON aeon_interactions
BEGIN
	INSERT INTO user_days (user_id, day, interactions)
	VALUES (new.aeon_user_id, new.created_at / 86400000000, 1)
	ON CONFLICT DO UPDATE SET interactions = interactions + 1;
	UPDATE user_counts SET interactions = interactions + 1,
		public_interactions = public_interactions + new.is_public
	WHERE user_id IN (new.aeon_user_id, new.target_aeon_user_id);
END;
CREATE TRIGGER interaction_removed AFTER DELETE ON aeon_interactions
BEGIN
	UPDATE user_counts SET interactions = interactions - 1,
		public_interactions = public_interactions - old.is_public
	WHERE user_id IN (old.aeon_user_id, old.target_aeon_user_id);
END;
