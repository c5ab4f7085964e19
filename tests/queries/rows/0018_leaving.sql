-- A row with the column of this migration.

INSERT INTO twin_turns (id, twin_id, cause_kind, cause_id, root_kind, root_id, step, asker_id, state, due_at,
	attempts, content, engine, created_at, started_at, finished_at, leaving)
VALUES (900, 1, 'chat', '900', 'chat', '900', 1, 1, 'posted', 106, 1, 'Tea.', 'small', 106, 107, 108, 1);
