-- Second factors.

-- name: totp_of :each
-- takes: user int
-- gives: secret blob, is_confirmed bool, last_step int
SELECT secret, is_confirmed, last_step FROM totp WHERE user_id = :user;

-- name: totp_status :object totp_status
-- takes: user int
SELECT coalesce((SELECT t.is_confirmed FROM totp t WHERE t.user_id = u.id), 0) AS is_on,
       (SELECT count(*) FROM totp_recovery r WHERE r.user_id = u.id) AS recovery_codes
FROM users u WHERE u.id = :user;

-- Does nothing once a second factor is confirmed.
-- name: totp_begin :exec
-- takes: user int, secret blob
INSERT INTO totp (user_id, secret) VALUES (:user, :secret)
ON CONFLICT (user_id) DO UPDATE SET secret = excluded.secret WHERE totp.is_confirmed = 0;

-- name: totp_use :exec
-- takes: user int, step int
UPDATE totp SET last_step = :step WHERE user_id = :user AND last_step < :step;

-- name: totp_confirm :exec
-- takes: user int
UPDATE totp SET is_confirmed = 1 WHERE user_id = :user AND is_confirmed = 0;

-- name: totp_delete :exec
-- takes: user int
DELETE FROM totp WHERE user_id = :user;

-- name: totp_recovery_put :exec
-- takes: user int, hash blob
INSERT INTO totp_recovery (user_id, code_hash) VALUES (:user, :hash);

-- name: totp_recovery_use :exec
-- takes: user int, hash blob
DELETE FROM totp_recovery WHERE user_id = :user AND code_hash = :hash;

-- name: totp_recovery_delete :exec
-- takes: user int
DELETE FROM totp_recovery WHERE user_id = :user;
