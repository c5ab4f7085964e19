-- Rows for the tables of the third migration.

INSERT INTO realm_settings (key, value) VALUES ('session_days', '7');
