-- Rows for the tables of this migration.

INSERT INTO public_words (word, text, place) VALUES (79, 3, 1);
