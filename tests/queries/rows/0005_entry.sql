-- Rows for the tables of the fifth migration.

INSERT INTO invites (id, code_hash, created_by, created_at, expires_at, uses, used)
VALUES (1, zeroblob(32), 1, 60, 70, 3, 1);
INSERT INTO attempts (key, count, since) VALUES (zeroblob(16), 2, 61);
