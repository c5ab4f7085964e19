-- Rows for the tables of this migration.

INSERT INTO vector_models (id, asked, asked_query, prefix, query_prefix, name, dimension, upto, since, looked_at)
VALUES (1, 'small', 'small', '', 'query:', 'small-1', 2, 9, 3, 100);
INSERT INTO text_vectors (model, place, block, vectors)
-- Text 1 of user 1 at 4 in sequence 3, with the scale 0.5 and the vector (1, 2), without products.
VALUES (1, 0, 0, x'010000000000000001000000000000000400000000000000030000000000003f0102');
INSERT INTO search_vectors (id, owner_id, content, created_at) VALUES (1, 1, 'Where is the key?', 100);
