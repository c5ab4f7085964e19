INSERT INTO real_time_messages (id, room_id, seq, sender_id, content, timestamp, knowledge_id)
VALUES ('00000000-0000-7000-8000-000000000046', '00000000-0000-7000-8000-000000000001', 46, 1, '', 460, 1);
