-- Accounts.

-- name: user_by_username :one
-- takes: username text
-- gives: user int
SELECT id AS user FROM users WHERE username = :username AND erased_at IS NULL;

-- name: user_by_email :one
-- takes: email_key text
-- gives: user int
SELECT id AS user FROM users WHERE email_key = :email_key AND erased_at IS NULL;

-- The account as its owner sees it.
-- name: user_self :object user
-- takes: viewer int
SELECT other.id, other.username, other.email, {user_about}
FROM users other WHERE other.id = :viewer;

-- What the user's clients keep.
-- name: user_settings_show :object user_settings
-- takes: user int
SELECT coalesce(s.settings, '{}') AS settings, s.updated_at
FROM users u LEFT JOIN user_settings s ON s.user_id = u.id WHERE u.id = :user;

-- Returns 0 when nothing changes.
-- name: user_settings_set :exec
-- takes: user int, settings json, now time
INSERT INTO user_settings (user_id, settings, updated_at) VALUES (:user, :settings, :now)
ON CONFLICT (user_id) DO UPDATE SET settings = excluded.settings, updated_at = excluded.updated_at
WHERE settings <> excluded.settings;

-- name: user_update :exec
-- takes: user int, full_name text, bio text, email text, email_key text, now time
UPDATE users SET full_name = :full_name, bio = :bio, email = :email, email_key = :email_key, updated_at = :now WHERE id = :user;

-- name: user_profile :one
-- takes: user int
-- gives: full_name text?, bio text?, email text
SELECT full_name, bio, email FROM users WHERE id = :user;

-- name: user_set_password :exec
-- takes: user int, hash text, now time
UPDATE users SET password_hash = :hash, updated_at = :now WHERE id = :user;

-- name: user_set_role :exec
-- takes: user int, role text, now time
UPDATE users SET role = :role, updated_at = :now WHERE id = :user;

-- name: user_set_active :exec
-- takes: user int, is_active bool, now time
UPDATE users SET is_active = :is_active, pending = CASE WHEN :is_active THEN 0 ELSE pending END, updated_at = :now
WHERE id = :user;

-- A user that the viewer addresses and may know of: active, and neither has blocked the other. And
-- whether the viewer may address it.
-- name: user_contact :one
-- takes: viewer int, user int
-- gives: open bool
SELECT {other_contact_open} AS open FROM users other
WHERE other.id = :user AND other.is_active = 1 AND {other_not_blocked} AND {other_known};

-- name: users_list :page user
-- takes: viewer int, before int, limit int
SELECT other.id, other.username, other.email, {user_about}
FROM users other WHERE other.id < :before AND other.erased_at IS NULL ORDER BY other.id DESC LIMIT :limit;

-- name: user_password :one
-- takes: user int
-- gives: hash text
SELECT password_hash AS hash FROM users WHERE id = :user;

-- Changes nothing if the password has changed after it was verified.
-- name: user_renew_password :exec
-- takes: user int, old text, new text, now time
UPDATE users SET password_hash = :new, updated_at = :now WHERE id = :user AND password_hash = :old;

-- name: user_privacy :object privacy
-- takes: user int
SELECT privacy_presence AS presence, privacy_relationships AS relationships,
       privacy_network AS network, privacy_contact AS contact, discoverable
FROM users WHERE id = :user;

-- name: user_set_privacy :exec
-- takes: user int, presence text, relationships text, network text, contact text, discoverable int,
-- takes: now time
UPDATE users SET privacy_presence = coalesce(:presence, privacy_presence),
	privacy_relationships = coalesce(:relationships, privacy_relationships),
	privacy_network = coalesce(:network, privacy_network),
	privacy_contact = coalesce(:contact, privacy_contact),
	discoverable = CASE WHEN :discoverable < 0 THEN discoverable ELSE :discoverable END, updated_at = :now
WHERE id = :user;

-- The user as the viewer sees it. :all shows every user and every email.
-- name: user_seen :object user
-- takes: viewer int, user int, all bool
SELECT other.id, other.username, {user_email}, {user_about}
FROM users other WHERE other.id = :user AND {user_shown};

-- name: user_standing :one
-- takes: user int
-- gives: role text, is_active bool
SELECT role, is_active FROM users WHERE id = :user AND erased_at IS NULL;

-- name: user_is_last_owner :one
-- takes: user int
SELECT 1 FROM users u WHERE u.id = :user AND u.role = 'owner'
  AND NOT EXISTS (SELECT 1 FROM users x INDEXED BY users_owners
                  WHERE x.role = 'owner' AND x.is_active = 1 AND x.id <> :user)
  AND EXISTS (SELECT 1 FROM users x WHERE x.id <> :user AND x.erased_at IS NULL);
