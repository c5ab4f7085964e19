-- Twins: settings, memories, conversations, turns, and forgetting.

-- --- settings ---

-- name: twin_one :object twin
-- takes: user int
SELECT {twin_columns} FROM users u LEFT JOIN twins t ON t.user_id = u.id WHERE u.id = :user;

-- name: twin_insert :exec
-- takes: user int, now time
INSERT INTO twins (user_id, updated_at) VALUES (:user, :now) ON CONFLICT DO NOTHING;

-- :given says what changes: 1 the name, 2 the persona, and so on in the order of the parameters.
-- name: twin_update :exec
-- takes: user int, given int, name text, persona text, traits json, autopilot text, answers_to text,
-- takes: away int, quiet_from int, quiet_to int, quiet_offset int, model text, per_day int, per_person int,
-- takes: asks_others text, now time
UPDATE twins SET
	name = CASE WHEN :given & 1 <> 0 THEN :name ELSE name END,
	persona = CASE WHEN :given & 2 <> 0 THEN nullif(:persona, '') ELSE persona END,
	traits = CASE WHEN :given & 4 <> 0 THEN :traits ELSE traits END,
	autopilot = CASE WHEN :given & 8 <> 0 THEN coalesce(:autopilot, autopilot) ELSE autopilot END,
	answers_to = CASE WHEN :given & 16 <> 0 THEN coalesce(:answers_to, answers_to) ELSE answers_to END,
	only_when_away = CASE WHEN :given & 32 <> 0 AND :away >= 0 THEN :away ELSE only_when_away END,
	quiet_from = CASE WHEN :given & 64 = 0 THEN quiet_from WHEN :quiet_from >= 0 THEN :quiet_from END,
	quiet_to = CASE WHEN :given & 64 = 0 THEN quiet_to WHEN :quiet_from >= 0 THEN :quiet_to END,
	quiet_offset = CASE WHEN :given & 64 = 0 THEN quiet_offset WHEN :quiet_from >= 0 THEN :quiet_offset END,
	model = CASE WHEN :given & 128 <> 0 THEN :model ELSE model END,
	max_replies_per_day = CASE WHEN :given & 256 <> 0 THEN :per_day ELSE max_replies_per_day END,
	max_replies_per_person = CASE WHEN :given & 512 <> 0 THEN :per_person ELSE max_replies_per_person END,
	asks_others = CASE WHEN :given & 1024 <> 0 THEN coalesce(:asks_others, asks_others) ELSE asks_others END,
	updated_at = :now
WHERE user_id = :user;

-- --- twins in rooms ---

-- name: room_is_aeon :one
-- takes: room text
SELECT 1 FROM chat_rooms WHERE id = :room AND is_aeon_room = 1;

-- name: room_twin_add :exec
-- takes: room text, user int, now time
INSERT INTO room_twins (room_id, user_id, added_at) VALUES (:room, :user, :now) ON CONFLICT DO NOTHING;

-- name: room_twin_remove :exec
-- takes: room text, user int
DELETE FROM room_twins WHERE room_id = :room AND user_id = :user;

-- name: room_twin :object room_twin
-- takes: user int, room text
SELECT r.id AS room_id, u.id AS user_id, u.username, u.full_name, coalesce(t.name, u.username) AS twin_name,
       EXISTS (SELECT 1 FROM room_twins x WHERE x.room_id = r.id AND x.user_id = u.id) AS is_inside
FROM chat_rooms r JOIN users u ON u.id = :user LEFT JOIN twins t ON t.user_id = u.id
WHERE r.id = :room;

-- --- memories ---

-- name: memory_by_digest :one
-- takes: owner int, digest blob
-- gives: id int
SELECT id FROM twin_memories WHERE owner_id = :owner AND digest = :digest;

-- A memory that is shared as knowledge, if it is open to others.
-- name: memory_to_share :one
-- takes: owner int, id int
-- gives: type text, visibility text
SELECT memory_type AS type, visibility FROM twin_memories
WHERE id = :id AND owner_id = :owner AND visibility <> 'private';

-- name: memory_insert :insert
-- takes: owner int, content text, digest blob, type text, importance int, visibility text,
-- takes: local_only bool, meta_data json, now time
-- gives: id int
INSERT INTO twin_memories (owner_id, content, digest, memory_type, importance, visibility, local_only,
                           meta_data, created_at, updated_at)
VALUES (:owner, :content, :digest, :type, :importance, :visibility, :local_only, :meta_data, :now, :now);

-- name: memory_strengthen :exec
-- takes: id int, importance int, now time
UPDATE twin_memories SET times = times + 1, importance = max(importance, :importance), updated_at = :now
WHERE id = :id;

-- name: memory_one :object memory
-- takes: owner int, id int
SELECT {memory_columns} FROM twin_memories m WHERE m.id = :id AND m.owner_id = :owner;

-- name: memories :page memory
-- takes: owner int, before int, limit int
SELECT {memory_columns} FROM twin_memories m
WHERE m.owner_id = :owner AND m.id < :before ORDER BY m.id DESC LIMIT :limit;

-- name: memories_of_type :page memory
-- takes: owner int, type text, before int, limit int
SELECT {memory_columns} FROM twin_memories m
WHERE m.owner_id = :owner AND m.memory_type = :type AND m.id < :before ORDER BY m.id DESC LIMIT :limit;

-- :given says what changes: 1 the content, 2 the type, 4 the importance, 8 the visibility, 16 local_only,
-- 32 meta_data.
-- name: memory_update :exec
-- takes: owner int, id int, given int, content text, digest blob, type text, importance int,
-- takes: visibility text, local_only int, meta_data json, now time
UPDATE twin_memories SET
	content = coalesce(:content, content),
	digest = CASE WHEN :content IS NOT NULL THEN :digest ELSE digest END,
	memory_type = coalesce(:type, memory_type),
	importance = CASE WHEN :given & 4 <> 0 THEN :importance ELSE importance END,
	visibility = coalesce(:visibility, visibility),
	local_only = CASE WHEN :local_only >= 0 THEN :local_only ELSE local_only END,
	meta_data = CASE WHEN :given & 32 <> 0 THEN :meta_data ELSE meta_data END,
	updated_at = :now
WHERE id = :id AND owner_id = :owner;

-- name: memory_delete :exec
-- takes: owner int, id int
DELETE FROM twin_memories WHERE id = :id AND owner_id = :owner;

-- --- conversations ---

-- name: conversation_insert :exec
-- takes: id text, owner int, now time
INSERT INTO twin_conversations (id, owner_id, created_at, updated_at) VALUES (:id, :owner, :now, :now);

-- name: conversation_mine :one
-- takes: owner int, id text
SELECT 1 FROM twin_conversations WHERE id = :id AND owner_id = :owner;

-- name: chat_line_insert :insert
-- takes: conversation text, content text, context json, now time
-- gives: id int
INSERT INTO twin_chat (conversation_id, is_aeon, content, context, created_at)
VALUES (:conversation, 0, :content, :context, :now);

-- name: chat_turns_waiting :one
-- takes: owner int, limit int
-- gives: waiting int
SELECT count(*) AS waiting
FROM (SELECT 1 FROM twin_turns WHERE twin_id = :owner AND state IN ('queued', 'running') AND cause_kind = 'chat'
      LIMIT :limit) x;

-- name: turn_state :one
-- takes: owner int, turn int
-- gives: state text
SELECT state FROM twin_turns WHERE id = :turn AND twin_id = :owner;

-- name: chat_answer_of :object chat_answer
-- takes: viewer int, turn int
SELECT t.content AS message, l.conversation_id, t.id AS turn_id,
       (SELECT json_group_array(json_object('kind', s.kind, 'id', s.source)) FROM turn_sources s
        WHERE s.turn_id = t.id AND s.cited = 1 AND {source_visible}) AS memory_accessed,
       (t.finished_at - t.created_at) / 1e6 AS response_time, t.prompt_tokens + t.reply_tokens AS tokens_used,
       t.state, t.reason
FROM twin_turns t JOIN twin_chat l ON l.id = CAST(t.cause_id AS INTEGER)
WHERE t.id = :turn AND t.twin_id = :viewer AND t.cause_kind = 'chat';

-- The one that was used last first. A page begins behind "updated_at/id".
-- name: conversations :page conversation_summary
-- takes: owner int, after text, limit int
SELECT v.id, v.messages AS message_count, v.created_at, v.updated_at, v.updated_at || '/' || v.id AS page_key
FROM twin_conversations v
WHERE v.owner_id = :owner
  AND (:after IS NULL OR (v.updated_at, v.id) < (CAST(:after AS INTEGER), substr(:after, instr(:after, '/') + 1)))
ORDER BY v.updated_at DESC, v.id DESC LIMIT :limit;

-- name: conversation_one :object conversation_summary
-- takes: owner int, id text
SELECT v.id, v.messages AS message_count, v.created_at, v.updated_at
FROM twin_conversations v WHERE v.id = :id AND v.owner_id = :owner;

-- name: conversation_lines :page chat_line
-- takes: owner int, id text, before int, limit int
SELECT {chat_line_columns} FROM twin_conversations v JOIN twin_chat l ON l.conversation_id = v.id
WHERE v.id = :id AND v.owner_id = :owner AND l.id < :before ORDER BY l.id DESC LIMIT :limit;

-- name: conversation_lines_delete :exec
-- takes: id text, limit int
DELETE FROM twin_chat WHERE id IN (SELECT id FROM twin_chat WHERE conversation_id = :id LIMIT :limit);

-- name: conversation_delete :exec
-- takes: id text
DELETE FROM twin_conversations WHERE id = :id;

-- --- turns, for the owner ---

-- name: turns :page turn
-- takes: viewer int, before int, limit int
SELECT {turn_columns} FROM twin_turns t CROSS JOIN users other ON other.id = t.asker_id
WHERE t.twin_id = :viewer AND t.id < :before AND {turn_visible} ORDER BY t.id DESC LIMIT :limit;

-- name: turns_in_state :page turn
-- takes: viewer int, state text, before int, limit int
SELECT {turn_columns} FROM twin_turns t CROSS JOIN users other ON other.id = t.asker_id
WHERE t.twin_id = :viewer AND t.state = :state AND t.id < :before AND {turn_visible}
ORDER BY t.id DESC LIMIT :limit;

-- name: turn_one :object turn
-- takes: viewer int, id int
SELECT {turn_columns} FROM twin_turns t JOIN users other ON other.id = t.asker_id
WHERE t.id = :id AND t.twin_id = :viewer AND {turn_visible};

-- How many drafts wait for the viewer; 100: or more.
-- name: drafts_waiting :one
-- takes: viewer int
-- gives: waiting int
SELECT count(*) AS waiting
FROM (SELECT 1 FROM twin_turns t CROSS JOIN users other ON other.id = t.asker_id
      WHERE t.twin_id = :viewer AND t.state = 'draft' AND {turn_visible} LIMIT 100) x;

-- name: twin_status :object twin_status
-- takes: owner int, day int, since time, tokens int
SELECT (SELECT count(*) FROM twin_conversations v WHERE v.owner_id = u.id) AS conversations,
       (SELECT coalesce(sum(v.messages), 0) FROM twin_conversations v WHERE v.owner_id = u.id) AS messages,
       (SELECT count(*) FROM twin_memories m WHERE m.owner_id = u.id) AS memories,
       (SELECT count(*) FROM twin_turns d WHERE d.twin_id = u.id AND d.created_at >= :since
          AND d.cause_kind NOT IN ('chat', 'knowledge') AND d.state IN ('posted', 'draft', 'rejected'))
         AS replies_today,
       coalesce((SELECT t.max_replies_per_day FROM twins t WHERE t.user_id = u.id), 100) AS max_replies_per_day,
       coalesce((SELECT s.tokens FROM twin_spend s WHERE s.scope = 'twin' AND s.key = u.id AND s.day = :day), 0)
         AS tokens_today,
       (SELECT count(*) FROM (SELECT 1 FROM twin_turns q WHERE q.twin_id = u.id
                              AND q.state IN ('queued', 'running') LIMIT 100) x) AS waiting,
       (SELECT count(*) FROM (SELECT 1 FROM twin_turns q WHERE q.twin_id = u.id AND q.state = 'draft'
                              LIMIT 100) x) AS drafts,
       :tokens AS max_tokens_per_day,
       (SELECT count(*) FROM (SELECT 1 FROM texts t WHERE t.author_id = u.id AND {text_for_twins} LIMIT 10000) x) AS texts,
       (SELECT count(*) FROM (SELECT 1 FROM (SELECT y.upto, y.is_complete, y.since FROM vector_models y
                                             ORDER BY y.id DESC LIMIT 1) m
                              CROSS JOIN texts t ON t.author_id = u.id AND {text_for_twins}
                                AND (t.id > m.upto OR (m.is_complete = 0 AND t.id <= m.since))
                              LIMIT 10000) x) AS texts_waiting
FROM users u WHERE u.id = :owner;

-- --- forgetting: see lib/realm/forget.h ---

-- name: gone_source :one
-- gives: kind text, source text
SELECT kind, source FROM gone_sources ORDER BY kind, source LIMIT 1;

-- name: gone_source_done :exec
-- takes: kind text, source text
DELETE FROM gone_sources WHERE kind = :kind AND source = :source;

-- Turns that may have words of the source in their answer.
-- name: turns_from_source :each
-- takes: kind text, source text, limit int
-- gives: turn int
SELECT s.turn_id AS turn FROM turn_sources s JOIN twin_turns t ON t.id = s.turn_id
WHERE s.kind = :kind AND s.source = :source AND (s.cited = 1 OR t.engine IS DISTINCT FROM 'recall') LIMIT :limit;

-- name: source_unused :exec
-- takes: kind text, source text, limit int
DELETE FROM turn_sources WHERE (turn_id, kind, source) IN (
	SELECT turn_id, kind, source FROM turn_sources WHERE kind = :kind AND source = :source LIMIT :limit);

-- name: turn_answer :one
-- takes: turn int
-- gives: answer text?, twin int
SELECT answer_id AS answer, coalesce(twin_id, 0) AS twin FROM twin_turns WHERE id = :turn;

-- name: message_of_turn :one
-- takes: turn int, message text
-- gives: room text, sender int
SELECT room_id AS room, sender_id AS sender FROM real_time_messages
WHERE id = :message AND turn_id = :turn AND deleted_at IS NULL;

-- The events that have the answer, before it goes.
-- name: interaction_events_forget :exec
-- takes: turn int, answer text
DELETE FROM realm_events WHERE pos IN (
	SELECT e.pos FROM aeon_interactions i
	CROSS JOIN realm_events e ON e.user_id IN (i.aeon_user_id, i.target_aeon_user_id)
	WHERE i.id = CAST(:answer AS INTEGER) AND :turn IN (i.turn_id, i.response_turn_id)
	  AND e.seq IS NULL AND e.subject = 'interaction' AND e.created_at >= i.created_at
	  AND json_extract(e.data, '$.id') = i.id
	  AND (i.turn_id = :turn OR json_extract(e.data, '$.response_content') IS NOT NULL));

-- name: response_forget :exec
-- takes: turn int, answer text
UPDATE aeon_interactions SET response_content = NULL, response_at = NULL, responded_by = NULL,
	response_turn_id = NULL
WHERE id = CAST(:answer AS INTEGER) AND response_turn_id = :turn;

-- name: question_forget :exec
-- takes: turn int, answer text
DELETE FROM aeon_interactions WHERE id = CAST(:answer AS INTEGER) AND turn_id = :turn;

-- name: chat_line_forget :one
-- takes: turn int, answer text
-- gives: conversation text
DELETE FROM twin_chat WHERE id = CAST(:answer AS INTEGER) AND turn_id = :turn
RETURNING conversation_id AS conversation;

-- name: turn_forget :exec
-- takes: turn int, now time
UPDATE twin_turns SET content = NULL, answer_id = NULL, finished_at = coalesce(finished_at, :now),
	reason = CASE WHEN state = 'draft' THEN 'source_gone' ELSE reason END,
	state = CASE WHEN state = 'draft' THEN 'failed' ELSE state END
WHERE id = :turn;

-- name: turn_sources_forget :exec
-- takes: turn int
DELETE FROM turn_sources WHERE turn_id = :turn;

-- name: sources_of_author :exec
-- takes: user int, limit int
INSERT INTO gone_sources (kind, source)
SELECT DISTINCT kind, source FROM turn_sources WHERE author_id = :user LIMIT :limit
ON CONFLICT DO NOTHING;

-- name: turns_with_messages :each
-- takes: user int, limit int
-- gives: turn int
SELECT id AS turn FROM twin_turns
WHERE twin_id = :user AND state = 'posted' AND cause_kind = 'message' AND answer_id IS NOT NULL LIMIT :limit;

-- --- the providers in use ---

-- name: providers_forget :exec
DELETE FROM providers;

-- name: provider_note :exec
-- takes: interface text, model text, host text
INSERT INTO providers (interface, model, host) VALUES (:interface, :model, :host);

-- name: providers :each
-- gives: interface text, model text, host text?
SELECT interface, model, host FROM providers ORDER BY interface DESC;
