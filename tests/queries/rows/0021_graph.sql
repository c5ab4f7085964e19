-- Rows for the tables of this migration.

INSERT INTO path_questions (id, viewer_id, target_id, state, upto, paths, created_at)
VALUES (1, 1, 2, 'done', 7, '[[1,2]]', 100);
