-- What twins learn from the own texts of their owners: see lib/realm/lessons.h.

-- --- texts that wait ---

-- A new text waits, if its author's twin learns from it; an old one does not, so that building the index
-- again teaches nothing again. At most :most texts of one user wait.
-- name: learning_add :exec
-- takes: kind text, id text, due time, now time, fresh time, most int
INSERT INTO learning (kind, source, owner_id, due_at, created_at)
SELECT t.kind, t.source, t.author_id, :due, :now
FROM texts t JOIN users other ON other.id = t.author_id
WHERE t.kind = :kind AND t.source = :id AND t.kind <> 'memory' AND {text_for_twins} AND t.words > 0 AND t.created_at > :fresh
  AND other.is_active = 1 AND {twin_learns}
  AND (SELECT count(*) FROM (SELECT 1 FROM learning w WHERE w.owner_id = t.author_id AND w.due_at > 0
                             LIMIT :most) x) < :most
ON CONFLICT DO NOTHING;

-- name: learning_stale :exec
-- takes: now time, before time, limit int
UPDATE learning SET due_at = NULL WHERE (kind, source) IN (
	SELECT kind, source FROM learning WHERE due_at <= :now AND created_at < :before LIMIT :limit);

-- name: learning_first :one
-- takes: now time
-- gives: owner int, due_at time
SELECT owner_id AS owner, due_at FROM learning WHERE due_at <= :now ORDER BY due_at LIMIT 1;

-- name: learning_next_due :one
-- gives: due_at time
SELECT due_at FROM learning WHERE due_at IS NOT NULL ORDER BY due_at LIMIT 1;

-- name: learning_due :each
-- takes: owner int, now time, limit int
-- gives: kind text, source text, tries int, created_at time
SELECT kind, source, tries, created_at FROM learning
WHERE owner_id = :owner AND due_at <= :now ORDER BY due_at, kind, source LIMIT :limit;

-- The text as it is now, if the twin of its author still learns from it.
-- name: learning_text :one
-- takes: owner int, kind text, id text
-- gives: content text
SELECT t.content FROM (SELECT :kind AS kind, s.author AS author_id, s.content FROM ({text_now}) s) t
WHERE t.author_id = :owner AND {twin_learns};

-- name: learning_claim :exec
-- takes: kind text, id text, lease time
UPDATE learning SET due_at = :lease, tries = tries + 1 WHERE kind = :kind AND source = :id;

-- name: learning_done :exec
-- takes: kind text, id text
UPDATE learning SET due_at = NULL WHERE kind = :kind AND source = :id;

-- Of a text that this lease claimed.
-- name: learning_taught :exec
-- takes: kind text, id text, lease time
UPDATE learning SET due_at = NULL WHERE kind = :kind AND source = :id AND due_at = :lease;

-- name: learning_return :exec
-- takes: kind text, id text, lease time, due time, uncount int
UPDATE learning SET due_at = :due, tries = max(tries - :uncount, 0)
WHERE kind = :kind AND source = :id AND due_at = :lease;

-- name: learning_postpone :exec
-- takes: owner int, now time, until time, limit int
UPDATE learning SET due_at = :until WHERE (kind, source) IN (
	SELECT kind, source FROM learning WHERE owner_id = :owner AND due_at <= :now LIMIT :limit);

-- name: learning_end :exec
-- takes: owner int, limit int
UPDATE learning SET due_at = NULL WHERE (kind, source) IN (
	SELECT kind, source FROM learning WHERE owner_id = :owner AND due_at > 0 LIMIT :limit);

-- --- facts ---

-- A user whose twin may learn. `names` are the words that a fact may have although the text has not.
-- name: learner :one
-- takes: owner int
-- gives: names text
SELECT u.username || ' ' || coalesce(u.full_name, '') || ' ' || coalesce(t.name, '') AS names
FROM users u LEFT JOIN twins t ON t.user_id = u.id
WHERE u.id = :owner AND u.is_active = 1;

-- name: facts_since :one
-- takes: owner int, since time, limit int
-- gives: facts int
SELECT count(*) AS facts
FROM (SELECT 1 FROM twin_memories WHERE owner_id = :owner AND quote IS NOT NULL AND created_at >= :since
      LIMIT :limit) x;

-- Whether the quote says something, and the fact nothing but what the sentence says.
-- name: fact_is_grounded :one
-- takes: fact text, quote text, own text
-- engine: sqlite
SELECT 1
WHERE json_array_length(word_counts(:quote)) > 0 AND json_array_length(word_counts(:fact)) > 0
  AND NOT EXISTS (SELECT 1 FROM json_each(word_counts(:fact)) f
                  WHERE f.value >> 4 NOT IN (SELECT o.value >> 4 FROM json_each(word_counts(:own)) o));

-- name: fact_insert :insert
-- takes: owner int, content text, digest blob, quote text, now time
-- gives: id int
INSERT INTO twin_memories (owner_id, content, digest, memory_type, quote, created_at, updated_at)
VALUES (:owner, :content, :digest, 'fact', :quote, :now, :now);

-- name: memory_is_fact :one
-- takes: memory int
SELECT 1 FROM twin_memories WHERE id = :memory AND quote IS NOT NULL;

-- name: fact_source_insert :exec
-- takes: memory int, kind text, source text
INSERT INTO memory_sources (memory_id, kind, source) VALUES (:memory, :kind, :source) ON CONFLICT DO NOTHING;

-- name: facts_of_source :each
-- takes: kind text, source text
-- gives: memory int, content text
SELECT m.id AS memory, m.content
FROM memory_sources s CROSS JOIN twin_memories m ON m.id = s.memory_id
WHERE s.kind = :kind AND s.source = :source;

-- name: fact_source_delete :exec
-- takes: memory int, kind text, source text
DELETE FROM memory_sources WHERE memory_id = :memory AND kind = :kind AND source = :source;

-- name: fact_delete_unfounded :one
-- takes: memory int
-- gives: owner int
DELETE FROM twin_memories
WHERE id = :memory AND NOT EXISTS (SELECT 1 FROM memory_sources s WHERE s.memory_id = :memory)
RETURNING owner_id AS owner;

-- A fact becomes what its owner gave to the twin.
-- name: fact_adopt :exec
-- takes: memory int
UPDATE twin_memories SET quote = NULL WHERE id = :memory AND quote IS NOT NULL;

-- name: fact_sources_delete :exec
-- takes: memory int
DELETE FROM memory_sources WHERE memory_id = :memory;
