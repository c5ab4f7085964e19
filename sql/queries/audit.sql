-- The audit log.

-- name: audit_append :exec
-- takes: now time, action text, actor int, address text, network text, kind text, object text,
-- takes: detail text
INSERT INTO audit_log (created_at, action, actor_id, address, network, kind, object, detail)
VALUES (:now, :action, nullif(:actor, 0), :address, :network, :kind, :object, :detail);

-- How many entries of the action there are since then.
-- name: audit_recent :one
-- takes: action text, since time
-- gives: count int
SELECT count(*) AS count FROM audit_log WHERE created_at >= :since AND +action = :action;

-- Counts the same action again. Without a row there is none since then.
-- name: audit_repeat :one
-- takes: action text, since time, network text, object text
-- gives: times int
UPDATE audit_log SET times = times + 1
WHERE id = (SELECT a.id FROM audit_log a
            WHERE a.created_at >= :since AND +a.action = :action
              AND a.network IS NOT DISTINCT FROM :network AND +a.object IS NOT DISTINCT FROM :object
            ORDER BY a.created_at DESC LIMIT 1)
RETURNING times;

-- Newest first: one of three walks.
-- name: audit_list :page audit_entry
-- takes: actor int, action text, since time, before int, limit int
SELECT a.id, a.created_at, a.action, a.actor_id, u.username AS actor_name, u.full_name AS actor_full_name, a.address,
       a.kind, a.object, a.detail, a.times
FROM audit_log a LEFT JOIN users u ON u.id = a.actor_id
WHERE :actor <> 0 AND a.actor_id = :actor AND (:action IS NULL OR +a.action = :action)
  AND a.id < :before AND a.id >= {audit_start}
UNION ALL
SELECT a.id, a.created_at, a.action, a.actor_id, u.username, u.full_name, a.address, a.kind, a.object,
       a.detail, a.times
FROM audit_log a LEFT JOIN users u ON u.id = a.actor_id
WHERE :actor = 0 AND a.action = :action AND a.id < :before AND a.id >= {audit_start}
UNION ALL
SELECT a.id, a.created_at, a.action, a.actor_id, u.username, u.full_name, a.address, a.kind, a.object,
       a.detail, a.times
FROM audit_log a LEFT JOIN users u ON u.id = a.actor_id
WHERE :actor = 0 AND :action IS NULL AND a.id < :before AND a.id >= {audit_start}
ORDER BY 1 DESC LIMIT :limit;

-- name: audit_prune :exec
-- takes: before time, limit int
DELETE FROM audit_log
WHERE id IN (SELECT id FROM audit_log ORDER BY id LIMIT :limit) AND created_at < :before;
