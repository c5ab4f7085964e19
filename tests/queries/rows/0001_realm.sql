-- Rows for the tables of the first migration. Triggers fill those that are not named here: user_counts,
-- user_days, user_tags, tag_users and tag_count_users.

INSERT INTO users (id, username, email, password_hash, full_name, bio, role, created_at, updated_at)
VALUES (1, 'ada', 'ada@example.org', '!', 'Ada Lovelace', 'I count.', 'owner', 1, 2),
       (2, 'ben', 'ben@example.org', '!', NULL, NULL, 'user', 3, 4),
       (90001, 'cleo', 'cleo@example.org', '!', NULL, NULL, 'user', 5, 6);

INSERT INTO sessions (id, token_hash, user_id, client, created_at, expires_at)
VALUES (1, zeroblob(32), 1, 'a browser', 10, 20);
INSERT INTO ws_tickets (ticket_hash, session_id, expires_at) VALUES (zeroblob(32), 1, 15);
INSERT INTO login_failures (account, failures, last_failed) VALUES ('nobody', 3, 11);
INSERT INTO idempotency_keys (user_id, key, request_hash, created_at, location, body)
VALUES (1, 'k', zeroblob(32), 12, '/x/1', '{"related_user_id": 2}');

INSERT INTO bridges (instance, lease_until, connections, rooms) VALUES (1, 100, 1, 1);
INSERT INTO connected_users (user_id, instance, status) VALUES (1, 1, 'away');

INSERT INTO user_relationships (user_id, related_user_id, relationship_type, strength, created_at,
	last_interaction, shared_interests, meta_data)
VALUES (1, 2, 'friend', 0.5, 20, 30, '["chess"]', '{"note": "met in Turin"}'),
       (2, 90001, 'blocked', 1, 21, 31, '[]', NULL);

INSERT INTO chat_rooms (id, name, description, topic, created_by, created_at, current_participants,
	last_seq)
VALUES ('00000000-0000-7000-8000-000000000001', 'General', 'For all', 'Weather', 1, 40, 2, 3);
INSERT INTO user_presence (user_id, status, last_seen, current_room)
VALUES (1, 'away', 50, '00000000-0000-7000-8000-000000000001');
INSERT INTO room_participants (room_id, user_id, role, joined_at, last_activity, read_seq)
VALUES ('00000000-0000-7000-8000-000000000001', 1, 'owner', 41, 42, 2),
       ('00000000-0000-7000-8000-000000000001', 2, 'member', 43, 44, 0);
INSERT INTO room_invitations (room_id, user_id, invited_by, created_at)
VALUES ('00000000-0000-7000-8000-000000000001', 90001, 1, 45);
INSERT INTO room_bans (room_id, user_id, banned_by, created_at)
VALUES ('00000000-0000-7000-8000-000000000001', 90001, 1, 46);

INSERT INTO real_time_messages (id, room_id, seq, sender_id, content, timestamp, client_id)
VALUES ('00000000-0000-7000-8000-000000000002', '00000000-0000-7000-8000-000000000001', 1, 1, 'Hello',
	60, 'c1');
INSERT INTO message_changes (room_id, seq, kind, message_id, user_id, created_at, key, is_on)
VALUES ('00000000-0000-7000-8000-000000000001', 2, 'message_edited',
	'00000000-0000-7000-8000-000000000002', 1, 61, NULL, NULL),
       ('00000000-0000-7000-8000-000000000001', 3, 'reaction',
	'00000000-0000-7000-8000-000000000002', 2, 62, 'like', 1);
INSERT INTO message_reactions (message_id, key, user_id, created_at)
VALUES ('00000000-0000-7000-8000-000000000002', 'like', 2, 62);

INSERT INTO shared_knowledge (id, creator_id, content, knowledge_type, tags, visibility, created_at,
	updated_at)
VALUES (1, 1, 'Engines weave algebra', 'insight', '["engines", "algebra"]', 'public', 70, 71),
       (2, 90001, 'Rivers flood', 'fact', '["rivers"]', 'friends', 72, 73);
INSERT INTO tags (id, name) VALUES (1, 'engines'), (2, 'algebra'), (3, 'rivers');
INSERT INTO knowledge_tags (knowledge_id, tag_id, score) VALUES (1, 1, 0), (1, 2, 0), (2, 3, 0);
INSERT INTO knowledge_votes (knowledge_id, user_id, value, created_at) VALUES (1, 2, 1, 74);
INSERT INTO knowledge_shares (knowledge_id, user_id, target, created_at) VALUES (1, 1, '2', 75);

INSERT INTO aeon_interactions (id, aeon_user_id, target_aeon_user_id, interaction_type, content,
	created_at, response_content, response_at, is_public, responded_by)
VALUES (1, 1, 2, 'question', 'How are you?', 80, 'Well.', 81, 1, 'twin');

INSERT INTO realm_events (kind, room_id, user_id, seq, created_at, data)
VALUES ('chat_message', '00000000-0000-7000-8000-000000000001', 1, 1, 60, NULL),
       ('knowledge_voted', NULL, 1, NULL, 74, '{"knowledge_id": 1}');
