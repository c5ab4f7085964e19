-- Reports: see lib/realm/reports.h.

-- The report p is one that the viewer may handle: it is not about the viewer.
-- fragment: report_mine
(p.author_id IS DISTINCT FROM :viewer
 AND (EXISTS (SELECT 1 FROM users other WHERE other.id = p.author_id AND {may_moderate})
      OR (p.author_id IS NULL
          AND (:viewer = 0 OR EXISTS (SELECT 1 FROM users me
                                      WHERE me.id = :viewer AND me.is_active = 1
                                        AND me.role IN ('owner', 'admin'))))))

-- With the beginning of the thing as it is now, or was when it was removed.
-- fragment: moderated_report_columns
{report_columns}, p.reporter_id,
(SELECT u.username FROM users u WHERE u.id = p.reporter_id) AS reporter_name,
(SELECT u.full_name FROM users u WHERE u.id = p.reporter_id) AS reporter_full_name,
p.author_id, (SELECT u.username FROM users u WHERE u.id = p.author_id) AS author_name,
(SELECT u.full_name FROM users u WHERE u.id = p.author_id) AS author_full_name,
p.assignee_id, (SELECT u.username FROM users u WHERE u.id = p.assignee_id) AS assignee_name,
(SELECT u.full_name FROM users u WHERE u.id = p.assignee_id) AS assignee_full_name,
substr(CASE p.kind
       WHEN 'message' THEN (SELECT CASE WHEN m.knowledge_id IS NULL THEN m.content ELSE
                                   coalesce((SELECT {knowledge_title} FROM shared_knowledge k
                                             WHERE k.id = m.knowledge_id AND k.visibility = 'public'), '') END
                            FROM real_time_messages m
                            JOIN chat_rooms r ON r.id = m.room_id
                            WHERE m.id = p.object AND m.deleted_at IS NULL AND r.deleted_at IS NULL)
       WHEN 'knowledge' THEN (SELECT k.content FROM shared_knowledge k
                              WHERE k.id = CAST(p.object AS INTEGER))
       WHEN 'interaction' THEN (SELECT i.content FROM aeon_interactions i
                                WHERE i.id = CAST(p.object AS INTEGER))
       WHEN 'room' THEN (SELECT r.name FROM chat_rooms r
                         WHERE r.id = p.object AND r.deleted_at IS NULL)
       WHEN 'user' THEN (SELECT u.username FROM users u WHERE u.id = CAST(p.object AS INTEGER))
       END, 1, 500) AS excerpt,
EXISTS (SELECT 1 FROM removals v WHERE v.kind = p.kind AND v.object = p.object) AS is_removed

-- name: report_insert :insert
-- takes: reporter int, kind text, object text, author int, reason text, now time
-- gives: id int
INSERT INTO reports (reporter_id, kind, object, author_id, reason, created_at, updated_at)
VALUES (:reporter, :kind, :object, nullif(:author, 0), :reason, :now, :now)
ON CONFLICT DO NOTHING;

-- name: report_open :one
-- takes: reporter int, kind text, object text
-- gives: id int
SELECT id FROM reports
WHERE reporter_id = :reporter AND kind = :kind AND object = :object AND state IN ('open', 'taken');

-- name: reports_open_of :one
-- takes: reporter int
-- gives: count int
SELECT count(*) AS count FROM reports WHERE reporter_id = :reporter AND state IN ('open', 'taken');

-- name: report_own :object report
-- takes: viewer int, id int
SELECT {report_columns} FROM reports p WHERE p.id = :id AND p.reporter_id = :viewer;

-- name: reports_own :page report
-- takes: viewer int, before int, limit int
SELECT {report_columns} FROM reports p WHERE p.reporter_id = :viewer AND p.id < :before
ORDER BY p.id DESC LIMIT :limit;

-- The administrators who may handle the report.
-- name: report_tell :exec
-- takes: kind text, id int, now time
INSERT INTO realm_events (kind, user_id, created_at, data)
SELECT :kind, me.id, :now, json_object('id', p.id, 'kind', p.kind)
FROM reports p CROSS JOIN users me INDEXED BY users_administrators ON me.role <> 'user'
WHERE p.id = :id AND me.is_active = 1 AND me.id <> p.reporter_id AND me.id IS DISTINCT FROM p.author_id
  AND (me.role = 'owner' OR p.author_id IS NULL
       OR EXISTS (SELECT 1 FROM users other WHERE other.id = p.author_id AND other.role = 'user'));

-- name: report_list :page moderated_report
-- takes: viewer int, state text, before int, limit int
SELECT {moderated_report_columns} FROM reports p
WHERE p.id < :before AND (:state IS NULL OR p.state = :state) AND {report_mine}
ORDER BY p.id DESC LIMIT :limit;

-- How many open reports wait for the viewer, an administrator; 100: or more.
-- name: reports_waiting :one
-- takes: viewer int
-- gives: waiting int
SELECT count(*) AS waiting
FROM (SELECT 1 FROM reports p WHERE p.state = 'open' AND {report_mine} LIMIT 100) x;

-- name: report_one :object moderated_report
-- takes: viewer int, id int
SELECT {moderated_report_columns} FROM reports p WHERE p.id = :id AND {report_mine};

-- name: report_for_change :one
-- takes: viewer int, id int
-- gives: reporter int, state text, again bool
SELECT p.reporter_id AS reporter, p.state,
       EXISTS (SELECT 1 FROM reports q
               WHERE q.reporter_id = p.reporter_id AND q.kind = p.kind AND q.object = p.object
                 AND q.id <> p.id AND q.state IN ('open', 'taken')) AS again
FROM reports p WHERE p.id = :id AND {report_mine};

-- name: report_update :exec
-- takes: id int, state text, assignee int, note text, now time
UPDATE reports SET state = :state, assignee_id = nullif(:assignee, 0), note = coalesce(:note, note),
	updated_at = :now
WHERE id = :id;
