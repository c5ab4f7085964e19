-- Sessions, tickets and guesses of passwords.

-- Inserts nothing when the account was disabled, or its password changed after it was verified.
-- name: session_insert :exec
-- takes: hash blob, user int, client text, now time, expires time, password_hash text
INSERT INTO sessions (token_hash, user_id, client, created_at, expires_at)
SELECT :hash, id, :client, :now, :expires FROM users WHERE id = :user AND password_hash = :password_hash AND is_active = 1;

-- name: session_by_hash :one
-- takes: hash blob, now time
-- gives: id int, user int, username text, role text, created_at time, expires_at time
SELECT s.id, u.id AS user, u.username, u.role, s.created_at, s.expires_at
FROM sessions s JOIN users u ON u.id = s.user_id
WHERE s.token_hash = :hash AND s.expires_at > :now AND u.is_active = 1;

-- name: session_valid :one
-- takes: session int, now time
SELECT 1 FROM sessions s JOIN users u ON u.id = s.user_id
WHERE s.id = :session AND s.expires_at > :now AND u.is_active = 1;

-- name: session_by_id :one
-- takes: session int, now time
-- gives: like session_by_hash
SELECT s.id, u.id AS user, u.username, u.role, s.created_at, s.expires_at
FROM sessions s JOIN users u ON u.id = s.user_id
WHERE s.id = :session AND s.expires_at > :now AND u.is_active = 1;

-- name: ticket_insert :exec
-- takes: hash blob, session int, expires time
INSERT INTO ws_tickets (ticket_hash, session_id, expires_at)
SELECT :hash, id, :expires FROM sessions WHERE id = :session;

-- How many tickets a session has, and when the first of them expires.
-- name: tickets_of_session :one
-- takes: session int
-- gives: count int, first_expires time?
SELECT count(*) AS count, min(expires_at) AS first_expires FROM ws_tickets WHERE session_id = :session;

-- A ticket can be used once.
-- name: ticket_take :one
-- takes: hash blob, now time
-- gives: session int
DELETE FROM ws_tickets WHERE ticket_hash = :hash AND expires_at > :now RETURNING session_id AS session;

-- name: tickets_delete_expired :exec
-- takes: now time
DELETE FROM ws_tickets WHERE expires_at <= :now;

-- name: session_delete :exec
-- takes: session int
DELETE FROM sessions WHERE id = :session;

-- name: sessions_delete_of_user :exec
-- takes: user int
DELETE FROM sessions WHERE user_id = :user;

-- name: sessions_delete_expired :exec
-- takes: now time
DELETE FROM sessions WHERE expires_at <= :now;

-- name: login_account :one
-- takes: name text, email_key text
-- gives: user int, password_hash text, is_active bool, pending bool
SELECT id AS user, password_hash, is_active, pending FROM users
WHERE (username = :name AND erased_at IS NULL) OR (email_key = :email_key AND erased_at IS NULL)
ORDER BY username = :name DESC;

-- name: guesses_of :one
-- takes: key blob
-- gives: failures int, last_failed time
SELECT failures, last_failed FROM guesses WHERE key = :key;

-- name: guess_failed :exec
-- takes: key blob, now time
INSERT INTO guesses (key, failures, last_failed) VALUES (:key, 1, :now)
ON CONFLICT (key) DO UPDATE SET failures = guesses.failures + 1, last_failed = excluded.last_failed;

-- Takes back all failures, or the only one.
-- name: guess_succeeded :exec
-- takes: key blob, all bool
DELETE FROM guesses WHERE key = :key AND (:all OR failures = 1);

-- name: guess_less :exec
-- takes: key blob
UPDATE guesses SET failures = failures - 1 WHERE key = :key AND failures > 1;

-- name: guesses_forget :exec
-- takes: before time
DELETE FROM guesses WHERE last_failed < :before;

-- --- networks from which a user has signed in ---

-- name: login_network_known :one
-- takes: user int, network text, since time
SELECT 1 FROM login_networks WHERE user_id = :user AND network = :network AND last_login >= :since;

-- name: login_network_put :exec
-- takes: user int, network text, now time
INSERT INTO login_networks (user_id, network, last_login) VALUES (:user, :network, :now)
ON CONFLICT (user_id, network) DO UPDATE SET last_login = excluded.last_login;

-- name: login_networks_forget :exec
-- takes: user int, before time, most int
DELETE FROM login_networks WHERE user_id = :user AND (last_login < :before OR network NOT IN (
	SELECT network FROM login_networks WHERE user_id = :user ORDER BY last_login DESC LIMIT :most));

-- --- the user's own sessions ---

-- name: sessions_of_user :page session
-- takes: user int, current int, now time, before int, limit int
SELECT id, client, created_at, expires_at, id = :current AS is_current FROM sessions
WHERE user_id = :user AND expires_at > :now AND id < :before ORDER BY id DESC LIMIT :limit;

-- name: session_delete_of_user :exec
-- takes: user int, session int
DELETE FROM sessions WHERE user_id = :user AND id = :session;

-- name: sessions_delete_others :exec
-- takes: user int, session int
DELETE FROM sessions WHERE user_id = :user AND id <> :session;
