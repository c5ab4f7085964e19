INSERT INTO former_texts (message_id, replaced_at, sender_id, content)
VALUES ('00000000-0000-7000-8000-000000000002', 61, 1, 'Helo');
