INSERT INTO real_time_messages (id, room_id, seq, sender_id, content, timestamp, is_aeon_message)
VALUES ('00000000-0000-7000-8000-000000000050', '00000000-0000-7000-8000-000000000001', 50, 1, 'Said by a twin.', 500, 1);
