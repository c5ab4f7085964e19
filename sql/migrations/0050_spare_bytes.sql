-- A row of vectors keeps its size while texts are added, so SQLite writes it in place, and its pages stay side
-- by side.
ALTER TABLE text_vectors ADD COLUMN spare BLOB NOT NULL DEFAULT x''; -- zeros
