-- A room's log: messages and changes of messages.

-- What the sender has sent with this client_id, and whether it is the same message. Its first text is not
-- known once it was changed. A change of a message (seq 0) is none.
-- name: message_by_client :one
-- takes: sender int, client_id text, room text, content text, type text, meta_data json, reply_to text
-- gives: same bool, id text, seq int, sent_at time
SELECT m.room_id = :room AND m.message_type = :type AND m.reply_to IS :reply_to
       AND (m.deleted_at IS NOT NULL
            OR (m.meta_data IS :meta_data AND (m.edited_at IS NOT NULL OR m.content = :content))) AS same,
       m.id, m.seq, m.timestamp AS sent_at
FROM real_time_messages m WHERE m.sender_id = :sender AND m.client_id = :client_id
UNION ALL
SELECT 0, '', 0, 0 FROM taken_changes WHERE user_id = :sender AND client_id = :client_id;

-- The author of the message, or without one of the last entry of the room, if it is a message that was
-- sent after :since.
-- name: message_partner :one
-- takes: message text, room text, seq int, since time
-- gives: partner int
SELECT sender_id AS partner FROM real_time_messages WHERE id = :message
UNION ALL
SELECT sender_id FROM real_time_messages
WHERE :message IS NULL AND room_id = :room AND seq = :seq AND timestamp > :since;

-- name: room_next_seq :one
-- takes: room text
-- gives: seq int
UPDATE chat_rooms SET last_seq = last_seq + 1 WHERE id = :room RETURNING last_seq AS seq;

-- name: message_insert :exec
-- takes: id text, room text, seq int, sender int, content text, type text, now time, turn int,
-- takes: meta_data json, client_id text, reply_to text, knowledge int
INSERT INTO real_time_messages (id, room_id, seq, sender_id, content, message_type, timestamp,
                                is_aeon_message, turn_id, meta_data, client_id, reply_to,
                                knowledge_id)
VALUES (:id, :room, :seq, :sender, :content, :type, :now, :turn > 0, nullif(:turn, 0), :meta_data,
        :client_id, :reply_to, nullif(:knowledge, 0));

-- name: message_visible :object message
-- takes: viewer int, room text, message text
SELECT {message_columns} FROM real_time_messages m
JOIN chat_rooms r ON r.id = m.room_id
JOIN users other ON other.id = m.sender_id
WHERE m.id = :message AND m.room_id = :room AND {room_readable}
  AND {other_not_blocked};

-- name: message_in_room :one
-- takes: viewer int, message text, room text
SELECT 1 FROM real_time_messages m JOIN users other ON other.id = m.sender_id
WHERE m.id = :message AND m.room_id = :room AND {other_not_blocked};

-- name: room_readable :one
-- takes: viewer int, room text
-- gives: last_seq int
SELECT last_seq FROM chat_rooms r WHERE r.id = :room AND {room_readable};

-- Newest first. Members may read a room, and anyone signed in a public one.
-- name: messages_before :page message
-- takes: viewer int, room text, before int, after int, limit int
SELECT {message_columns}, m.seq AS page_key FROM chat_rooms r
JOIN real_time_messages m ON m.room_id = r.id
JOIN users other ON other.id = m.sender_id
WHERE r.id = :room AND {room_readable} AND m.seq < :before AND m.seq > :after
  AND {other_not_blocked}
ORDER BY m.seq DESC LIMIT :limit;

-- Oldest first.
-- name: messages_after :page message
-- takes: viewer int, room text, after int, before int, limit int
SELECT {message_columns}, m.seq AS page_key FROM chat_rooms r
JOIN real_time_messages m ON m.room_id = r.id
JOIN users other ON other.id = m.sender_id
WHERE r.id = :room AND {room_readable} AND m.seq > :after AND m.seq < :before
  AND {other_not_blocked}
ORDER BY m.seq LIMIT :limit;

-- How many messages a room had on each of the last days, of the newest :most. When there are more, the
-- list ends with the last day that is among them as a whole; today is always in it.
-- name: room_activity :list room_day
-- takes: viewer int, room text, last int, days int, most int
WITH RECURSIVE newest (day, sender, is_deleted) AS MATERIALIZED (
	SELECT m.timestamp / 86400000000, m.sender_id, m.deleted_at IS NOT NULL
	FROM real_time_messages m WHERE m.room_id = :room ORDER BY m.seq DESC LIMIT :most
), counted (day, messages) AS (
	SELECT newest.day, count(*) FROM newest
	WHERE NOT newest.is_deleted AND newest.sender NOT IN ({blocked_users}) GROUP BY newest.day
), whole (day) AS (
	SELECT CASE WHEN count(*) < :most THEN 0 ELSE min(day) + 1 END FROM newest
), days (day) AS (
	SELECT :last UNION ALL
	SELECT days.day - 1 FROM days, whole WHERE days.day > :last - :days + 1 AND days.day > whole.day
)
SELECT date(days.day * 86400, 'unixepoch') AS day, coalesce(c.messages, 0) AS messages
FROM days LEFT JOIN counted c ON c.day = days.day ORDER BY days.day DESC;

-- --- the log as a whole ---

-- The entries of the room's log behind :after, and whether each is hidden from the viewer: a walk along
-- two indexes, merged.
-- name: room_log_after :each
-- takes: viewer int, room text, after int, limit int
-- gives: seq int, kind text?, hidden bool
SELECT e.seq, e.kind, {event_hidden} AS hidden FROM (
	SELECT seq, NULL AS kind, sender_id AS user_id, NULL AS other_id
	FROM real_time_messages WHERE room_id = :room AND seq > :after
	UNION ALL
	SELECT c.seq, c.kind, c.user_id, m.sender_id
	FROM message_changes c LEFT JOIN real_time_messages m ON m.id = c.message_id
	WHERE c.room_id = :room AND c.seq > :after
	ORDER BY 1 LIMIT :limit
) e;

-- An entry of the room's log that is a message.
-- name: room_log_message :object message
-- takes: viewer int, room text, seq int
SELECT {message_columns} FROM real_time_messages m JOIN users other ON other.id = m.sender_id
WHERE m.room_id = :room AND m.seq = :seq;

-- An entry of the room's log that is a change. An edit shows the text as it is now.
-- name: room_log_change :object change
-- takes: room text, seq int
SELECT c.room_id, c.seq, c.message_id, c.user_id, other.username, {person_names}, c.created_at AS timestamp,
       CASE WHEN c.is_on IS NULL AND m.deleted_at IS NULL THEN m.content END AS content,
       CASE WHEN c.is_on IS NULL AND m.deleted_at IS NULL THEN m.edited_at END AS edited_at,
       c.key, c.is_on AS "on"
FROM message_changes c JOIN users other ON other.id = c.user_id
LEFT JOIN real_time_messages m ON m.id = c.message_id
WHERE c.room_id = :room AND c.seq = :seq;

-- --- changing messages ---

-- The message, and whether its sender is hidden from the viewer.
-- name: message_for_change :one
-- takes: viewer int, room text, message text
-- gives: sender int, visible bool, content text, deleted bool, seq int, by_twin bool, shares bool
SELECT m.sender_id AS sender, {other_not_blocked} AS visible, m.content,
       m.deleted_at IS NOT NULL AS deleted, m.seq, m.is_aeon_message AS by_twin,
       m.knowledge_id IS NOT NULL AS shares
FROM real_time_messages m
JOIN users other ON other.id = m.sender_id
WHERE m.id = :message AND m.room_id = :room;

-- name: message_edit :exec
-- takes: message text, content text, now time
UPDATE real_time_messages SET content = :content, edited_at = :now WHERE id = :message;

-- name: message_delete :exec
-- takes: message text, now time
UPDATE real_time_messages SET content = '', meta_data = NULL, deleted_at = :now, pinned_at = NULL
WHERE id = :message;

-- name: reactions_delete :exec
-- takes: message text
DELETE FROM message_reactions WHERE message_id = :message;

-- name: reaction_add :exec
-- takes: message text, key text, user int, now time
INSERT INTO message_reactions (message_id, key, user_id, created_at) VALUES (:message, :key, :user, :now)
ON CONFLICT DO NOTHING;

-- name: reaction_remove :exec
-- takes: message text, key text, user int
DELETE FROM message_reactions WHERE message_id = :message AND key = :key AND user_id = :user;

-- name: reaction_keys :each
-- takes: message text
-- gives: key text
SELECT DISTINCT key FROM message_reactions WHERE message_id = :message;

-- name: message_pin :exec
-- takes: message text, now time
UPDATE real_time_messages SET pinned_at = :now WHERE id = :message AND pinned_at IS NULL;

-- name: message_unpin :exec
-- takes: message text
UPDATE real_time_messages SET pinned_at = NULL WHERE id = :message AND pinned_at IS NOT NULL;

-- name: pins_of_room :one
-- takes: room text
-- gives: pins int
SELECT count(*) AS pins FROM real_time_messages WHERE room_id = :room AND pinned_at IS NOT NULL;

-- name: change_insert :exec
-- takes: room text, seq int, kind text, message text, user int, now time, key text, is_on int
INSERT INTO message_changes (room_id, seq, kind, message_id, user_id, created_at, key, is_on)
VALUES (:room, :seq, :kind, :message, :user, :now, :key, nullif(:is_on, -1));

-- What the user has sent with this client_id, and whether it is the same change.
-- name: change_by_client :one
-- takes: user int, client_id text, request_hash blob
-- gives: same bool, seq int, made_at time
SELECT request_hash = :request_hash AS same, coalesce(seq, 0) AS seq, created_at AS made_at
FROM taken_changes WHERE user_id = :user AND client_id = :client_id
UNION ALL
SELECT 0, 0, 0 FROM real_time_messages WHERE sender_id = :user AND client_id = :client_id;

-- name: change_take :exec
-- takes: user int, client_id text, request_hash blob, seq int, now time
INSERT INTO taken_changes (user_id, client_id, request_hash, seq, created_at)
VALUES (:user, :client_id, :request_hash, nullif(:seq, 0), :now);

-- --- the search: see lib/realm/message_search.h. In the index of texts, a room has a place for what its users
-- have said, and an AEON room one more for what twins have said. ---

-- name: message_place :each
-- takes: room text
-- gives: place int
SELECT number AS place FROM chat_rooms WHERE id = :room
UNION ALL
SELECT number + {twins_places} FROM chat_rooms WHERE id = :room;

-- Of the rooms that the viewer may read and that are not in public_words, or not as a whole. The + keeps SQLite
-- from walking all public rooms.
-- name: message_places :each
-- takes: viewer int
-- gives: place int
WITH rooms (number, is_aeon_room) AS (
	SELECT r.number, r.is_aeon_room FROM chat_rooms r WHERE r.in_public_words = 2 AND +r.is_public = 1
	UNION ALL
	SELECT r.number, r.is_aeon_room FROM room_participants mine CROSS JOIN chat_rooms r ON r.id = mine.room_id
	WHERE mine.user_id = :viewer AND mine.is_active = 1 AND r.is_public = 0
)
SELECT number AS place FROM rooms
UNION ALL
SELECT number + {twins_places} FROM rooms WHERE is_aeon_room = 1;

-- In how many texts of these places the word is, counted up to :most, and how many places were looked at.
-- name: word_texts :one
-- takes: places json, word int, most int
-- gives: texts int, places int
SELECT count(*) AS texts, coalesce(max(key) + 1, 0) AS places
FROM (SELECT a.key FROM json_each(:places) a CROSS JOIN text_words p ON p.word = :word AND p.place = a.value
      LIMIT :most);

-- How many texts of public rooms have the word, counted up to :most from the newest on, and which is the last of these.
-- name: public_word_texts :one
-- takes: word int, most int
-- gives: texts int, oldest int
SELECT count(*) AS texts, coalesce(min(text), 0) AS oldest
FROM (SELECT p.text FROM public_words p WHERE p.word = :word AND {public_words_whole} ORDER BY p.text DESC LIMIT :most);

-- The texts with the word, after :from and up to :to, in these places; and whether they have the word :second,
-- which is 0 if there is none.
-- name: word_texts_between :each
-- takes: places json, word int, second int, from int, to int, limit int
-- gives: text int, has_second bool
SELECT p.text, :second = 0 OR EXISTS (SELECT 1 FROM text_words o
                                      WHERE o.word = :second AND o.place = p.place AND o.text = p.text) AS has_second
FROM json_each(:places) a
CROSS JOIN text_words p ON p.word = :word AND p.place = a.value AND p.text > :from AND p.text <= :to
LIMIT :limit;

-- The same for public rooms, the newest text first.
-- name: public_word_texts_between :each
-- takes: word int, second int, from int, to int, limit int
-- gives: text int, has_second bool
SELECT p.text, :second = 0 OR EXISTS (SELECT 1 FROM public_words o
                                      WHERE o.word = :second AND o.text = p.text) AS has_second
FROM public_words p
WHERE p.word = :word AND p.text > :from AND p.text <= :to AND {public_words_whole}
ORDER BY p.text DESC LIMIT :limit;

-- Of these texts, messages that have all words and pass the filter: the newest text first.
-- name: messages_with :each
-- takes: viewer int, texts json, words json, sender int, after time, before time, limit int
-- gives: text int
SELECT t.id AS text
FROM json_each(:texts) a CROSS JOIN texts t ON t.id = a.value
WHERE t.kind = 'message' AND t.author_id NOT IN ({blocked_users})
  AND (:sender = 0 OR t.author_id = :sender) AND t.created_at > :after
  AND (:before = 0 OR t.created_at < :before)
  AND NOT EXISTS (SELECT 1 FROM json_each(:words) w
                  WHERE NOT EXISTS (SELECT 1 FROM text_words p
                                    WHERE p.word = w.value AND p.place = t.place AND p.text = t.id))
ORDER BY t.id DESC LIMIT :limit;

-- These texts, which have all words: the best first by BM25, with an average length of 12. All of them have the
-- same words, so each word counts alike.
-- name: messages_best :each
-- takes: texts json, words json
-- gives: text int
SELECT t.id AS text
FROM json_each(:texts) a CROSS JOIN texts t ON t.id = a.value
ORDER BY (SELECT sum(p.times * 2.2 / (p.times + 1.2 * (0.25 + 0.75 * t.words / 12.0)))
          FROM json_each(:words) w CROSS JOIN text_words p
          ON p.word = w.value AND p.place = t.place AND p.text = t.id) DESC, t.id DESC;

-- In the order of the texts; :shown were on the pages before.
-- name: messages_found :page message_found
-- takes: viewer int, texts json, tokens text, best bool, shown int, limit int
SELECT {message_columns}, r.name AS room_name, text_snippet(m.content, :tokens) AS snippet,
       CASE WHEN :best THEN :shown + a.key + 1 ELSE t.id END AS page_key
FROM json_each(:texts) a CROSS JOIN texts t ON t.id = a.value
CROSS JOIN real_time_messages m ON m.id = t.source
CROSS JOIN chat_rooms r ON r.id = m.room_id
CROSS JOIN users other ON other.id = m.sender_id
WHERE {room_readable} AND {other_not_blocked}
ORDER BY a.key LIMIT :limit;

-- --- what belongs to a message: see lib/realm/message_history.h ---

-- The message that the viewer may read.
-- name: message_readable :one
-- takes: viewer int, room text, message text
-- gives: sender int
SELECT m.sender_id AS sender FROM real_time_messages m
JOIN chat_rooms r ON r.id = m.room_id
JOIN users other ON other.id = m.sender_id
WHERE m.id = :message AND m.room_id = :room AND {room_readable} AND {other_not_blocked};

-- By reaction, and of each by user. :key and :user are those of the last one shown.
-- name: message_reactions :page reactor
-- takes: viewer int, message text, key text, user int, limit int
SELECT r.key, r.user_id, other.username, {person_names}, r.created_at, r.user_id || '/' || r.key AS page_key
FROM message_reactions r JOIN users other ON other.id = r.user_id
WHERE r.message_id = :message AND (r.key, r.user_id) > (:key, :user) AND {other_not_blocked}
ORDER BY r.key, r.user_id LIMIT :limit;

-- The text that the message has now, unless a twin wrote it: what that was made from may have to be forgotten.
-- name: former_text_add :exec
-- takes: message text, now time
INSERT INTO former_texts (message_id, replaced_at, sender_id, content)
SELECT id, :now, sender_id, content FROM real_time_messages WHERE id = :message AND turn_id IS NULL
ON CONFLICT DO NOTHING;

-- Keeps the newest ones.
-- name: former_texts_limit :exec
-- takes: message text, most int
DELETE FROM former_texts WHERE message_id = :message AND replaced_at < (
	SELECT min(x.replaced_at) FROM (SELECT replaced_at FROM former_texts WHERE message_id = :message
	                                ORDER BY replaced_at DESC LIMIT :most) x);

-- Newest first. An erased user has none.
-- name: former_texts :list former_text
-- takes: message text
SELECT f.content, f.replaced_at FROM former_texts f JOIN users u ON u.id = f.sender_id
WHERE f.message_id = :message AND u.erased_at IS NULL ORDER BY f.replaced_at DESC;
