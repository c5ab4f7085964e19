INSERT INTO connected_users (user_id, instance, status, until) VALUES (2, 0, 'connected', 1767225660000000);
