-- What other stores hold of this database (lib/realm/projection.h).

-- name: projected_after :each
-- takes: upto int, limit int
-- gives: rev int, kind text, id int, other int
SELECT rev, kind, id, other FROM projected WHERE rev > :upto ORDER BY rev LIMIT :limit;

-- How many changes the store has not confirmed yet, at most :most.
-- name: projected_behind :one
-- takes: upto int, most int
-- gives: changes int
SELECT count(*) AS changes FROM (SELECT rev FROM projected WHERE rev > :upto LIMIT :most) x;

-- name: projected_ids :each
-- takes: kind text, after int, limit int
-- gives: id int
SELECT id FROM projected WHERE kind = :kind AND id > :after AND gone = 0 ORDER BY id LIMIT :limit;

-- Notes that the text has another vector, if a store may hold it.
-- name: projected_vector_kept :exec
-- takes: text int
INSERT INTO projected_change (kind, id, other, gone)
SELECT t.kind || '_vector', CAST(t.source AS INTEGER), 0, 0 FROM texts t
WHERE t.id = :text AND (t.kind = 'memory' OR (t.kind = 'knowledge' AND t.place = 0));

-- The block with the vector of a memory or of public knowledge, if it may be sent there.
-- name: projected_vector :each
-- takes: model int, kind text, id int, leaves int
-- gives: text int, author int, vectors blob
SELECT t.id AS text, t.author_id AS author, v.vectors
FROM texts t CROSS JOIN text_vectors v ON v.model = :model AND v.place = t.place AND v.block = t.at >> 6
WHERE t.kind = :kind AND t.source = CAST(:id AS TEXT) AND (t.kind = 'memory' OR t.place = 0)
  AND {text_may_leave};

-- --- the graph: what Neo4j holds of a thing now; no row: nothing ---

-- name: projected_user :one
-- takes: id int
-- gives: row text
SELECT json_object('id', u.id, 'active', json(CASE u.is_active WHEN 1 THEN 'true' ELSE 'false' END),
                   'open', CASE u.privacy_network WHEN 'everyone' THEN 2 WHEN 'friends' THEN 1 ELSE 0 END) AS row
FROM users u WHERE u.id = :id AND u.erased_at IS NULL;

-- name: projected_knows :one
-- takes: user int, related int
-- gives: row text
SELECT json_object('id', x.user_id, 'other', x.related_user_id,
                   'friend', json(CASE x.relationship_type WHEN 'friend' THEN 'true' ELSE 'false' END),
                   'strength', round(x.strength * 10) / 10.0) AS row
FROM user_relationships x JOIN users u ON u.id = x.user_id JOIN users other ON other.id = x.related_user_id
WHERE x.user_id = :user AND x.related_user_id = :related AND x.relationship_type <> 'blocked'
  AND u.erased_at IS NULL AND other.erased_at IS NULL;

-- name: projected_knowledge :one
-- takes: id int
-- gives: row text
SELECT json_object('id', k.id, 'creator', k.creator_id,
                   'tags', json((SELECT json_group_array(t.tag_id) FROM knowledge_tags t
                                 WHERE t.knowledge_id = k.id))) AS row
FROM shared_knowledge k JOIN users u ON u.id = k.creator_id
WHERE k.id = :id AND k.visibility = 'public' AND u.erased_at IS NULL;

-- Rows of things that are gone, when all stores know it.
-- name: projected_prune :exec
-- takes: limit int
DELETE FROM projected WHERE rev IN (
	SELECT p.rev FROM projected p
	WHERE p.gone = 1 AND p.rev <= coalesce((SELECT min(s.upto) FROM sync s), p.rev) LIMIT :limit);

-- --- how far the stores are ---

-- name: sync_state :one
-- takes: name text
-- gives: round int, upto int, failed_at time
SELECT round, upto, failed_at FROM sync WHERE store = :name;

-- name: sync_states :each
-- gives: store text, upto int, failure text?, failed_at time
SELECT store, upto, failure, failed_at FROM sync ORDER BY store;

-- Takes or renews the lease.
-- name: sync_claim :exec
-- takes: name text, worker int, now time, lease time
INSERT INTO sync (store, worker, lease_until) VALUES (:name, :worker, :lease)
ON CONFLICT (store) DO UPDATE SET worker = excluded.worker, lease_until = excluded.lease_until
WHERE sync.worker IN (0, :worker) OR sync.lease_until < :now;

-- name: sync_release :exec
-- takes: worker int
UPDATE sync SET worker = 0, lease_until = 0 WHERE worker = :worker;

-- name: sync_advance :exec
-- takes: name text, worker int, round int, upto int
UPDATE sync SET upto = :upto, failure = NULL, failed_at = 0
WHERE store = :name AND worker = :worker AND round = :round;

-- name: sync_fail :exec
-- takes: name text, worker int, failure text, now time
UPDATE sync SET failure = :failure, failed_at = CASE failed_at WHEN 0 THEN :now ELSE failed_at END
WHERE store = :name AND worker = :worker;

-- name: sync_refill :exec
-- takes: name text
UPDATE sync SET round = round + 1, upto = 0 WHERE store = :name;

-- Forgets the stores that are not configured any more.
-- name: sync_forget :exec
-- takes: stores json
DELETE FROM sync WHERE store NOT IN (SELECT value FROM json_each(:stores));

-- What Neo4j should hold, part by part (ctl/compare_graph.c): users, relationships, knowledge, and the tags of
-- knowledge. The value is what it should know of the thing.
-- name: check_graph :each
-- takes: part int
-- gives: id int, other int, value int
SELECT u.id, 0 AS other,
       CASE u.privacy_network WHEN 'everyone' THEN 2 WHEN 'friends' THEN 1 ELSE 0 END + 4 * u.is_active AS value
FROM users u WHERE :part = 0 AND u.erased_at IS NULL
UNION ALL
SELECT x.user_id, x.related_user_id,
       2 * CAST(round(x.strength * 10) AS INTEGER) + CASE x.relationship_type WHEN 'friend' THEN 1 ELSE 0 END
FROM user_relationships x JOIN users u ON u.id = x.user_id JOIN users other ON other.id = x.related_user_id
WHERE :part = 1 AND x.relationship_type <> 'blocked' AND u.erased_at IS NULL AND other.erased_at IS NULL
UNION ALL
SELECT k.id, 0, k.creator_id FROM shared_knowledge k JOIN users u ON u.id = k.creator_id
WHERE :part = 2 AND k.visibility = 'public' AND u.erased_at IS NULL
UNION ALL
SELECT t.knowledge_id, t.tag_id, 0
FROM knowledge_tags t JOIN shared_knowledge k ON k.id = t.knowledge_id JOIN users u ON u.id = k.creator_id
WHERE :part = 3 AND k.visibility = 'public' AND u.erased_at IS NULL
ORDER BY 1, 2;
