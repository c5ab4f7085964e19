-- Rows for the tables of this migration.

INSERT INTO vector_models (id, asked, asked_query, prefix, query_prefix, name, dimension, upto, since, looked_at)
VALUES (1, 'small', 'small', '', 'query:', 'small-1', 2, 9, 3, 100);
INSERT INTO text_vectors (model, place, block, vectors)
VALUES (1, 0, 0, vectors_of(1, 1, 4, 3, 0.5, x'0102'));
INSERT INTO search_vectors (id, owner_id, content, created_at) VALUES (1, 1, 'Where is the key?', 100);
