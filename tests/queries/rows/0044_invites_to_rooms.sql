UPDATE invites SET room_id = (SELECT id FROM chat_rooms ORDER BY id LIMIT 1) WHERE id = 1;
