-- Vectors of texts (lib/realm/vectors.h), and the search in them (lib/realm/vector_search.h).

-- How many texts the model m has still to look at. (Looking at all of them again is no waiting.)
-- fragment: vectors_waiting
(max(newest.id - m.upto, 0) + CASE m.is_complete WHEN 1 THEN 0 ELSE m.since END)

-- --- searching ---

-- name: source_refused_authors :each
-- takes: viewer int, reader int
-- gives: user int
{refused_authors};

-- name: vectors_of_place :each
-- takes: model int, place int
-- gives: vectors blob
SELECT v.vectors FROM text_vectors v WHERE v.model = :model AND v.place = :place ORDER BY v.block;

-- Those of the texts that may be sources, if their places are.
-- name: source_texts :each
-- takes: viewer int, reader int, audience int, thread int, leaves int, texts json
-- gives: text int, kind text, source text, place int, at int, words int, created_at time
WITH RECURSIVE thread (id) AS ({source_thread})
SELECT t.id AS text, t.kind, t.source, t.place, t.at, t.words, t.created_at
FROM json_each(:texts) a
CROSS JOIN texts t ON t.id = a.value
CROSS JOIN users other ON other.id = t.author_id
WHERE {source_usable} AND {text_may_go};

-- --- models ---

-- The model that is searched: the newest one that has embedded all texts, else the newest.
-- name: vector_model_serving :one
-- gives: id int, asked_query text, query_prefix text, name text, query_name text?, dimension int
SELECT m.id, m.asked_query, m.query_prefix, m.name, m.query_name, m.dimension
FROM vector_models m WHERE m.name IS NOT NULL ORDER BY m.is_complete DESC, m.id DESC LIMIT 1;

-- The model of the settings.
-- name: vector_model_wanted :one
-- takes: asked text, asked_query text, prefix text, query_prefix text
-- gives: id int, name text?, dimension int, upto int, since int, looked_at time, is_complete bool
SELECT m.id, m.name, m.dimension, m.upto, m.since, m.looked_at, m.is_complete
FROM vector_models m
WHERE m.asked = :asked AND m.asked_query = :asked_query AND m.prefix = :prefix
  AND m.query_prefix = :query_prefix
ORDER BY m.id DESC LIMIT 1;

-- It begins with the newest texts.
-- name: vector_model_insert :insert
-- takes: asked text, asked_query text, prefix text, query_prefix text, name text, dimension int, now time
-- gives: id int
INSERT INTO vector_models (asked, asked_query, prefix, query_prefix, name, dimension, upto, since, looked_at)
SELECT :asked, :asked_query, :prefix, :query_prefix, :name, :dimension, x.newest, x.newest, :now
FROM (SELECT coalesce(max(id), 0) AS newest FROM texts) x;

-- name: vector_model_name :exec
-- takes: model int, name text, dimension int
UPDATE vector_models SET name = :name, dimension = :dimension WHERE id = :model AND name IS NULL;

-- name: vector_model_query_name :exec
-- takes: model int, name text
UPDATE vector_models SET query_name = :name WHERE id = :model AND query_name IS NULL;

-- name: vector_model_advance :exec
-- takes: model int, upto int, since int
UPDATE vector_models SET upto = :upto, since = :since WHERE id = :model;

-- name: vector_model_dimension :one
-- takes: model int
-- gives: dimension int
SELECT dimension FROM vector_models WHERE id = :model;

-- name: vector_model_complete :exec
-- takes: model int
UPDATE vector_models SET is_complete = 1 WHERE id = :model;

-- name: vector_model_look_again :exec
-- takes: model int, now time
UPDATE vector_models SET since = upto, looked_at = :now WHERE id = :model;

-- A model that is neither wanted nor searched.
-- name: vector_model_unused :one
-- takes: wanted int, serving int
-- gives: id int
SELECT m.id FROM vector_models m WHERE m.id NOT IN (:wanted, :serving) LIMIT 1;

-- name: vectors_drop :exec
-- takes: model int, limit int
DELETE FROM text_vectors WHERE (model, place, block) IN (
	SELECT v.model, v.place, v.block FROM text_vectors v WHERE v.model = :model LIMIT :limit);

-- name: vector_model_drop :exec
-- takes: model int
DELETE FROM vector_models WHERE id = :model;

-- --- how far embedding is ---

-- With the newest model. The ids of texts that have gone are counted as waiting, too.
-- name: vectors_waiting :one
-- gives: waiting int
SELECT {vectors_waiting} AS waiting
FROM vector_models m CROSS JOIN (SELECT coalesce(max(id), 0) AS id FROM texts) newest
ORDER BY m.id DESC LIMIT 1;

-- A text between two users has two of the vectors.
-- name: vectors_progress :one
-- gives: name text?, dimension int, texts int, waiting int, bytes int
SELECT m.name, m.dimension, (SELECT count(*) FROM texts t WHERE {text_for_twins}) AS texts, {vectors_waiting} AS waiting,
       (SELECT coalesce(sum(length(v.vectors)), 0) FROM text_vectors v WHERE v.model = m.id) AS bytes
FROM vector_models m CROSS JOIN (SELECT coalesce(max(id), 0) AS id FROM texts) newest
ORDER BY m.id DESC LIMIT 1;

-- --- embedding ---

-- The newest text.
-- name: texts_newest :one
-- gives: id int
SELECT coalesce(max(id), 0) AS id FROM texts;

-- The texts between two ids that have no vector and may be sent to the embedder; `order` is 1 or -1.
-- name: vectors_missing :each
-- takes: model int, dimension int, first int, last int, order int, leaves int, limit int
-- gives: id int, kind text, source text, author_id int
SELECT t.id, t.kind, t.source, t.author_id
FROM texts t
WHERE t.id BETWEEN :first AND :last AND {text_for_twins}
  AND NOT EXISTS (SELECT 1 FROM text_vectors v
                  WHERE v.model = :model AND v.place = t.place AND v.block = t.at >> 6
                    AND vectors_has(v.vectors, :dimension, t.id))
  AND {text_may_leave}
ORDER BY :order * t.id LIMIT :limit;

-- The text as it is now; very long ones only as far as a model reads them.
-- name: vector_text :one
-- takes: kind text, id text, letters int
-- gives: content text
SELECT substr(s.content, 1, :letters) AS content FROM ({text_now}) s;

-- Keeps the vector of the text if it says the same still. A row grows to twice its size, and then has spare bytes.
-- name: vector_put :exec
-- takes: model int, text int, kind text, id text, letters int, content text, sequence int, scale real, vector blob
INSERT INTO text_vectors (model, place, block, vectors)
SELECT :model, p.value, t.at >> 6, vectors_of(t.id, t.author_id, t.at, :sequence, :scale, :vector)
FROM texts t CROSS JOIN ({text_now}) s CROSS JOIN json_each(json_array(t.place, t.also_place)) p
WHERE t.id = :text AND t.kind = :kind AND t.source = :id AND substr(s.content, 1, :letters) = :content
  AND p.value IS NOT NULL
ON CONFLICT DO UPDATE SET (vectors, spare) = (
	SELECT m.merged, zeroblob(CASE WHEN length(m.merged) <= length(vectors) + length(spare)
	                          THEN length(vectors) + length(spare) ELSE 2 * length(vectors) END - length(m.merged))
	FROM (SELECT vectors_merge(vectors, excluded.vectors) AS merged) m);

-- name: vector_work :one
-- gives: batch int, worker int, lease_until time, paused_until time, most int
SELECT batch, worker, lease_until, paused_until, most FROM vector_work WHERE id = 1;

-- name: vector_work_begin :exec
-- takes: worker int, lease time
UPDATE vector_work SET batch = batch + 1, worker = :worker, lease_until = :lease WHERE id = 1;

-- name: vector_work_end :exec
-- takes: batch int, paused time, most int
UPDATE vector_work SET worker = 0, lease_until = 0, paused_until = :paused, most = :most
WHERE id = 1 AND batch = :batch;

-- A process that starts has no batch in work any more.
-- name: vector_work_release :exec
-- takes: worker int
UPDATE vector_work SET worker = 0, lease_until = 0 WHERE id = 1 AND worker = :worker;

-- --- searches that wait for a vector ---

-- name: search_vector_ask :insert
-- takes: owner int, content text, realm_wide bool, now time
-- gives: id int
INSERT INTO search_vectors (owner_id, content, is_realm_wide, created_at)
VALUES (:owner, :content, :realm_wide, :now);

-- name: search_vectors_wait :one
SELECT 1 FROM search_vectors LIMIT 1;

-- name: search_vector_next :one
-- gives: id int, owner int, content text, is_realm_wide bool, created_at time
SELECT id, owner_id AS owner, content, is_realm_wide, created_at FROM search_vectors
WHERE state = 'waiting' ORDER BY id LIMIT 1;

-- name: search_vector_take :exec
-- takes: id int
UPDATE search_vectors SET state = 'asked' WHERE id = :id AND state = 'waiting';

-- name: search_vector_put :exec
-- takes: id int, model int, scale real, vector blob
UPDATE search_vectors SET model = :model, scale = :scale, vector = :vector WHERE id = :id;

-- name: search_vector_done :exec
-- takes: id int, found json
UPDATE search_vectors SET state = 'done', found = :found WHERE id = :id;

-- name: search_vector :each
-- takes: id int, owner int
-- gives: state text, model int, scale real, vector blob, found json?
SELECT state, model, scale, vector, found FROM search_vectors WHERE id = :id AND owner_id = :owner;

-- name: search_vector_delete :exec
-- takes: id int
DELETE FROM search_vectors WHERE id = :id;

-- Those of processes that ended.
-- name: search_vectors_prune :exec
-- takes: before time
DELETE FROM search_vectors WHERE id IN (
	SELECT id FROM search_vectors WHERE created_at < :before ORDER BY id LIMIT 100);
