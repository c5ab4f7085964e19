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

-- Who uses a tag: a character each, 65,536 above the lower 19 bits of the user's id, and 524,288 more
-- if only friends see it, so that all of them take four bytes and none is found between two.
-- A row is at most 960 of them, which fill a leaf; one that is found by an integer does not overflow.
CREATE TABLE tag_users (
	id    INTEGER PRIMARY KEY, -- the tag's << 36, the rest of the users' ids << 22, a number
	users TEXT NOT NULL
) STRICT;

CREATE TRIGGER user_tag_made AFTER INSERT ON user_tags
WHEN new.visibility <> 'private' AND NOT EXISTS (
	SELECT 1 FROM user_tags t WHERE t.user_id = new.user_id AND t.tag_id = new.tag_id
	  AND t.visibility = iif(new.visibility = 'public', 'friends', 'public'))
BEGIN
	INSERT INTO tag_users (id, users)
	SELECT coalesce(max(p.id) + (length(p.users) >= 960), s.id),
	       char(65536 + 524288 * (new.visibility = 'friends') + (new.user_id & 524287))
	FROM (SELECT (new.tag_id << 36) + (new.user_id >> 19 << 22) AS id) s
	LEFT JOIN tag_users p ON p.id >= s.id AND p.id < s.id + (1 << 22)
	WHERE 1
	ON CONFLICT DO UPDATE SET users = users || excluded.users;
	UPDATE user_counts SET public_tags = public_tags + (new.visibility = 'public'),
		friends_tags = friends_tags + (new.visibility = 'friends')
	WHERE user_id = new.user_id;
END;
CREATE TRIGGER user_tag_gone AFTER DELETE ON user_tags
WHEN old.visibility <> 'private' AND NOT EXISTS (
	SELECT 1 FROM user_tags t WHERE t.user_id = old.user_id AND t.tag_id = old.tag_id
	  AND t.visibility = iif(old.visibility = 'public', 'friends', 'public'))
BEGIN
	UPDATE tag_users SET users = replace(users, c.user, '')
	FROM (SELECT (old.tag_id << 36) + (old.user_id >> 19 << 22) AS id,
	             char(65536 + 524288 * (old.visibility = 'friends') + (old.user_id & 524287))
	               AS user) c
	WHERE tag_users.id >= c.id AND tag_users.id < c.id + (1 << 22) AND instr(users, c.user);
	DELETE FROM tag_users
	WHERE id >= old.tag_id << 36 AND id < (old.tag_id + 1) << 36 AND users = '';
	UPDATE user_counts SET public_tags = public_tags - (old.visibility = 'public'),
		friends_tags = friends_tags - (old.visibility = 'friends')
	WHERE user_id = old.user_id;
END;

-- All see now what friends saw, and the other way round.
CREATE TRIGGER user_tag_opened AFTER INSERT ON user_tags
WHEN new.visibility = 'public' AND EXISTS (
	SELECT 1 FROM user_tags t WHERE t.user_id = new.user_id AND t.tag_id = new.tag_id
	  AND t.visibility = 'friends')
BEGIN
	UPDATE tag_users SET users = replace(users, c.was, c.user)
	FROM (SELECT (new.tag_id << 36) + (new.user_id >> 19 << 22) AS id,
	             char(65536 + 524288 + (new.user_id & 524287)) AS was,
	             char(65536 + (new.user_id & 524287)) AS user) c
	WHERE tag_users.id >= c.id AND tag_users.id < c.id + (1 << 22) AND instr(users, c.was);
	UPDATE user_counts SET public_tags = public_tags + 1, friends_tags = friends_tags - 1
	WHERE user_id = new.user_id;
END;
CREATE TRIGGER user_tag_closed AFTER DELETE ON user_tags
WHEN old.visibility = 'public' AND EXISTS (
	SELECT 1 FROM user_tags t WHERE t.user_id = old.user_id AND t.tag_id = old.tag_id
	  AND t.visibility = 'friends')
BEGIN
	UPDATE tag_users SET users = replace(users, c.was, c.user)
	FROM (SELECT (old.tag_id << 36) + (old.user_id >> 19 << 22) AS id,
	             char(65536 + (old.user_id & 524287)) AS was,
	             char(65536 + 524288 + (old.user_id & 524287)) AS user) c
	WHERE tag_users.id >= c.id AND tag_users.id < c.id + (1 << 22) AND instr(users, c.was);
	UPDATE user_counts SET public_tags = public_tags - 1, friends_tags = friends_tags + 1
	WHERE user_id = old.user_id;
END;

-- public_tags and friends_tags again, in the same way: two characters a user, 120 users a part.
CREATE TABLE user_sizes (
	part  INTEGER PRIMARY KEY,
	sizes TEXT NOT NULL
) STRICT;

CREATE TRIGGER user_sized AFTER UPDATE OF public_tags, friends_tags ON user_counts
BEGIN
	INSERT INTO user_sizes (part, sizes)
	VALUES (new.user_id / 120, replace(hex(zeroblob(120)), '0', char(65536)))
	ON CONFLICT DO NOTHING;
	UPDATE user_sizes SET sizes = substr(sizes, 1, new.user_id % 120 * 2)
		|| char(65536 + new.public_tags, 65536 + new.friends_tags)
		|| substr(sizes, new.user_id % 120 * 2 + 3)
	WHERE part = new.user_id / 120;
END;
