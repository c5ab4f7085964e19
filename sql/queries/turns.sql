-- Turns of twins: the queue, the limits, and the ends.

-- The asker of the queued turn q has fewer than :most turns in work.
-- fragment: turn_asker_free
(SELECT count(*) FROM twin_turns b WHERE b.asker_id = q.asker_id AND b.state = 'running') < :most

-- --- the queue ---

-- A new turn takes the next step of its chain. Beyond the last one it is refused, and also when
-- :waiting questions of the asker wait already, so that nobody keeps all others waiting.
-- name: turn_insert :insert
-- takes: twin int, cause_kind text, cause text, root_kind text, root text, steps int, asker int,
-- takes: waiting int, room text, due time, now time
-- gives: id int
INSERT INTO twin_turns (twin_id, cause_kind, cause_id, root_kind, root_id, step, asker_id, room_id,
                        state, reason, due_at, created_at, finished_at)
SELECT nullif(:twin, 0), :cause_kind, :cause, :root_kind, :root,
       CASE WHEN r.reason IS NULL THEN r.step END, :asker, :room,
       CASE WHEN r.reason IS NULL THEN 'queued' ELSE 'refused' END, r.reason,
       CASE WHEN r.reason IS NULL THEN :due ELSE 0 END, :now,
       CASE WHEN r.reason IS NOT NULL THEN :now END
FROM (SELECT s.step,
             CASE WHEN s.step > :steps THEN 'chain_limit'
                  WHEN :cause_kind = :root_kind AND :cause = :root
                       AND (SELECT count(*) FROM twin_turns
                            WHERE asker_id = :asker AND state IN ('queued', 'running')
                              AND cause_kind = root_kind AND cause_id = root_id) >= :waiting
                  THEN 'busy' END AS reason
      FROM (SELECT coalesce(max(step), 0) + 1 AS step FROM twin_turns
            WHERE root_kind = :root_kind AND root_id = :root) s) r
WHERE true
ON CONFLICT DO NOTHING;

-- When the next turn is due, or the lease of a running one ends; a later time than any without one.
-- name: turn_next_due :one
-- takes: most int
-- gives: due time
SELECT min(coalesce((SELECT q.due_at FROM twin_turns q WHERE q.state = 'queued' AND {turn_asker_free}
                     ORDER BY q.due_at LIMIT 1), 9e18),
           coalesce((SELECT min(lease_until) FROM twin_turns WHERE state = 'running'), 9e18))
       AS due;

-- The turn to run next: first those that a user waits for, then those of twins that go on. An asker with
-- :most turns in work waits.
-- name: turn_pick :one
-- takes: most int, now time
-- gives: id int, twin int, asker int, cause_kind text, cause text, root_kind text, root text,
-- gives: room text?, attempts int, created_at time
SELECT t.id, coalesce(t.twin_id, 0) AS twin, t.asker_id AS asker, t.cause_kind, t.cause_id AS cause,
       t.root_kind, t.root_id AS root, t.room_id AS room, t.attempts, t.created_at
FROM twin_turns t
WHERE t.id = coalesce((SELECT q.id FROM twin_turns q
                       WHERE q.state = 'queued' AND q.step = 1 AND q.due_at <= :now AND {turn_asker_free}
                       ORDER BY q.due_at, q.id LIMIT 1),
                      (SELECT q.id FROM twin_turns q
                       WHERE q.state = 'queued' AND q.due_at <= :now AND {turn_asker_free}
                       ORDER BY q.due_at, q.id LIMIT 1),
                      (SELECT id FROM twin_turns WHERE state = 'running' AND lease_until <= :now
                       ORDER BY lease_until LIMIT 1));

-- name: turn_of_owner :one
-- takes: twin int, turn int
-- gives: id int, twin int, asker int, cause_kind text, cause text, root_kind text, root text,
-- gives: room text?, attempts int, created_at time, state text, content text?
SELECT t.id, t.twin_id AS twin, t.asker_id AS asker, t.cause_kind, t.cause_id AS cause, t.root_kind,
       t.root_id AS root, t.room_id AS room, t.attempts, t.created_at, t.state, t.content
FROM twin_turns t WHERE t.id = :turn AND t.twin_id = :twin;

-- name: turn_start :exec
-- takes: turn int, worker int, lease time, now time
UPDATE twin_turns SET state = 'running', worker = :worker, lease_until = :lease,
	attempts = attempts + 1, started_at = :now, content = NULL
WHERE id = :turn;

-- What a process was doing when it ended is queued again.
-- name: turns_release :exec
-- takes: worker int, now time
UPDATE twin_turns SET state = 'queued', due_at = :now
WHERE state = 'running' AND lease_until > 0 AND worker = :worker;

-- Whether that attempt still runs: nobody has ended the turn or taken it over.
-- name: turn_is_running :one
-- takes: turn int, attempts int
SELECT 1 FROM twin_turns WHERE id = :turn AND state = 'running' AND attempts = :attempts;

-- The text so far.
-- name: turn_note_text :exec
-- takes: turn int, content text
UPDATE twin_turns SET content = :content WHERE id = :turn;

-- An attempt that went wrong.
-- name: turn_release :exec
-- takes: turn int, attempts int, due time
UPDATE twin_turns SET state = 'queued', due_at = :due
WHERE id = :turn AND state = 'running' AND attempts = :attempts;

-- name: turn_postpone :exec
-- takes: turn int, attempts int, twin int, due time
UPDATE twin_turns SET state = 'queued', due_at = :due, twin_id = nullif(:twin, 0), attempts = 0
WHERE id = :turn AND state = 'running' AND attempts = :attempts;

-- --- the ends ---

-- name: turn_end :exec
-- takes: turn int, twin int, state text, reason text, until time, content text, answer text,
-- takes: engine text, model text, prompt_tokens int, reply_tokens int, approved bool, now time
UPDATE twin_turns SET state = :state, reason = :reason, due_at = :until, content = :content,
	twin_id = nullif(:twin, 0), answer_id = :answer, engine = coalesce(:engine, engine),
	model = coalesce(:model, model), prompt_tokens = prompt_tokens + :prompt_tokens,
	reply_tokens = reply_tokens + :reply_tokens, approved = :approved,
	finished_at = CASE WHEN :state <> 'draft' THEN :now END
WHERE id = :turn;

-- The turns of the twin that the owner has made needless by answering: of one cause, or of a room.
-- name: turns_overtake :each
-- takes: twin int, cause_kind text, cause text, room text, now time
-- gives: turn int
UPDATE twin_turns SET state = 'overtaken', reason = 'owner_answered', content = NULL,
	finished_at = :now
WHERE twin_id = :twin AND state IN ('queued', 'running', 'draft') AND cause_kind = :cause_kind
  AND (cause_id = :cause OR room_id = :room)
RETURNING id AS turn;

-- The last answers of a twin.
-- name: twin_last_answers :each
-- takes: twin int, limit int
-- gives: content text
SELECT content FROM twin_turns WHERE twin_id = :twin AND state = 'posted' AND content IS NOT NULL
ORDER BY id DESC LIMIT :limit;

-- What a model is told of a twin and of the user that it speaks for.
-- name: twin_speaker :one
-- takes: twin int, asker int
-- gives: name text, owner text, asker text, persona text?, traits text?, model text?
SELECT coalesce(t.name, u.username) AS name, u.username AS owner, a.username AS asker, t.persona, t.traits,
       t.model
FROM users u CROSS JOIN users a LEFT JOIN twins t ON t.user_id = u.id
WHERE u.id = :twin AND a.id = :asker;

-- name: turn_source_insert :exec
-- takes: turn int, kind text, source text, author int, cited bool, text_rank int, nearby_rank int,
-- takes: vector_rank int, score real
INSERT INTO turn_sources (turn_id, kind, source, author_id, cited, text_rank, nearby_rank,
                          vector_rank, score)
VALUES (:turn, :kind, :source, :author, :cited, nullif(:text_rank, 0), nullif(:nearby_rank, 0),
        nullif(:vector_rank, 0), :score)
ON CONFLICT DO NOTHING;

-- What the answers of a chain have cited so far.
-- A fact and the text that it comes from say the same, so both count as cited.
-- name: turns_cited :each
-- takes: root_kind text, root text
-- gives: kind text, source text
WITH cited AS (SELECT s.kind, s.source FROM twin_turns t CROSS JOIN turn_sources s ON s.turn_id = t.id
               WHERE t.root_kind = :root_kind AND t.root_id = :root AND s.cited = 1)
SELECT cited.kind, cited.source FROM cited
UNION
SELECT 'memory', CAST(f.memory_id AS TEXT)
FROM cited CROSS JOIN memory_sources f ON f.kind = cited.kind AND f.source = cited.source
UNION
SELECT f.kind, f.source
FROM cited CROSS JOIN memory_sources f ON f.memory_id = CAST(cited.source AS INTEGER)
WHERE cited.kind = 'memory';

-- name: turn_told :object turn_event
-- takes: turn int
SELECT id AS turn_id, state, reason, cause_kind, cause_id, room_id, answer_id
FROM twin_turns WHERE id = :turn;

-- name: turn_root :one
-- takes: turn int
-- gives: root_kind text, root text
SELECT root_kind, root_id AS root FROM twin_turns WHERE id = :turn;

-- --- causes ---

-- name: cause_message :one
-- takes: message text
-- gives: content text, sender int, is_public bool
SELECT m.content, m.sender_id AS sender, r.is_public
FROM real_time_messages m JOIN chat_rooms r ON r.id = m.room_id
WHERE m.id = :message AND m.deleted_at IS NULL AND r.closed_at IS NULL AND r.deleted_at IS NULL;

-- name: cause_interaction :one
-- takes: interaction int
-- gives: author int, target int, type text, content text, response text?, is_public bool
SELECT aeon_user_id AS author, target_aeon_user_id AS target, interaction_type AS type, content,
       response_content AS response, is_public
FROM aeon_interactions WHERE id = :interaction;

-- Whether twins wrote the two parts of the interaction.
-- name: interaction_turns :one
-- takes: interaction int
-- gives: turn int, response_turn int
SELECT coalesce(turn_id, 0) AS turn, coalesce(response_turn_id, 0) AS response_turn
FROM aeon_interactions WHERE id = :interaction;

-- name: cause_chat :one
-- takes: line int
-- gives: content text, conversation text, owner int
SELECT l.content, l.conversation_id AS conversation, c.owner_id AS owner
FROM twin_chat l JOIN twin_conversations c ON c.id = l.conversation_id
WHERE l.id = :line;

-- name: chat_answer :insert
-- takes: conversation text, content text, turn int, now time
-- gives: id int
INSERT INTO twin_chat (conversation_id, is_aeon, content, turn_id, created_at)
VALUES (:conversation, 1, :content, :turn, :now);

-- --- rooms ---

-- Whether the room has twins.
-- name: room_has_twins :one
-- takes: room text
SELECT 1 FROM chat_rooms r
WHERE r.id = :room AND r.is_aeon_room = 1
  AND EXISTS (SELECT 1 FROM room_twins x WHERE x.room_id = r.id);

-- Whether it has one that may answer this user and is not the user's own.
-- name: room_has_other_twins :one
-- takes: room text, asker int
SELECT 1 FROM room_twins x CROSS JOIN twins t ON t.user_id = x.user_id
WHERE x.room_id = :room AND x.user_id <> :asker AND t.autopilot <> 'off' LIMIT 1;

-- Twins that may answer the message, in an order that another message changes, so that each has its
-- turn in a room of very many. Those that are not `is_own` find the same sources for an answer to the room:
-- their owners have no block and no public memory (source_usable).
-- name: room_twins_to_answer :each
-- takes: room text, asker int, salt int, limit int
-- gives: twin int, is_own bool
SELECT x.user_id AS twin,
       EXISTS (SELECT 1 FROM twin_memories y WHERE y.owner_id = x.user_id AND y.visibility = 'public')
       OR EXISTS (SELECT 1 FROM user_relationships b
                  WHERE b.user_id = x.user_id AND b.relationship_type = 'blocked')
       OR EXISTS (SELECT 1 FROM user_relationships b
                  WHERE b.related_user_id = x.user_id AND b.relationship_type = 'blocked') AS is_own
FROM room_twins x CROSS JOIN twins t ON t.user_id = x.user_id
WHERE x.room_id = :room AND x.user_id <> :asker AND t.autopilot <> 'off'
ORDER BY (x.user_id * 7919 + :salt) % 1009, x.user_id LIMIT :limit;

-- How many messages of twins the room has after the last word of a user.
-- name: room_twin_words :one
-- takes: room text
-- gives: messages int
SELECT count(*) AS messages FROM real_time_messages
WHERE room_id = :room AND is_aeon_message = 1
  AND seq > coalesce((SELECT seq FROM real_time_messages WHERE room_id = :room AND is_aeon_message = 0
                      ORDER BY seq DESC LIMIT 1), 0);

-- When the twin posted its last message in a room; 0: not lately.
-- name: twin_last_message :one
-- takes: twin int
-- gives: at time
SELECT coalesce(max(CASE WHEN room_id IS NOT NULL THEN finished_at END), 0) AS at
FROM (SELECT room_id, finished_at FROM twin_turns WHERE twin_id = :twin AND state = 'posted'
      ORDER BY id DESC LIMIT 32);

-- name: user_name :one
-- takes: user int
-- gives: name text
SELECT username AS name FROM users WHERE id = :user;

-- --- exchange: see lib/realm/exchange.h ---

-- About which questions the twin asks others, and whether the room is public.
-- name: twin_asks :one
-- takes: twin int, room text
-- gives: asks text, room_public bool
SELECT t.asks_others AS asks,
       EXISTS (SELECT 1 FROM chat_rooms r WHERE r.id = :room AND r.is_public = 1) AS room_public
FROM twins t WHERE t.user_id = :twin;

-- Whether the twin of :twin may tell something for an answer that the viewer's twin gives to the reader, and
-- whether both are friends of its owner.
-- name: telling_rights :one
-- takes: viewer int, reader int, twin int
-- gives: allowed bool, friends bool
SELECT ({other_not_blocked}) AND ({other_not_blocked reader})
       AND (p.answers_to = 'everyone' OR (p.answers_to = 'friends' AND {other_is_friend reader}))
       AND {other_contact_open reader} AS allowed,
       {other_is_friend} AND {other_is_friend reader} AS friends
FROM twins p JOIN users other ON other.id = p.user_id
WHERE p.user_id = :twin;

-- Friends of the twin's owner whose twins answer by themselves, as far as all readers of the answer may know
-- of the relationship, in an order that another question changes. :viewer is a reader besides the owner.
-- name: exchange_friends :each
-- takes: viewer int, twin int, audience int, salt int, limit int
-- gives: user int
SELECT x.related_user_id AS user
FROM users other CROSS JOIN user_relationships x ON x.user_id = other.id
CROSS JOIN twins t ON t.user_id = x.related_user_id
WHERE other.id = :twin AND x.relationship_type = 'friend' AND t.autopilot = 'on'
  AND (:audience = 0 OR other.privacy_relationships = 'everyone'
       OR (:audience = 1 AND other.privacy_relationships = 'friends' AND {other_is_friend}))
ORDER BY (x.related_user_id * 7919 + :salt) % 1009, x.related_user_id LIMIT :limit;

-- Users with the most words of the question in a public memory, whose twins answer by themselves. Of a word
-- the newest :most memories are looked at.
-- name: exchange_tellers :each
-- takes: viewer int, reader int, question text, most int, limit int
-- gives: user int
-- engine: sqlite
SELECT m.user
FROM (SELECT t.author_id AS user, count(*) AS words
      FROM (SELECT value >> 4 AS word FROM json_each(word_counts(:question)) LIMIT 16) w
      CROSS JOIN texts t ON t.id IN (SELECT p.text FROM text_words p
                                     WHERE p.word = w.word AND p.place = {place_told}
                                     ORDER BY p.text DESC LIMIT :most)
      CROSS JOIN users other ON other.id = t.author_id
      CROSS JOIN twins k ON k.user_id = t.author_id
      WHERE k.autopilot = 'on' AND {other_unblocked} AND {other_unblocked reader}
      GROUP BY t.id) m
GROUP BY m.user ORDER BY max(m.words) DESC, m.user LIMIT :limit;

-- The turn of the twin that this turn has asked.
-- name: exchange_of :one
-- takes: turn int
-- gives: id int, twin int, state text
SELECT id, twin_id AS twin, state FROM twin_turns
WHERE cause_kind = 'exchange' AND cause_id = CAST(:turn AS TEXT);

-- name: exchange_waits :one
-- takes: turn int
SELECT 1 FROM twin_turns
WHERE cause_kind = 'exchange' AND cause_id = CAST(:turn AS TEXT) AND state = 'queued';

-- What a turn of the viewer's twin answers.
-- name: turn_asked :one
-- takes: viewer int, id int
-- gives: asker int, cause_kind text, cause text, room text?
SELECT t.asker_id AS asker, t.cause_kind, t.cause_id AS cause, t.room_id AS room
FROM twin_turns t JOIN users other ON other.id = t.asker_id
WHERE t.id = :id AND t.twin_id = :viewer AND {turn_visible};

-- The turn that asks, while it waits.
-- name: exchange_asking :one
-- takes: turn int
-- gives: twin int, asker int, cause_kind text, cause text, room text?
SELECT twin_id AS twin, asker_id AS asker, cause_kind, cause_id AS cause, room_id AS room
FROM twin_turns WHERE id = :turn AND state = 'queued' AND twin_id IS NOT NULL;

-- What a twin has told, as it is now.
-- name: exchange_told :each
-- takes: turn int, limit int
-- gives: source text, author int, author_name text, content text, created_at time, score real
SELECT s.source, y.owner_id AS author, u.username AS author_name, y.content, y.created_at, s.score
FROM turn_sources s CROSS JOIN twin_memories y ON y.id = CAST(s.source AS INTEGER)
CROSS JOIN users u ON u.id = y.owner_id
WHERE s.turn_id = :turn AND s.kind = 'memory' AND s.cited = 1 ORDER BY s.score DESC, s.source LIMIT :limit;

-- The twin that was asked has not answered in time.
-- name: exchange_late :exec
-- takes: turn int, now time
UPDATE twin_turns SET state = 'refused', reason = 'too_late', due_at = 0, finished_at = :now
WHERE id = :turn AND state IN ('queued', 'running');

-- Drafts of knowledge, of the memories that the turn has told.
-- name: turn_propose :each
-- takes: turn int, now time
-- gives: draft int
INSERT INTO twin_turns (twin_id, cause_kind, cause_id, root_kind, root_id, step, asker_id, state, due_at, content,
                        engine, created_at)
SELECT y.owner_id, 'knowledge', s.source, 'knowledge', s.source, 1, y.owner_id, 'draft', :now, y.content, 'recall',
       :now
FROM turn_sources s CROSS JOIN twin_memories y ON y.id = CAST(s.source AS INTEGER)
WHERE s.turn_id = :turn AND s.kind = 'memory' AND s.cited = 1 AND y.visibility <> 'private' AND y.local_only = 0
ON CONFLICT DO NOTHING
RETURNING id AS draft;

-- name: turn_propose_source :exec
-- takes: turn int
INSERT INTO turn_sources (turn_id, kind, source, author_id, cited, score)
SELECT id, 'memory', cause_id, twin_id, 1, 1 FROM twin_turns WHERE id = :turn;

-- --- rules ---

-- Whether the owner lets the twin answer by itself.
-- name: twin_answers :one
-- takes: twin int
SELECT 1 FROM twins WHERE user_id = :twin AND autopilot <> 'off';

-- What decides whether a twin may answer the viewer now. :day is the day of the cause.
-- name: turn_facts :one
-- takes: viewer int, twin int, room text, now time, day time
-- gives: autopilot text, answers_to text, only_when_away bool, quiet_from int, quiet_to int,
-- gives: quiet_offset int, per_day int, per_person int, exists bool, asker_exists bool, blocked bool,
-- gives: friend bool, open bool, connected bool, in_room bool, today int, today_person int
SELECT p.autopilot, p.answers_to, p.only_when_away, coalesce(p.quiet_from, -1) AS quiet_from,
       coalesce(p.quiet_to, -1) AS quiet_to, coalesce(p.quiet_offset, 0) AS quiet_offset,
       p.max_replies_per_day AS per_day,
       coalesce(p.max_replies_per_person, (p.max_replies_per_day + 1) / 2) AS per_person,
       other.is_active = 1 AND NOT {user_suspended} AS "exists",
       EXISTS (SELECT 1 FROM users other
               WHERE other.id = :viewer AND other.is_active = 1 AND NOT {user_suspended})
         AS asker_exists,
       NOT ({other_not_blocked}) AS blocked, {other_is_friend} AS friend,
       {other_contact_open} AS open, {live_status} = 'connected' AS connected,
       :room IS NULL OR EXISTS (SELECT 1 FROM room_twins x
                                WHERE x.room_id = :room AND x.user_id = p.user_id) AS in_room,
       (SELECT count(*) FROM twin_turns d
        WHERE d.twin_id = :twin AND d.created_at >= :day AND d.created_at < :day + 86400000000
          AND d.cause_kind NOT IN ('chat', 'knowledge') AND d.state IN ('posted', 'draft', 'rejected')) AS today,
       (SELECT count(*) FROM twin_turns d
        WHERE d.asker_id = :viewer AND d.twin_id = :twin AND d.created_at >= :day
          AND d.created_at < :day + 86400000000
          AND d.cause_kind NOT IN ('chat', 'knowledge') AND d.state IN ('posted', 'draft', 'rejected')) AS today_person
FROM twins p JOIN users other ON other.id = p.user_id
WHERE p.user_id = :twin;

-- A user who talks with the own twin.
-- name: twin_owner_exists :one
-- takes: viewer int, now time
SELECT 1 FROM users other
WHERE other.id = :viewer AND other.is_active = 1 AND NOT {user_suspended};

-- --- the ledger ---

-- The tokens that are spent or reserved on that day.
-- name: spend_of_day :one
-- takes: day int, twin int, asker int
-- gives: realm int, twin int, asker int
SELECT coalesce((SELECT tokens FROM twin_spend WHERE scope = 'realm' AND key = 0 AND day = :day), 0)
         AS realm,
       coalesce((SELECT tokens FROM twin_spend WHERE scope = 'twin' AND key = :twin AND day = :day), 0)
         AS twin,
       coalesce((SELECT tokens FROM twin_spend WHERE scope = 'asker' AND key = :asker AND day = :day), 0)
         AS asker;

-- name: call_insert :insert
-- takes: twin int, asker int, turn int, provider text, model text, tokens int, now time
-- gives: id int
INSERT INTO twin_calls (twin_id, asker_id, turn_id, provider, model, reserved, created_at)
VALUES (:twin, :asker, nullif(:turn, 0), :provider, :model, :tokens, :now);

-- name: call_settle :exec
-- takes: call int, spent int
UPDATE twin_calls SET spent = CASE WHEN :spent BETWEEN 0 AND reserved THEN :spent ELSE reserved END
WHERE id = :call AND spent IS NULL;
