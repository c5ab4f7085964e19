-- Rows for the tables of twins.

INSERT INTO twins (user_id, name, persona, traits, autopilot, answers_to, only_when_away, quiet_from, quiet_to,
	quiet_offset, model, max_replies_per_day, max_replies_per_person, updated_at)
VALUES (1, 'Ada''s twin', 'curious', '{"tone": "dry"}', 'on', 'friends', 1, 1320, 420, 60, 'small', 20, 5, 100);
INSERT INTO room_twins (room_id, user_id, added_at)
SELECT room_id, user_id, 101 FROM room_participants WHERE is_active = 1 ORDER BY id LIMIT 1;
INSERT INTO twin_memories (id, owner_id, content, digest, memory_type, importance, visibility, local_only, times,
	quote, created_at, updated_at, meta_data)
VALUES (1, 1, 'Ada likes tea', x'000102030405060708090a0b0c0d0e0f', 'fact', 7, 'friends', 1, 2, 'I like tea',
	102, 103, '{}');
INSERT INTO memory_sources (memory_id, kind, source) VALUES (1, 'message', '77');
INSERT INTO twin_conversations (id, owner_id, created_at, updated_at)
VALUES ('0190d8c2-0000-7000-8000-000000000001', 1, 104, 105);
INSERT INTO twin_turns (id, twin_id, cause_kind, cause_id, root_kind, root_id, step, asker_id, room_id, state,
	reason, due_at, lease_until, attempts, content, answer_id, approved, engine, model, prompt_tokens,
	reply_tokens, created_at, started_at, finished_at)
VALUES (1, 1, 'chat', '1', 'chat', '1', 1, 1, NULL, 'posted', NULL, 106, 0, 1, 'Tea.', '2', 0, 'recall', NULL,
	0, 0, 106, 107, 108),
       (2, 1, 'interaction', '1', 'interaction', '1', 1, 2, NULL, 'failed', 'empty', 106, 0, 3, NULL, NULL, 0,
	'small', 'small-1', 90, 3, 106, 107, 108);
INSERT INTO twin_chat (id, conversation_id, is_aeon, content, context, turn_id, created_at)
VALUES (1, '0190d8c2-0000-7000-8000-000000000001', 0, 'What do I drink?', '{}', NULL, 106),
       (2, '0190d8c2-0000-7000-8000-000000000001', 1, 'Tea.', NULL, 1, 108);
INSERT INTO turn_sources (turn_id, kind, source, author_id, cited, text_rank, nearby_rank, vector_rank, score)
VALUES (1, 'memory', '1', 1, 1, 1, NULL, 2, 0.17);
INSERT INTO twin_calls (id, twin_id, asker_id, turn_id, provider, model, reserved, spent, created_at)
VALUES (1, 1, 2, 2, 'llm', 'small', 400, 93, 107);
INSERT INTO gone_sources (kind, source) VALUES ('memory', '9');
