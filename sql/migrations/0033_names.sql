-- The words of usernames and full names, by which users find each other (lib/realm/people.h). name_words() is in
-- lib/store/names.h. A disabled, waiting or erased account has none.

CREATE TABLE user_words (
	discoverable INTEGER NOT NULL, -- as of the user
	word         TEXT NOT NULL,
	user_id      INTEGER NOT NULL REFERENCES users (id) ON DELETE CASCADE,
	PRIMARY KEY (discoverable, word, user_id)
) STRICT, WITHOUT ROWID;
CREATE INDEX user_words_by_user ON user_words (user_id, word);

INSERT INTO user_words (discoverable, word, user_id)
SELECT DISTINCT u.discoverable, w.value, u.id
FROM users u, json_each(name_words(u.username, u.full_name)) w WHERE u.is_active = 1;

CREATE TRIGGER user_words_added AFTER INSERT ON users WHEN new.is_active = 1
BEGIN
	INSERT INTO user_words (discoverable, word, user_id)
	SELECT DISTINCT new.discoverable, w.value, new.id FROM json_each(name_words(new.username, new.full_name)) w;
END;
CREATE TRIGGER user_words_changed AFTER UPDATE OF username, full_name, is_active, discoverable ON users
WHEN old.username <> new.username OR old.full_name IS DISTINCT FROM new.full_name
  OR old.is_active <> new.is_active OR old.discoverable <> new.discoverable
BEGIN
	DELETE FROM user_words WHERE user_id = old.id;
	INSERT INTO user_words (discoverable, word, user_id)
	SELECT DISTINCT new.discoverable, w.value, new.id FROM json_each(name_words(new.username, new.full_name)) w
	WHERE new.is_active = 1;
END;
