-- Rows for the tables of this migration.

INSERT INTO texts (id, kind, source, place, also_place, at, author_id, words, created_at)
VALUES (1, 'knowledge', '1', 0, NULL, 4, 1, 2, 100), (2, 'question', '1', -1, -2, 4, 1, 1, 101);
INSERT INTO text_words (word, place, text, times) VALUES (77, 0, 1, 2), (78, -1, 2, 1), (78, -2, 2, 1);
INSERT INTO texts_waiting (id, kind, source) VALUES (900000, 'chat', '900');
