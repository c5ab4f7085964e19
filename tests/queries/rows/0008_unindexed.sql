-- Rows for the tables of this migration.

INSERT INTO knowledge_unindexed (id, content, tags) VALUES (900, 'gone', '[]'), (901, NULL, NULL);
