-- Accounts.

-- name: user_insert
INSERT INTO users (username, email, password_hash, full_name, bio, role, created_at, updated_at)
VALUES (?1, ?2, ?3, ?4, ?5,
        CASE WHEN EXISTS (SELECT 1 FROM users) THEN 'user' ELSE 'owner' END, ?6, ?6);

-- name: user_by_username
SELECT id FROM users WHERE username = ?1;

-- name: user_by_email
SELECT id FROM users WHERE email = ?1;

-- All that the user may know of the own account.
-- name: user_self
SELECT id, username, email, full_name, bio, role, is_active, created_at, updated_at
FROM users WHERE id = ?1;

-- name: user_update
UPDATE users SET full_name = ?2, bio = ?3, email = ?4, updated_at = ?5 WHERE id = ?1;

-- name: user_profile
SELECT full_name, bio, email FROM users WHERE id = ?1;

-- name: user_set_password
UPDATE users SET password_hash = ?2, updated_at = ?3 WHERE id = ?1;

-- name: user_set_role
UPDATE users SET role = ?2, updated_at = ?3 WHERE id = ?1;

-- name: user_set_active
UPDATE users SET is_active = ?2, updated_at = ?3 WHERE id = ?1;

-- Somebody the viewer (?1) can have to do with: active, and neither has blocked the other.
-- name: user_reachable
SELECT other.id FROM users other WHERE other.id = ?2 AND other.is_active = 1 AND {other_not_blocked};

-- name: users_list
SELECT id, username, email, full_name, bio, role, is_active, created_at, updated_at
FROM users WHERE id < ?1 ORDER BY id DESC LIMIT ?2;
