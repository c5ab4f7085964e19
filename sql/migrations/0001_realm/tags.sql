-- Tags of knowledge, and the users of each tag.

CREATE TABLE tags (
	id   INTEGER PRIMARY KEY,
	name TEXT NOT NULL UNIQUE CHECK (length(name) BETWEEN 1 AND 64),
	uses INTEGER NOT NULL DEFAULT 0 -- by public knowledge
) STRICT;
CREATE INDEX tags_by_uses ON tags (uses DESC, name);

CREATE TABLE knowledge_tags (
	knowledge_id INTEGER NOT NULL REFERENCES shared_knowledge (id) ON DELETE CASCADE,
	tag_id       INTEGER NOT NULL REFERENCES tags (id),
	score        INTEGER NOT NULL, -- of the knowledge
	PRIMARY KEY (knowledge_id, tag_id)
) STRICT, WITHOUT ROWID;
CREATE INDEX knowledge_tags_by_tag ON knowledge_tags (tag_id, knowledge_id);
CREATE INDEX knowledge_tags_by_score ON knowledge_tags (tag_id, score, knowledge_id);

CREATE TRIGGER knowledge_score_changed AFTER UPDATE OF upvotes, downvotes ON shared_knowledge
WHEN new.score <> old.score
BEGIN
	UPDATE knowledge_tags SET score = new.score WHERE knowledge_id = new.id;
END;

-- How many pieces of a user's knowledge have a tag, for each visibility.
CREATE TABLE user_tags (
	user_id    INTEGER NOT NULL REFERENCES users (id) ON DELETE CASCADE,
	tag_id     INTEGER NOT NULL,
	visibility TEXT NOT NULL,
	items      INTEGER NOT NULL,
	PRIMARY KEY (user_id, tag_id, visibility)
) STRICT, WITHOUT ROWID;

CREATE TRIGGER tag_added AFTER INSERT ON knowledge_tags
BEGIN
	INSERT INTO user_tags (user_id, tag_id, visibility, items)
	SELECT creator_id, new.tag_id, visibility, 1 FROM shared_knowledge WHERE id = new.knowledge_id
	ON CONFLICT DO UPDATE SET items = items + 1;
	UPDATE tags SET uses = uses + (SELECT visibility = 'public' FROM shared_knowledge
	                               WHERE id = new.knowledge_id) WHERE id = new.tag_id;
END;

-- A tag that no knowledge has any more is removed.
CREATE TRIGGER tag_removed AFTER DELETE ON knowledge_tags
BEGIN
	UPDATE user_tags SET items = items - 1
	WHERE tag_id = old.tag_id
	  AND (user_id, visibility) = (SELECT creator_id, visibility FROM shared_knowledge
	                               WHERE id = old.knowledge_id);
	DELETE FROM user_tags
	WHERE tag_id = old.tag_id AND items = 0
	  AND user_id = (SELECT creator_id FROM shared_knowledge WHERE id = old.knowledge_id);
	UPDATE tags SET uses = uses - (SELECT visibility = 'public' FROM shared_knowledge
	                               WHERE id = old.knowledge_id) WHERE id = old.tag_id;
	DELETE FROM tags WHERE id = old.tag_id
	  AND NOT EXISTS (SELECT 1 FROM knowledge_tags t WHERE t.tag_id = old.tag_id);
END;

-- Before, because tag_removed reads the knowledge.
CREATE TRIGGER knowledge_untagged BEFORE DELETE ON shared_knowledge
BEGIN
	DELETE FROM knowledge_tags WHERE knowledge_id = old.id;
END;

CREATE TRIGGER tags_visibility_changed AFTER UPDATE OF visibility ON shared_knowledge
WHEN new.visibility <> old.visibility
BEGIN
	UPDATE user_tags SET items = items - 1
	WHERE user_id = new.creator_id AND visibility = old.visibility
	  AND tag_id IN (SELECT tag_id FROM knowledge_tags WHERE knowledge_id = new.id);
	DELETE FROM user_tags
	WHERE user_id = new.creator_id AND visibility = old.visibility AND items = 0;
	INSERT INTO user_tags (user_id, tag_id, visibility, items)
	SELECT new.creator_id, tag_id, new.visibility, 1 FROM knowledge_tags
	WHERE knowledge_id = new.id
	ON CONFLICT DO UPDATE SET items = items + 1;
	UPDATE tags SET uses = uses + (new.visibility = 'public') - (old.visibility = 'public')
	WHERE id IN (SELECT tag_id FROM knowledge_tags WHERE knowledge_id = new.id);
END;

-- --- user_tags and user_counts the other way round, for similar users (lib/realm/similar.h) ---

-- The users of each tag, as sets of ids (lib/store/ids.h): the users with public knowledge that has
-- the tag, and the users with such knowledge for friends. A user may be in both.
CREATE TABLE tag_users (
	id            INTEGER PRIMARY KEY, -- ids_key(tag_id, user_id)
	public_users  BLOB NOT NULL DEFAULT x'',
	friends_users BLOB NOT NULL DEFAULT x''
) STRICT;

CREATE TRIGGER user_tag_added AFTER INSERT ON user_tags WHEN new.visibility <> 'private'
BEGIN
	INSERT INTO tag_users (id) VALUES (ids_key(new.tag_id, new.user_id)) ON CONFLICT DO NOTHING;
	UPDATE tag_users SET
		public_users = iif(new.visibility = 'public', ids_add(public_users, new.user_id),
		                   public_users),
		friends_users = iif(new.visibility = 'friends', ids_add(friends_users, new.user_id),
		                    friends_users)
	WHERE id = ids_key(new.tag_id, new.user_id);
	UPDATE user_counts SET public_tags = public_tags + (new.visibility = 'public'),
		friends_tags = friends_tags + NOT EXISTS (
			SELECT 1 FROM user_tags t
			WHERE t.user_id = new.user_id AND t.tag_id = new.tag_id
			  AND t.visibility IN ('public', 'friends') AND t.visibility <> new.visibility)
	WHERE user_id = new.user_id;
END;
CREATE TRIGGER user_tag_removed AFTER DELETE ON user_tags WHEN old.visibility <> 'private'
BEGIN
	UPDATE tag_users SET
		public_users = iif(old.visibility = 'public', ids_remove(public_users, old.user_id),
		                   public_users),
		friends_users = iif(old.visibility = 'friends', ids_remove(friends_users, old.user_id),
		                    friends_users)
	WHERE id = ids_key(old.tag_id, old.user_id);
	DELETE FROM tag_users
	WHERE id = ids_key(old.tag_id, old.user_id) AND public_users = x'' AND friends_users = x'';
	UPDATE user_counts SET public_tags = public_tags - (old.visibility = 'public'),
		friends_tags = friends_tags - NOT EXISTS (
			SELECT 1 FROM user_tags t
			WHERE t.user_id = old.user_id AND t.tag_id = old.tag_id
			  AND t.visibility IN ('public', 'friends'))
	WHERE user_id = old.user_id;
END;

-- The users by how many tags they have: sets for public_tags, and for friends_tags. No set has the
-- users without a tag.
CREATE TABLE tag_count_users (
	id            INTEGER PRIMARY KEY, -- ids_key(how many tags, user_id)
	public_users  BLOB NOT NULL DEFAULT x'',
	friends_users BLOB NOT NULL DEFAULT x''
) STRICT;

CREATE TRIGGER public_tags_changed AFTER UPDATE OF public_tags ON user_counts
WHEN new.public_tags <> old.public_tags
BEGIN
	UPDATE tag_count_users SET public_users = ids_remove(public_users, old.user_id)
	WHERE id = ids_key(old.public_tags, old.user_id);
	DELETE FROM tag_count_users
	WHERE id = ids_key(old.public_tags, old.user_id) AND public_users = x'' AND friends_users = x'';
	INSERT INTO tag_count_users (id, public_users)
	SELECT ids_key(new.public_tags, new.user_id), ids_add(x'', new.user_id)
	WHERE new.public_tags > 0
	ON CONFLICT DO UPDATE SET public_users = ids_add(public_users, new.user_id);
END;
CREATE TRIGGER friends_tags_changed AFTER UPDATE OF friends_tags ON user_counts
WHEN new.friends_tags <> old.friends_tags
BEGIN
	UPDATE tag_count_users SET friends_users = ids_remove(friends_users, old.user_id)
	WHERE id = ids_key(old.friends_tags, old.user_id);
	DELETE FROM tag_count_users
	WHERE id = ids_key(old.friends_tags, old.user_id) AND public_users = x'' AND friends_users = x'';
	INSERT INTO tag_count_users (id, friends_users)
	SELECT ids_key(new.friends_tags, new.user_id), ids_add(x'', new.user_id)
	WHERE new.friends_tags > 0
	ON CONFLICT DO UPDATE SET friends_users = ids_add(friends_users, new.user_id);
END;
