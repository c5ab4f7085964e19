-- Tokens and logins.

-- Nothing, when the account was disabled or its password changed since it was verified.
-- name: session_insert
INSERT INTO sessions (token_hash, user_id, client, created_at, expires_at)
SELECT ?1, id, ?3, ?4, ?5 FROM users WHERE id = ?2 AND password_hash = ?6 AND is_active = 1;

-- name: session_by_hash
SELECT s.id, u.id, u.username, u.role, s.expires_at
FROM sessions s JOIN users u ON u.id = s.user_id
WHERE s.token_hash = ?1 AND s.expires_at > ?2 AND u.is_active = 1;

-- name: session_valid
SELECT 1 FROM sessions s JOIN users u ON u.id = s.user_id
WHERE s.id = ?1 AND s.expires_at > ?2 AND u.is_active = 1;

-- name: session_by_ticket
SELECT s.id, u.id, u.username, u.role, s.expires_at
FROM ws_tickets t JOIN sessions s ON s.id = t.session_id JOIN users u ON u.id = s.user_id
WHERE t.ticket_hash = ?1 AND t.expires_at > ?2 AND s.expires_at > ?2 AND u.is_active = 1;

-- name: ticket_insert
INSERT INTO ws_tickets (ticket_hash, session_id, expires_at)
SELECT ?1, id, ?3 FROM sessions WHERE id = ?2;

-- How many a session has, and when the first of them expires.
-- name: tickets_of_session
SELECT count(*), min(expires_at) FROM ws_tickets WHERE session_id = ?1;

-- name: ticket_delete
DELETE FROM ws_tickets WHERE ticket_hash = ?1;

-- name: tickets_delete_expired
DELETE FROM ws_tickets WHERE expires_at <= ?1;

-- name: session_delete
DELETE FROM sessions WHERE id = ?1;

-- name: sessions_delete_of_user
DELETE FROM sessions WHERE user_id = ?1;

-- name: sessions_delete_expired
DELETE FROM sessions WHERE expires_at <= ?1;

-- name: login_account
SELECT id, username, password_hash, is_active FROM users
WHERE (username = ?1 AND erased_at IS NULL) OR (email = ?1 AND erased_at IS NULL)
ORDER BY username = ?1 DESC;

-- name: login_failures_of
SELECT failures, last_failed FROM login_failures WHERE account = ?1;

-- name: login_failed
INSERT INTO login_failures (account, failures, last_failed) VALUES (?1, 1, ?2)
ON CONFLICT (account) DO UPDATE SET failures = failures + 1, last_failed = excluded.last_failed;

-- name: login_succeeded
DELETE FROM login_failures WHERE account = ?1;

-- name: login_failures_forget
DELETE FROM login_failures WHERE last_failed < ?1;

-- --- what a user does with the own ones ---

-- name: sessions_of_user
SELECT id, client, created_at, expires_at, id = ?2 FROM sessions
WHERE user_id = ?1 AND expires_at > ?3 AND id < ?4 ORDER BY id DESC LIMIT ?5;

-- name: session_delete_of_user
DELETE FROM sessions WHERE user_id = ?1 AND id = ?2;

-- name: sessions_delete_others
DELETE FROM sessions WHERE user_id = ?1 AND id <> ?2;
