INSERT INTO mails (user_id, kind, created_at, due_at, attempts, tried_at)
SELECT id, 'digest', 4, 5, 1, 4 FROM users ORDER BY id LIMIT 1;
INSERT INTO digest_rooms (message_id, after_user) SELECT id, 1 FROM real_time_messages ORDER BY id LIMIT 1;
