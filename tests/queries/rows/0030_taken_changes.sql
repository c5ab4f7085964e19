INSERT INTO taken_changes (user_id, client_id, request_hash, seq, created_at)
VALUES (1, 'e1', zeroblob(16), 2, 63), (2, 'r1', zeroblob(16), NULL, 64);
