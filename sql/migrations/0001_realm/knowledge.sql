-- Shared knowledge, its votes and shares.

CREATE TABLE shared_knowledge (
	id             INTEGER PRIMARY KEY AUTOINCREMENT,
	creator_id     INTEGER NOT NULL REFERENCES users (id) ON DELETE CASCADE,
	content        TEXT NOT NULL CHECK (length(content) BETWEEN 1 AND 20000),
	knowledge_type TEXT NOT NULL CHECK (length(knowledge_type) BETWEEN 1 AND 50),
	tags           TEXT NOT NULL DEFAULT '[]' CHECK (json_valid(tags)),
	visibility     TEXT NOT NULL DEFAULT 'public'
		CHECK (visibility IN ('public', 'friends', 'private')),
	created_at     INTEGER NOT NULL,
	updated_at     INTEGER NOT NULL,
	upvotes        INTEGER NOT NULL DEFAULT 0 CHECK (upvotes >= 0),
	downvotes      INTEGER NOT NULL DEFAULT 0 CHECK (downvotes >= 0),
	share_count    INTEGER NOT NULL DEFAULT 0 CHECK (share_count >= 0),
	meta_data      TEXT CHECK (meta_data IS NULL OR json_valid(meta_data)),
	-- The rank by votes, in millionths: the lower end of the Wilson score interval (E. B. Wilson
	-- 1927, doi:10.1080/01621459.1927.10502953) at 95 %, z = 1.96. With few votes, the same share
	-- of upvotes has a lower score.
	score          INTEGER NOT NULL GENERATED ALWAYS AS (
		CASE WHEN upvotes = 0 THEN 0 ELSE CAST(round(1e6 *
			((upvotes + 1.9208) / (upvotes + downvotes)
			 - 1.96 * sqrt(1.0 * upvotes * downvotes / (upvotes + downvotes) + 0.9604)
			   / (upvotes + downvotes))
			/ (1 + 3.8416 / (upvotes + downvotes))) AS INTEGER) END) STORED
) STRICT;
CREATE INDEX shared_knowledge_by_score ON shared_knowledge (score, id);
CREATE INDEX shared_knowledge_by_creator_score ON shared_knowledge (creator_id, score, id);
CREATE INDEX shared_knowledge_by_creator ON shared_knowledge (creator_id, id, visibility);
CREATE INDEX shared_knowledge_by_visibility ON shared_knowledge (visibility, id);
CREATE INDEX shared_knowledge_by_type ON shared_knowledge (knowledge_type, id);

CREATE TRIGGER knowledge_added AFTER INSERT ON shared_knowledge
BEGIN
	INSERT INTO user_days (user_id, day, knowledge)
	VALUES (new.creator_id, new.created_at / 86400000000, 1)
	ON CONFLICT DO UPDATE SET knowledge = knowledge + 1;
	UPDATE user_counts SET public_knowledge = public_knowledge + (new.visibility = 'public'),
		friends_knowledge = friends_knowledge + (new.visibility = 'friends'),
		private_knowledge = private_knowledge + (new.visibility = 'private'),
		upvotes = upvotes + new.upvotes
	WHERE user_id = new.creator_id;
END;
CREATE TRIGGER knowledge_removed AFTER DELETE ON shared_knowledge
BEGIN
	UPDATE user_counts SET public_knowledge = public_knowledge - (old.visibility = 'public'),
		friends_knowledge = friends_knowledge - (old.visibility = 'friends'),
		private_knowledge = private_knowledge - (old.visibility = 'private'),
		upvotes = upvotes - old.upvotes
	WHERE user_id = old.creator_id;
END;
CREATE TRIGGER knowledge_visibility_changed AFTER UPDATE OF visibility ON shared_knowledge
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
CREATE TRIGGER knowledge_upvotes_changed AFTER UPDATE OF upvotes ON shared_knowledge
BEGIN
	UPDATE user_counts SET upvotes = upvotes + new.upvotes - old.upvotes
	WHERE user_id = new.creator_id;
END;

-- The search index of knowledge (its words: lib/store/tokenizer.h), and how many texts have a word.
CREATE VIRTUAL TABLE knowledge_text USING fts5 (
	content, tags, content = 'shared_knowledge', content_rowid = 'id', tokenize = 'words'
);
CREATE VIRTUAL TABLE knowledge_terms USING fts5vocab (knowledge_text, row);

CREATE TRIGGER knowledge_text_insert AFTER INSERT ON shared_knowledge
BEGIN
	INSERT INTO knowledge_text (rowid, content, tags) VALUES (new.id, new.content, new.tags);
END;
CREATE TRIGGER knowledge_text_delete AFTER DELETE ON shared_knowledge
BEGIN
	INSERT INTO knowledge_text (knowledge_text, rowid, content, tags)
	VALUES ('delete', old.id, old.content, old.tags);
END;
CREATE TRIGGER knowledge_text_update AFTER UPDATE OF content, tags ON shared_knowledge
WHEN old.content <> new.content OR old.tags <> new.tags
BEGIN
	INSERT INTO knowledge_text (knowledge_text, rowid, content, tags)
	VALUES ('delete', old.id, old.content, old.tags);
	INSERT INTO knowledge_text (rowid, content, tags) VALUES (new.id, new.content, new.tags);
END;

CREATE TABLE knowledge_votes (
	knowledge_id INTEGER NOT NULL REFERENCES shared_knowledge (id) ON DELETE CASCADE,
	user_id      INTEGER NOT NULL REFERENCES users (id) ON DELETE CASCADE,
	value        INTEGER NOT NULL CHECK (value IN (-1, 1)),
	created_at   INTEGER NOT NULL,
	PRIMARY KEY (knowledge_id, user_id)
) STRICT, WITHOUT ROWID;
CREATE INDEX knowledge_votes_by_user ON knowledge_votes (user_id);

CREATE TRIGGER vote_added AFTER INSERT ON knowledge_votes
BEGIN
	UPDATE shared_knowledge SET upvotes = upvotes + (new.value = 1),
		downvotes = downvotes + (new.value = -1) WHERE id = new.knowledge_id;
	INSERT INTO user_days (user_id, day, votes)
	VALUES (new.user_id, new.created_at / 86400000000, 1)
	ON CONFLICT DO UPDATE SET votes = votes + 1;
END;
CREATE TRIGGER vote_changed AFTER UPDATE OF value ON knowledge_votes WHEN old.value <> new.value
BEGIN
	UPDATE shared_knowledge SET upvotes = upvotes + new.value, downvotes = downvotes - new.value
	WHERE id = new.knowledge_id;
END;
CREATE TRIGGER vote_removed AFTER DELETE ON knowledge_votes
BEGIN
	UPDATE shared_knowledge SET upvotes = upvotes - (old.value = 1),
		downvotes = downvotes - (old.value = -1) WHERE id = old.knowledge_id;
END;

-- The targets of each user's shares, so that sharing again with the same target counts once.
CREATE TABLE knowledge_shares (
	knowledge_id INTEGER NOT NULL REFERENCES shared_knowledge (id) ON DELETE CASCADE,
	user_id      INTEGER NOT NULL REFERENCES users (id) ON DELETE CASCADE,
	target       TEXT NOT NULL, -- the id of a room or of a user
	created_at   INTEGER NOT NULL,
	PRIMARY KEY (knowledge_id, user_id, target)
) STRICT, WITHOUT ROWID;
CREATE INDEX knowledge_shares_by_user ON knowledge_shares (user_id);

CREATE TRIGGER share_added AFTER INSERT ON knowledge_shares
BEGIN
	UPDATE shared_knowledge SET share_count = share_count + 1 WHERE id = new.knowledge_id;
END;
CREATE TRIGGER share_removed AFTER DELETE ON knowledge_shares
BEGIN
	UPDATE shared_knowledge SET share_count = share_count - 1 WHERE id = old.knowledge_id;
END;
