-- What is counted of people, so that no question has to count: by triggers, in the transaction of the
-- cause, whatever that is. aeonctl check counts again, aeonctl rebuild mends.

CREATE TABLE user_counts (
	user_id             INTEGER PRIMARY KEY REFERENCES users (id) ON DELETE CASCADE,
	public_knowledge    INTEGER NOT NULL DEFAULT 0,
	friends_knowledge   INTEGER NOT NULL DEFAULT 0,
	private_knowledge   INTEGER NOT NULL DEFAULT 0,
	upvotes             INTEGER NOT NULL DEFAULT 0, -- of that knowledge
	interactions        INTEGER NOT NULL DEFAULT 0, -- as either side
	public_interactions INTEGER NOT NULL DEFAULT 0,
	public_tags         INTEGER NOT NULL DEFAULT 0, -- of public knowledge, each once
	friends_tags        INTEGER NOT NULL DEFAULT 0  -- that friends see besides
) STRICT;

CREATE TRIGGER user_counts_made AFTER INSERT ON users
BEGIN
	INSERT INTO user_counts (user_id) VALUES (new.id);
END;

-- --- knowledge ---

CREATE TRIGGER user_counts_knowledge AFTER INSERT ON shared_knowledge
BEGIN
	UPDATE user_counts SET public_knowledge = public_knowledge + (new.visibility = 'public'),
		friends_knowledge = friends_knowledge + (new.visibility = 'friends'),
		private_knowledge = private_knowledge + (new.visibility = 'private'),
		upvotes = upvotes + new.upvotes
	WHERE user_id = new.creator_id;
END;
CREATE TRIGGER user_counts_knowledge_gone AFTER DELETE ON shared_knowledge
BEGIN
	UPDATE user_counts SET public_knowledge = public_knowledge - (old.visibility = 'public'),
		friends_knowledge = friends_knowledge - (old.visibility = 'friends'),
		private_knowledge = private_knowledge - (old.visibility = 'private'),
		upvotes = upvotes - old.upvotes
	WHERE user_id = old.creator_id;
END;
CREATE TRIGGER user_counts_knowledge_shown AFTER UPDATE OF visibility ON shared_knowledge
WHEN new.visibility <> old.visibility
BEGIN
	UPDATE user_counts SET
		public_knowledge = public_knowledge
			+ (new.visibility = 'public') - (old.visibility = 'public'),
		friends_knowledge = friends_knowledge
			+ (new.visibility = 'friends') - (old.visibility = 'friends'),
		private_knowledge = private_knowledge
			+ (new.visibility = 'private') - (old.visibility = 'private')
	WHERE user_id = new.creator_id;
END;
CREATE TRIGGER user_counts_upvotes AFTER UPDATE OF upvotes ON shared_knowledge
BEGIN
	UPDATE user_counts SET upvotes = upvotes + new.upvotes - old.upvotes
	WHERE user_id = new.creator_id;
END;

-- --- interactions ---

CREATE TRIGGER user_counts_interactions AFTER INSERT ON aeon_interactions
BEGIN
	UPDATE user_counts SET interactions = interactions + 1,
		public_interactions = public_interactions + new.is_public
	WHERE user_id IN (new.aeon_user_id, new.target_aeon_user_id);
END;
CREATE TRIGGER user_counts_interactions_gone AFTER DELETE ON aeon_interactions
BEGIN
	UPDATE user_counts SET interactions = interactions - 1,
		public_interactions = public_interactions - old.is_public
	WHERE user_id IN (old.aeon_user_id, old.target_aeon_user_id);
END;

-- --- tags: user_tags turned round, for whoever counts many users at once (lib/realm/similar.h) ---

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
