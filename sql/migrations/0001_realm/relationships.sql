-- Relationships from one user to another.

CREATE TABLE user_relationships (
	id                INTEGER PRIMARY KEY AUTOINCREMENT,
	user_id           INTEGER NOT NULL REFERENCES users (id) ON DELETE CASCADE,
	related_user_id   INTEGER NOT NULL REFERENCES users (id) ON DELETE CASCADE,
	relationship_type TEXT NOT NULL CHECK (length(relationship_type) BETWEEN 1 AND 50),
	strength          REAL NOT NULL DEFAULT 1.0 CHECK (strength BETWEEN 0 AND 1),
	created_at        INTEGER NOT NULL,
	last_interaction  INTEGER NOT NULL,
	interaction_count INTEGER NOT NULL DEFAULT 1,
	shared_interests  TEXT NOT NULL DEFAULT '[]' CHECK (json_valid(shared_interests)),
	meta_data         TEXT CHECK (meta_data IS NULL OR json_valid(meta_data)),
	UNIQUE (user_id, related_user_id),
	CHECK (user_id <> related_user_id)
) STRICT;
CREATE INDEX user_relationships_by_user ON user_relationships (user_id, id);
-- The order of the fragment strength_rank.
CREATE INDEX user_relationships_by_strength
	ON user_relationships (user_id, (log2(strength) + last_interaction / (30 * 86400e6)));
CREATE INDEX user_relationships_blocked ON user_relationships (user_id, related_user_id)
	WHERE relationship_type = 'blocked';
CREATE INDEX user_relationships_by_related
	ON user_relationships (related_user_id, relationship_type, user_id);
