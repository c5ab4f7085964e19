-- Suspended users: see lib/realm/suspension.h.

-- name: user_for_moderation :one
-- takes: viewer int, user int
-- gives: role text, allowed bool
SELECT other.role, {may_moderate} AS allowed FROM users other
WHERE other.id = :user AND other.erased_at IS NULL;

-- name: user_suspend :exec
-- takes: user int, until time, reason text, now time
UPDATE users SET suspended_at = :now, suspended_until = nullif(:until, 0), suspension_reason = :reason
WHERE id = :user;

-- The texts of the profile.
-- name: user_clear_texts :exec
-- takes: user int, now time
UPDATE users SET full_name = NULL, bio = NULL, updated_at = :now WHERE id = :user;

-- name: user_unsuspend :exec
-- takes: user int
UPDATE users SET suspended_at = NULL, suspended_until = NULL, suspension_reason = NULL
WHERE id = :user AND suspended_at IS NOT NULL;

-- The suspension that holds now.
-- name: user_suspension :one
-- takes: user int, now time
-- gives: until time?, reason text
SELECT other.suspended_until AS until, other.suspension_reason AS reason FROM users other
WHERE other.id = :user AND {user_suspended};

-- name: suspension_list :page suspension
-- takes: now time, before int, limit int
SELECT other.id, other.username, {person_names}, other.suspended_at, other.suspended_until,
       other.suspension_reason AS reason
FROM users other
WHERE other.id < :before AND {user_suspended}
ORDER BY other.id DESC LIMIT :limit;
