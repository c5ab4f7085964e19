-- Texts whose bytes are counted.

INSERT INTO real_time_messages (id, room_id, seq, sender_id, content, timestamp, meta_data)
VALUES ('00000000-0000-7000-8000-000000000012', '00000000-0000-7000-8000-000000000001', 4, 2, 'Grüße', 63,
	'{"mood": "good"}');
