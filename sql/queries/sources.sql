-- On what a twin may draw (lib/realm/sources.h), and the index of these texts (lib/realm/indexing.h).

-- --- searching ---

-- The different words of a text, as the index numbers them.
-- name: text_numbers :each
-- takes: content text
-- gives: word int
-- engine: sqlite
SELECT w.value >> 4 AS word FROM json_each(word_counts(:content)) w;

-- name: source_places :each
-- takes: viewer int, reader int, audience int, room text
-- gives: place int
{source_places};

-- The first place from :from on that has a text with the word.
-- name: text_word_place :one
-- takes: word int, from int
-- gives: place int
SELECT place FROM text_words WHERE word = :word AND place >= :from ORDER BY place LIMIT 1;

-- The texts with the word in these places, as far as they may be sources, at most :limit. `times` is how
-- often they have it. A text that lies in two of the places comes twice.
-- name: source_hits :each
-- takes: viewer int, reader int, audience int, thread int, leaves int, places json, word int, limit int
-- gives: text int, times int, kind text, source text, place int, at int, words int, created_at time
WITH RECURSIVE thread (id) AS ({source_thread})
SELECT t.id AS text, p.times, t.kind, t.source, t.place, t.at, t.words, t.created_at
FROM json_each(:places) a
CROSS JOIN text_words p ON p.word = :word AND p.place = a.value
CROSS JOIN texts t ON t.id = p.text
WHERE CASE t.kind WHEN 'message' THEN t.author_id NOT IN ({refused_authors})
      ELSE EXISTS (SELECT 1 FROM users other WHERE other.id = t.author_id AND {source_usable}) END
  AND {text_may_go}
LIMIT :limit;

-- How often each of these texts, which may be sources, has each of the words.
-- name: source_times :each
-- takes: texts json, words json
-- gives: text int, word int, times int
SELECT t.id AS text, p.word, p.times
FROM json_each(:texts) a
CROSS JOIN texts t ON t.id = a.value
CROSS JOIN text_words p
  ON p.word IN (SELECT w.value FROM json_each(:words) w) AND p.place = t.place AND p.text = t.id;

-- A text that may be a source. `votes` is between -1 and 1.
-- name: source_one :one
-- takes: kind text, id text
-- gives: author int, author_name text, content text, importance int, votes real
SELECT s.author, u.username AS author_name, s.content, s.importance,
       1.0 * (s.up - s.down) / (s.up + s.down + 5) AS votes
FROM ({text_now}) s JOIN users u ON u.id = s.author;

-- Whether the text may be a source now, and has that content.
-- name: source_holds :one
-- takes: viewer int, reader int, audience int, room text, thread int, kind text, id text, content text
WITH RECURSIVE thread (id) AS ({source_thread})
SELECT 1 FROM texts t
CROSS JOIN users other ON other.id = t.author_id
CROSS JOIN ({text_now}) s
WHERE t.kind = :kind AND t.source = :id AND s.content = :content AND {source_usable}
  AND EXISTS (SELECT 1 FROM ({source_places}) a WHERE a.place IN (t.place, t.also_place));

-- Whether, blocks aside, the readers may read where the text of another user lies. If it is no source for
-- them then, a block is the reason.
-- name: source_within_reach :one
-- takes: viewer int, reader int, audience int, room text, kind text, id text
SELECT 1 FROM texts t CROSS JOIN users other ON other.id = t.author_id
WHERE t.kind = :kind AND t.source = :id AND other.id <> :viewer
  AND EXISTS (SELECT 1 FROM ({source_places}) a
              WHERE a.place IN (t.place, t.also_place) AND a.place <> -:viewer)
  AND (t.kind <> 'knowledge'
       OR EXISTS (SELECT 1 FROM shared_knowledge k
                  WHERE k.id = CAST(t.source AS INTEGER) AND {other_shows reader}));

-- --- what may leave this machine: see lib/realm/leaving.h ---

-- The least enum leaving of a provider that may get the text for the twin of :owner.
-- name: text_leaving :one
-- takes: kind text, id text, owner int
-- gives: leaving int
SELECT CASE WHEN {text_is_local} THEN 3 WHEN {text_is_public} THEN 0
            WHEN t.author_id = :owner THEN 1 ELSE 2 END AS leaving
FROM (SELECT :kind AS kind, :id AS source, s.place, s.author AS author_id FROM ({text_now}) s) t;

-- The same of what a twin has said. Its owner's own words are another twin's words for others.
-- name: answer_leaving :one
-- takes: turn int, owner int
-- gives: leaving int
SELECT CASE WHEN n.leaving = 1 AND n.twin_id IS NOT :owner THEN 2 ELSE n.leaving END AS leaving
FROM twin_turns n WHERE n.id = :turn;

-- name: answer_set_leaving :exec
-- takes: turn int, leaving int
UPDATE twin_turns SET leaving = :leaving WHERE id = :turn;

-- What was said up to the cause of a turn (lib/realm/thread.h), newest first. Of a room's log it looks at
-- the last 100 entries.
-- name: thread_texts :each
-- takes: viewer int, reader int, audience int, cause_kind text, cause text, thread int, limit int
-- gives: kind text, id text, author int, author_name text, content text, is_aeon bool, turn int
WITH RECURSIVE thread (id) AS ({source_thread})
SELECT s.kind, s.id, s.author, other.username AS author_name, s.content, s.is_aeon,
       coalesce(s.turn, 0) AS turn
FROM (SELECT 'message' AS kind, m.id, m.sender_id AS author, m.content, m.is_aeon_message AS is_aeon,
             m.turn_id AS turn, m.seq AS at
      FROM real_time_messages c CROSS JOIN chat_rooms r ON r.id = c.room_id
      CROSS JOIN real_time_messages m ON m.room_id = c.room_id AND m.seq BETWEEN c.seq - 100 AND c.seq
      WHERE :cause_kind = 'message' AND c.id = :cause AND m.content <> '' AND {room_readable}
        AND {room_readable reader}
      UNION ALL
      SELECT 'chat', CAST(l.id AS TEXT), v.owner_id, l.content, l.is_aeon, l.turn_id, l.id
      FROM twin_chat c CROSS JOIN twin_conversations v ON v.id = c.conversation_id
      CROSS JOIN twin_chat l ON l.conversation_id = c.conversation_id AND l.id <= c.id
      WHERE :cause_kind = 'chat' AND c.id = CAST(:cause AS INTEGER) AND v.owner_id = :viewer
        AND :audience = 0
      UNION ALL
      SELECT 'question', CAST(i.id AS TEXT), i.aeon_user_id, i.content, i.turn_id IS NOT NULL, i.turn_id,
             2 * i.id
      FROM thread CROSS JOIN aeon_interactions i ON i.id = thread.id
      WHERE :cause_kind IN ('interaction', 'response') AND {source_interaction}
      UNION ALL
      SELECT 'response', CAST(i.id AS TEXT), i.target_aeon_user_id, i.response_content,
             i.responded_by = 'twin', i.response_turn_id, 2 * i.id + 1
      FROM thread CROSS JOIN aeon_interactions i ON i.id = thread.id
      WHERE i.response_content IS NOT NULL AND {source_interaction}
        AND (:cause_kind = 'response' OR (:cause_kind = 'interaction' AND i.id <> :thread))) s
CROSS JOIN users other ON other.id = s.author
WHERE other.erased_at IS NULL AND {other_unblocked} AND {other_unblocked reader}
ORDER BY s.at DESC LIMIT :limit;

-- --- indexing ---

-- name: texts_wait :one
SELECT 1 FROM texts_waiting LIMIT 1;

-- name: texts_waiting_next :one
-- gives: id int, kind text, source text
SELECT id, kind, source FROM texts_waiting ORDER BY id LIMIT 1;

-- name: texts_waiting_done :exec
-- takes: id int
DELETE FROM texts_waiting WHERE id = :id;

-- Notes the text as it is now, if it may be a source. 0 rows: it may not, or is noted at another place.
-- name: text_add :exec
-- takes: kind text, id text
-- engine: sqlite
INSERT INTO texts (kind, source, place, also_place, at, author_id, words, created_at)
SELECT :kind, :id, s.place, s.also_place, s.at, s.author,
       (SELECT total(w.value & 15) FROM json_each(word_counts(s.content)) w), s.created_at
FROM ({text_now}) s WHERE true
ON CONFLICT (kind, source) DO UPDATE SET words = excluded.words
WHERE texts.place = excluded.place AND texts.also_place IS excluded.also_place AND texts.at = excluded.at
  AND texts.author_id = excluded.author_id;

-- name: text_drop :exec
-- takes: kind text, id text
DELETE FROM texts WHERE kind = :kind AND source = :id;

-- name: text_words_add :exec
-- takes: kind text, id text
-- engine: sqlite
INSERT INTO text_words (word, place, text, times)
SELECT w.value >> 4, p.value, t.id, w.value & 15
FROM ({text_now}) s CROSS JOIN texts t ON t.kind = :kind AND t.source = :id
CROSS JOIN json_each(json_array(t.place, t.also_place)) p
CROSS JOIN json_each(word_counts(s.content)) w
WHERE p.value IS NOT NULL
ON CONFLICT DO NOTHING;

-- Nothing, unless the text is an indexed message of a public room.
-- name: public_words_add :exec
-- takes: kind text, id text
-- engine: sqlite
INSERT INTO public_words (word, text, place)
SELECT w.value >> 4, t.id, t.place
FROM texts t CROSS JOIN real_time_messages m ON m.id = t.source CROSS JOIN chat_rooms r ON r.id = m.room_id
CROSS JOIN json_each(word_counts(m.content)) w
WHERE t.kind = :kind AND t.source = :id AND :kind = 'message' AND r.is_public = 1
ON CONFLICT DO NOTHING;

-- name: public_words_remove :exec
-- takes: id text
-- engine: sqlite
DELETE FROM public_words WHERE (word, text) IN (
	SELECT w.value >> 4, t.id
	FROM texts t CROSS JOIN real_time_messages m ON m.id = t.source CROSS JOIN json_each(word_counts(m.content)) w
	WHERE t.kind = 'message' AND t.source = :id);

-- A room with messages to add to public_words, or to remove from it.
-- name: public_words_room :one
-- gives: id text, is_public bool, seq int, last_seq int
SELECT id, is_public, public_words_seq AS seq, last_seq FROM chat_rooms WHERE in_public_words = 2 LIMIT 1;

-- name: public_words_messages :each
-- takes: room text, from int, to int
-- gives: id text
SELECT id FROM real_time_messages WHERE room_id = :room AND seq > :from AND seq <= :to;

-- name: public_words_upto :exec
-- takes: room text, seq int
UPDATE chat_rooms
SET public_words_seq = :seq, in_public_words = CASE WHEN :seq >= last_seq THEN is_public ELSE 2 END
WHERE id = :room;

-- name: texts_of_author :each
-- takes: user int, limit int
-- gives: text int
SELECT id AS text FROM texts WHERE author_id = :user LIMIT :limit;

-- Removes a message, which stays in its room, from the index.
-- name: text_forget_message :exec
-- takes: text int
INSERT INTO text_forgotten (kind, source, content)
SELECT t.kind, t.source, m.content FROM texts t JOIN real_time_messages m ON m.id = t.source
WHERE t.id = :text AND t.kind = 'message';

-- --- building the index again ---

-- name: repair_text_words :exec
DELETE FROM text_words;

-- name: repair_public_words :exec
DELETE FROM public_words;

-- All messages wait to be indexed.
-- name: repair_rooms_words :exec
UPDATE chat_rooms SET in_public_words = is_public WHERE in_public_words <> is_public;

-- All texts wait, also those that have gone. The rows of `texts` stay, and their vectors with them.
-- name: repair_texts_waiting :exec
INSERT INTO texts_waiting (kind, source)
SELECT kind, source FROM texts UNION
SELECT 'knowledge', CAST(id AS TEXT) FROM shared_knowledge UNION
SELECT 'memory', CAST(id AS TEXT) FROM twin_memories UNION
SELECT 'chat', CAST(id AS TEXT) FROM twin_chat WHERE is_aeon = 0 UNION
SELECT 'question', CAST(id AS TEXT) FROM aeon_interactions UNION
SELECT 'response', CAST(id AS TEXT) FROM aeon_interactions WHERE response_content IS NOT NULL UNION
SELECT 'message', id FROM real_time_messages WHERE content <> '';
