-- A turn that asks, and the exchange.

INSERT INTO twin_turns (id, twin_id, cause_kind, cause_id, root_kind, root_id, step, asker_id, state, due_at,
	created_at)
VALUES (910, 1, 'chat', '910', 'chat', '910', 1, 1, 'queued', 106, 106),
       (911, 2, 'exchange', '910', 'chat', '910', 2, 1, 'running', 106, 106);
