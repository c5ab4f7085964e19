INSERT INTO message_mentions (user_id, message_id, room_id, seq)
SELECT 2, id, room_id, seq FROM real_time_messages WHERE id = '00000000-0000-7000-8000-000000000002';
UPDATE room_participants SET notify = 'all' WHERE user_id = 2;
