INSERT INTO account_codes (user_id, purpose, code_hash, expires_at)
SELECT id, 'address', randomblob(32), 1 FROM users ORDER BY id LIMIT 1;
INSERT INTO mails (user_id, kind, detail, created_at, due_at, attempts, sent_at, failed_at, reason)
SELECT id, 'device', 'a browser', 1, 2, 1, NULL, 3, 'x' FROM users ORDER BY id LIMIT 1;
