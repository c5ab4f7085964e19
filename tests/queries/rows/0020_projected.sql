-- Rows for the tables of this migration.

INSERT INTO projected (rev, kind, id, other, gone) VALUES (7, 'knowledge_vector', 91, 0, 0), (8, 'memory_vector', 92, 0, 1);
INSERT INTO sync (store, round, upto, worker, lease_until, failure, failed_at)
VALUES ('chroma', 2, 7, 1, 100, 'It cannot be reached', 90);
