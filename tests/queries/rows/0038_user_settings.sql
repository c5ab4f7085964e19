INSERT INTO user_settings (user_id, settings, updated_at) VALUES (1, '{"theme":"dark"}', 5);
