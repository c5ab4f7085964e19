-- E-mail and the codes in it: see realm/mails.h and realm/recovery.h.

-- At most :most of a kind since :since. Only a proven address gets more than the mail that proves it.
-- name: mail_insert :exec
-- takes: user int, kind text, detail text, now time, since time, most int
INSERT INTO mails (user_id, kind, detail, created_at, due_at)
SELECT u.id, :kind, :detail, :now, :now FROM users u
WHERE u.id = :user AND u.erased_at IS NULL AND (:kind = 'address' OR u.email_verified_at IS NOT NULL)
  AND (SELECT count(*) FROM mails m
       WHERE m.user_id = :user AND m.kind = :kind AND m.created_at > :since) < :most;

-- A mail may be tried now.
-- fragment: mail_is_due
sent_at IS NULL AND failed_at IS NULL AND due_at <= :now AND lease_until <= :now

-- The next mail: digests come behind all others.
-- fragment: mail_next
coalesce((SELECT id FROM mails WHERE {mail_is_due} AND kind <> 'digest' ORDER BY due_at LIMIT 1),
         (SELECT id FROM mails WHERE {mail_is_due} AND kind = 'digest' ORDER BY due_at LIMIT 1))

-- name: mail_waits :one
-- takes: now time
SELECT 1 WHERE {mail_next} IS NOT NULL;

-- A digest is not tried again before :digest_due, whatever becomes of this attempt.
-- name: mail_claim :one
-- takes: instance int, now time, lease time, digest_due time
-- gives: id int, user int, kind text, detail text?, attempts int, created_at time
UPDATE mails SET instance = :instance, lease_until = :lease, attempts = attempts + 1, tried_at = :now,
	due_at = CASE kind WHEN 'digest' THEN :digest_due ELSE due_at END
WHERE id = {mail_next}
RETURNING id, user_id AS user, kind, detail, attempts, created_at;

-- name: mail_recipient :one
-- takes: user int
-- gives: username text, email text
SELECT username, email FROM users WHERE id = :user AND erased_at IS NULL;

-- name: mail_sent :exec
-- takes: mail int, now time
UPDATE mails SET sent_at = :now, instance = NULL, lease_until = 0, reason = NULL WHERE id = :mail;

-- name: mail_later :exec
-- takes: mail int, due time, reason text
UPDATE mails SET due_at = :due, instance = NULL, lease_until = 0, reason = :reason WHERE id = :mail;

-- name: mail_drop :exec
-- takes: mail int
DELETE FROM mails WHERE id = :mail;

-- It was no attempt.
-- name: mail_put_back :exec
-- takes: mail int, due time
UPDATE mails SET due_at = :due, attempts = attempts - 1, tried_at = NULL, instance = NULL, lease_until = 0
WHERE id = :mail;

-- name: mail_given_up :exec
-- takes: mail int, now time, reason text
UPDATE mails SET failed_at = :now, instance = NULL, lease_until = 0, reason = :reason WHERE id = :mail;

-- name: mails_release :exec
-- takes: instance int
UPDATE mails SET instance = NULL, lease_until = 0
WHERE instance = :instance AND sent_at IS NULL AND failed_at IS NULL;

-- Mails that wait, digests only when they are due, and mails that were given up since :since.
-- name: mails_state :one
-- takes: now time, since time
-- gives: waiting int, given_up int
SELECT (SELECT count(*) FROM mails WHERE sent_at IS NULL AND failed_at IS NULL AND kind <> 'digest')
       + (SELECT count(*) FROM mails
          WHERE sent_at IS NULL AND failed_at IS NULL AND kind = 'digest' AND due_at <= :now) AS waiting,
       (SELECT count(*) FROM mails WHERE created_at >= :since AND failed_at IS NOT NULL) AS given_up;

-- name: mails_prune :exec
-- takes: before time, limit int
DELETE FROM mails WHERE id IN (
	SELECT id FROM mails WHERE created_at < :before ORDER BY created_at LIMIT :limit);

-- name: erase_mails :exec
-- takes: user int, limit int
DELETE FROM mails WHERE id IN (SELECT id FROM mails WHERE user_id = :user LIMIT :limit);

-- name: export_mails :page exported_mail
-- takes: viewer int, before int, limit int
SELECT kind, detail, created_at, sent_at, failed_at, id AS page_key FROM mails
WHERE user_id = :viewer AND id < :before ORDER BY id DESC LIMIT :limit;

-- --- codes ---

-- name: account_code_put :exec
-- takes: user int, purpose text, hash blob, expires time
INSERT INTO account_codes (user_id, purpose, code_hash, expires_at) VALUES (:user, :purpose, :hash, :expires)
ON CONFLICT (user_id, purpose) DO UPDATE SET code_hash = excluded.code_hash, expires_at = excluded.expires_at;

-- name: account_code_user :one
-- takes: hash blob, purpose text, now time
-- gives: user int, username text, email text
SELECT u.id AS user, u.username, u.email FROM account_codes c JOIN users u ON u.id = c.user_id
WHERE c.code_hash = :hash AND c.purpose = :purpose AND c.expires_at > :now AND u.is_active = 1;

-- name: account_code_take :one
-- takes: hash blob, purpose text, now time
-- gives: user int
DELETE FROM account_codes WHERE code_hash = :hash AND purpose = :purpose AND expires_at > :now
RETURNING user_id AS user;

-- Whether the viewer may hand a code for a new password to the user.
-- name: account_code_allowed :one
-- takes: viewer int, user int
-- gives: allowed bool
SELECT {may_moderate} AS allowed FROM users other WHERE other.id = :user AND other.is_active = 1;

-- name: account_codes_delete :exec
-- takes: user int
DELETE FROM account_codes WHERE user_id = :user;

-- name: address_verified :exec
-- takes: user int, now time
UPDATE users SET email_verified_at = :now WHERE id = :user;

-- A user who can get a new password by mail.
-- name: user_of_verified_address :one
-- takes: email_key text
-- gives: user int
SELECT id AS user FROM users
WHERE email_key = :email_key AND erased_at IS NULL AND is_active = 1 AND email_verified_at IS NOT NULL;

-- The user has signed in before, but not from this network.
-- name: login_is_from_elsewhere :one
-- takes: user int, network text
SELECT 1 FROM login_networks WHERE user_id = :user AND NOT EXISTS (
	SELECT 1 FROM login_networks n WHERE n.user_id = :user AND n.network = :network)
LIMIT 1;
