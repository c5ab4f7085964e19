-- Settings that override aeon.conf.

-- How often the settings have changed: a program reads the table again when this number differs.
-- name: settings_generation :one
-- gives: generation int
SELECT CAST(value AS INTEGER) AS generation FROM realm_meta WHERE key = 'settings_generation';

-- name: settings_overrides :each
-- gives: key text, value text
SELECT key, value FROM realm_settings ORDER BY key;

-- name: setting_put :exec
-- takes: key text, value text
INSERT INTO realm_settings (key, value) VALUES (:key, :value)
ON CONFLICT (key) DO UPDATE SET value = excluded.value;

-- name: setting_delete :exec
-- takes: key text
DELETE FROM realm_settings WHERE key = :key;

-- name: settings_note_change :exec
INSERT INTO realm_meta (key, value) VALUES ('settings_generation', '1')
ON CONFLICT (key) DO UPDATE SET value = CAST(CAST(realm_meta.value AS INTEGER) + 1 AS TEXT);
