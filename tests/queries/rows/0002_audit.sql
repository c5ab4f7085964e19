-- A row for the table of the second migration.

INSERT INTO audit_log (id, created_at, action, actor_id, address, network, kind, object, detail, times)
VALUES (1, 90, 'role_changed', 1, '192.0.2.7', '192.0.2.0/24', 'user', '2', 'admin', 1);
