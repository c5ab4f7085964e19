-- Rows for the tables of the fourth migration.

INSERT INTO guesses (key, failures, last_failed) VALUES (zeroblob(16), 3, 11);
INSERT INTO login_networks (user_id, network, last_login) VALUES (1, '192.0.2.0/24', 12);
