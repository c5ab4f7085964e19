-- Twins: settings, memories, conversations, turns, and forgetting.

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

-- name: facts_forget :exec
-- takes: kind text, source text, limit int
DELETE FROM twin_memories WHERE id IN (
	SELECT memory_id FROM memory_sources WHERE kind = :kind AND source = :source LIMIT :limit);

-- name: turn_answer :one
-- takes: turn int
-- gives: answer text?
SELECT answer_id AS answer FROM twin_turns WHERE id = :turn;

-- name: message_of_turn :one
-- takes: turn int, message text
-- gives: room text, sender int
SELECT room_id AS room, sender_id AS sender FROM real_time_messages
WHERE id = :message AND turn_id = :turn AND deleted_at IS NULL;

-- name: response_forget :exec
-- takes: turn int, answer text
UPDATE aeon_interactions SET response_content = NULL, response_at = NULL, responded_by = NULL,
	response_turn_id = NULL
WHERE id = CAST(:answer AS INTEGER) AND response_turn_id = :turn;

-- name: question_forget :exec
-- takes: turn int, answer text
DELETE FROM aeon_interactions WHERE id = CAST(:answer AS INTEGER) AND turn_id = :turn;

-- name: chat_line_forget :exec
-- takes: turn int, answer text
DELETE FROM twin_chat WHERE id = CAST(:answer AS INTEGER) AND turn_id = :turn;

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
