-- What Neo4j holds of this database: users, relationships and public knowledge with its tags, all by their
-- numbers. See lib/realm/projection.h.

CREATE TRIGGER user_projected AFTER INSERT ON users
BEGIN
	INSERT INTO projected_change (kind, id, other, gone) VALUES ('user', new.id, 0, 0);
END;
CREATE TRIGGER user_projected_again AFTER UPDATE OF is_active, erased_at, privacy_network ON users
WHEN old.is_active <> new.is_active OR old.privacy_network <> new.privacy_network
  OR old.erased_at IS DISTINCT FROM new.erased_at
BEGIN
	INSERT INTO projected_change (kind, id, other, gone)
	VALUES ('user', new.id, 0, CASE WHEN new.erased_at IS NULL THEN 0 ELSE 1 END);
END;

-- Each message that two users exchange makes their relationship a little stronger. So Neo4j knows a strength
-- in tenths, and such a message writes no row.
CREATE TRIGGER relationship_projected AFTER INSERT ON user_relationships
BEGIN
	INSERT INTO projected_change (kind, id, other, gone) VALUES ('knows', new.user_id, new.related_user_id, 0);
END;
CREATE TRIGGER relationship_projected_again AFTER UPDATE OF relationship_type, strength ON user_relationships
WHEN old.relationship_type <> new.relationship_type
  OR round(old.strength * 10) <> round(new.strength * 10)
BEGIN
	INSERT INTO projected_change (kind, id, other, gone) VALUES ('knows', new.user_id, new.related_user_id, 0);
END;
CREATE TRIGGER relationship_projected_gone AFTER DELETE ON user_relationships
BEGIN
	INSERT INTO projected_change (kind, id, other, gone) VALUES ('knows', old.user_id, old.related_user_id, 1);
END;

CREATE TRIGGER knowledge_projected AFTER INSERT ON shared_knowledge WHEN new.visibility = 'public'
BEGIN
	INSERT INTO projected_change (kind, id, other, gone) VALUES ('knowledge', new.id, 0, 0);
END;
CREATE TRIGGER knowledge_projected_again AFTER UPDATE OF visibility, tags ON shared_knowledge
WHEN (old.visibility <> new.visibility OR old.tags <> new.tags) AND 'public' IN (old.visibility, new.visibility)
BEGIN
	INSERT INTO projected_change (kind, id, other, gone)
	VALUES ('knowledge', new.id, 0, CASE new.visibility WHEN 'public' THEN 0 ELSE 1 END);
END;
CREATE TRIGGER knowledge_projected_gone AFTER DELETE ON shared_knowledge WHEN old.visibility = 'public'
BEGIN
	INSERT INTO projected_change (kind, id, other, gone) VALUES ('knowledge', old.id, 0, 1);
END;

-- What the realm has already.
INSERT INTO projected (kind, id, other, gone) SELECT 'user', id, 0, 0 FROM users WHERE erased_at IS NULL;
INSERT INTO projected (kind, id, other, gone)
SELECT 'knows', user_id, related_user_id, 0 FROM user_relationships;
INSERT INTO projected (kind, id, other, gone)
SELECT 'knowledge', id, 0, 0 FROM shared_knowledge WHERE visibility = 'public';

-- Searches for a path that wait for Neo4j. See lib/realm/path_questions.h.
CREATE TABLE path_questions (
	id         INTEGER PRIMARY KEY AUTOINCREMENT,
	viewer_id  INTEGER NOT NULL REFERENCES users (id) ON DELETE CASCADE,
	target_id  INTEGER NOT NULL REFERENCES users (id) ON DELETE CASCADE,
	state      TEXT NOT NULL DEFAULT 'waiting' CHECK (state IN ('waiting', 'asked', 'done')),
	upto       INTEGER NOT NULL DEFAULT 0, -- Neo4j had all changes up to this one
	paths      TEXT CHECK (paths IS NULL OR json_valid(paths)), -- lists of ids of users; NULL: Neo4j has not answered
	created_at INTEGER NOT NULL
) STRICT;
CREATE INDEX path_questions_by_viewer ON path_questions (viewer_id);
CREATE INDEX path_questions_by_target ON path_questions (target_id);
