-- Accounts.

-- name: user_insert
INSERT INTO users (username, email, password_hash, full_name, bio, role, created_at, updated_at)
VALUES (?1, ?2, ?3, ?4, ?5,
        CASE WHEN EXISTS (SELECT 1 FROM users) THEN 'user' ELSE 'owner' END, ?6, ?6);

-- name: user_by_username
SELECT id FROM users WHERE username = ?1 AND erased_at IS NULL;

-- name: user_by_email
SELECT id FROM users WHERE email = ?1 AND erased_at IS NULL;

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
FROM users WHERE id < ?1 AND erased_at IS NULL ORDER BY id DESC LIMIT ?2;

-- name: user_password
SELECT password_hash FROM users WHERE id = ?1;

-- Unless it has changed since it was verified.
-- name: user_renew_password
UPDATE users SET password_hash = ?3, updated_at = ?4 WHERE id = ?1 AND password_hash = ?2;

-- name: user_privacy
SELECT privacy_presence, privacy_relationships, privacy_network, discoverable
FROM users WHERE id = ?1;

-- name: user_set_privacy
UPDATE users SET privacy_presence = coalesce(?2, privacy_presence),
	privacy_relationships = coalesce(?3, privacy_relationships),
	privacy_network = coalesce(?4, privacy_network),
	discoverable = CASE WHEN ?5 < 0 THEN discoverable ELSE ?5 END, updated_at = ?6
WHERE id = ?1;

-- The user ?2 as the viewer sees it; ?3: an administrator, who sees everybody.
-- name: user_seen
SELECT other.id, other.username, CASE WHEN ?3 OR other.id = ?1 THEN other.email END,
       other.full_name, other.bio, other.role, other.is_active, other.created_at, other.updated_at
FROM users other
WHERE other.id = ?2 AND other.erased_at IS NULL
  AND (?3 OR (other.is_active = 1 AND {other_not_blocked}));

-- name: user_standing
SELECT role, is_active FROM users WHERE id = ?1 AND erased_at IS NULL;

-- name: user_is_last_owner
SELECT 1 FROM users u WHERE u.id = ?1 AND u.role = 'owner'
  AND NOT EXISTS (SELECT 1 FROM users x INDEXED BY users_owners
                  WHERE x.role = 'owner' AND x.is_active = 1 AND x.id <> ?1)
  AND EXISTS (SELECT 1 FROM users x WHERE x.id <> ?1 AND x.erased_at IS NULL);
