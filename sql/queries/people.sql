-- Users, found by name, by username or by id: see lib/realm/people.h.

-- Of the words, the one that the fewest names have. `open` and `hidden`: how many discoverable and other users
-- have it, at most :most and :most_hidden.
-- name: people_rarest :one
-- takes: words json, most int, most_hidden int
-- gives: word text, open int, hidden int
SELECT w.value AS word,
       (SELECT count(*) FROM (SELECT 1 FROM user_words u
                              WHERE u.discoverable = 1 AND u.word >= w.value
                                AND u.word < w.value || char(1114111) LIMIT :most)) AS open,
       (SELECT count(*) FROM (SELECT 1 FROM user_words u
                              WHERE u.discoverable = 0 AND u.word >= w.value
                                AND u.word < w.value || char(1114111) LIMIT :most_hidden)) AS hidden
FROM json_each(:words) w ORDER BY 2, length(w.value) DESC LIMIT 1;

-- Users by name. A name matches when one of its words begins with :word, and each of :words begins one of its
-- words. Friends of the viewer come first, then members of the viewer's rooms, then others. :wide says that :word has too many users to look at all of
-- them: then `near` has the bounded parts of those who are close to the viewer, and some of the others. A place is
-- 0 for a friend, 1 for a co-member, 2 for another user, and 3 until it is known for one who is not discoverable.
-- The + keeps SQLite from trying each room of the viewer for each user.
-- name: people_found :list user
-- takes: viewer int, word text, words json, wide bool, most int, most_hidden int, limit int
WITH wanted AS MATERIALIZED (
	SELECT value AS word, value || char(1114111) AS beyond FROM json_each(:words)
	WHERE substr(:word, 1, length(value)) <> value),
blocked AS MATERIALIZED ({blocked_users}),
my_rooms AS MATERIALIZED (
	SELECT mine.room_id FROM room_participants mine WHERE mine.user_id = :viewer AND mine.is_active = 1),
near AS (
	SELECT id, 2 AS place FROM (
		SELECT u.user_id AS id FROM user_words u
		WHERE u.discoverable = 1 AND u.word >= :word AND u.word < :word || char(1114111)
		  AND u.user_id NOT IN (SELECT user_id FROM blocked)
		LIMIT :most)
	UNION ALL
	SELECT id, 3 FROM (
		SELECT u.user_id AS id FROM user_words u
		WHERE u.discoverable = 0 AND u.word >= :word AND u.word < :word || char(1114111)
		  AND u.user_id NOT IN (SELECT user_id FROM blocked)
		LIMIT :most_hidden)
	UNION ALL
	SELECT n.id, n.place FROM (
		SELECT id, 0 AS place FROM (
			SELECT x.related_user_id AS id FROM user_relationships x
			WHERE :wide = 1 AND x.user_id = :viewer AND x.relationship_type = 'friend'
			ORDER BY {strength_rank} DESC LIMIT 300)
		UNION ALL
		SELECT id, 1 FROM (
			SELECT m.user_id AS id FROM my_rooms
			CROSS JOIN room_participants m ON m.room_id = my_rooms.room_id AND m.is_active = 1
			WHERE :wide = 1 LIMIT 500)) n
	WHERE EXISTS (SELECT 1 FROM user_words u
	              WHERE u.user_id = n.id AND u.word >= :word AND u.word < :word || char(1114111))),
named AS MATERIALIZED (
	SELECT near.id, min(near.place) AS place FROM near
	WHERE NOT EXISTS (SELECT 1 FROM wanted
	                  WHERE NOT EXISTS (SELECT 1 FROM user_words u WHERE u.user_id = near.id
	                                      AND u.word >= wanted.word AND u.word < wanted.beyond))
	GROUP BY near.id),
placed AS MATERIALIZED (
	SELECT named.id,
	       CASE WHEN named.place < 2 OR (named.place = 2 AND :wide = 1) THEN named.place
	            WHEN EXISTS (SELECT 1 FROM user_relationships x
	                         WHERE x.user_id = :viewer AND x.related_user_id = named.id
	                           AND x.relationship_type = 'friend') THEN 0
	            WHEN EXISTS (SELECT 1 FROM room_participants m
	                         WHERE m.user_id = named.id AND m.is_active = 1
	                           AND +m.room_id IN (SELECT room_id FROM my_rooms)) THEN 1
	            ELSE 2 END AS place
	FROM named),
found AS MATERIALIZED (
	SELECT other.id, other.username, placed.place
	FROM placed CROSS JOIN users other ON other.id = placed.id
	WHERE other.id <> :viewer AND other.is_active = 1 AND other.id NOT IN (SELECT user_id FROM blocked)
	  AND (placed.place < 2 OR other.discoverable = 1 OR {other_tied})
	ORDER BY placed.place, other.username, other.id LIMIT :limit)
SELECT other.id, other.username, NULL AS email, {user_about}
FROM found CROSS JOIN users other ON other.id = found.id
ORDER BY found.place, found.username, found.id;

-- name: people_of_ids :list user
-- takes: viewer int, ids json, all bool
SELECT other.id, other.username, {user_email}, {user_about}
FROM users other
WHERE other.id IN (SELECT value FROM json_each(:ids)) AND {user_shown}
ORDER BY other.id DESC;
