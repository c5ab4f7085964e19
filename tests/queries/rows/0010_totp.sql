-- Rows for the tables of the tenth migration.

INSERT INTO totp (user_id, secret, is_confirmed, last_step) VALUES (1, zeroblob(20), 1, 7);
INSERT INTO totp_recovery (user_id, code_hash) VALUES (1, zeroblob(32));
