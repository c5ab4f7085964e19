-- Registration and invitations.

-- name: user_insert :insert
-- takes: username text, email text, email_key text, password_hash text, full_name text, bio text, role text, pending bool, now time
-- gives: id int
INSERT INTO users (username, email, email_key, password_hash, full_name, bio, role, is_active, pending,
                   created_at, updated_at)
VALUES (:username, :email, :email_key, :password_hash, :full_name, :bio, :role, 1 - :pending, :pending,
        :now, :now);

-- name: setup_code_valid :one
-- takes: key text, hash text
SELECT 1 FROM realm_meta WHERE key = :key AND value = :hash;

-- name: owner_exists :one
SELECT 1 FROM users INDEXED BY users_owners WHERE role = 'owner' AND is_active = 1;

-- name: meta_delete :exec
-- takes: key text
DELETE FROM realm_meta WHERE key = :key;

-- name: users_pending_count :one
-- takes: limit int
-- gives: count int
SELECT count(*) AS count FROM (SELECT 1 FROM users WHERE pending = 1 LIMIT :limit);

-- Oldest last, as all lists.
-- name: users_pending_list :page user
-- takes: viewer int, before int, limit int
SELECT other.id, other.username, other.email, {user_about}
FROM users other WHERE other.pending = 1 AND other.id < :before ORDER BY other.id DESC LIMIT :limit;

-- name: user_approve :exec
-- takes: user int, now time
UPDATE users SET pending = 0, is_active = 1, updated_at = :now WHERE id = :user AND pending = 1;

-- The account that has waited longest, since before then.
-- name: user_pending_expired :one
-- takes: before time
-- gives: user int
SELECT id AS user FROM users WHERE pending = 1 AND created_at < :before ORDER BY id LIMIT 1;

-- name: user_is_pending :one
-- takes: user int
SELECT 1 FROM users WHERE id = :user AND pending = 1;

-- name: administrators :each
-- gives: user int
SELECT id AS user FROM users INDEXED BY users_administrators WHERE role <> 'user' AND is_active = 1 ORDER BY id;

-- --- invitations ---

-- name: invite_insert :insert
-- takes: hash blob, user int, now time, expires time, uses int, room text
-- gives: id int
INSERT INTO invites (code_hash, created_by, created_at, expires_at, uses, room_id)
VALUES (:hash, :user, :now, :expires, :uses, :room);

-- name: invite_show :object invite
-- takes: invite int, code text
SELECT id, created_by, created_at, expires_at, uses, used, room_id, :code AS code
FROM invites WHERE id = :invite;

-- A viewer who may not see the room gets null.
-- name: invites_list :page invite
-- takes: viewer int, before int, limit int
SELECT i.id, i.created_by, i.created_at, i.expires_at, i.uses, i.used,
       (SELECT r.id FROM chat_rooms r WHERE r.id = i.room_id AND {room_visible}) AS room_id,
       NULL AS code
FROM invites i WHERE i.id < :before ORDER BY i.id DESC LIMIT :limit;

-- `left`: one more user may come in by it.
-- name: invite_of_code :one
-- takes: hash blob, now time
-- gives: id int, created_by int, room_id text?, left bool
SELECT id, created_by, room_id, used < uses AS left FROM invites
WHERE code_hash = :hash AND expires_at > :now;

-- Whether the maker of an invitation is active and has no block with the viewer.
-- name: invite_maker_visible :one
-- takes: viewer int, maker int
SELECT 1 FROM users other WHERE other.id = :maker AND other.is_active = 1 AND {other_not_blocked};

-- name: invite_use :exec
-- takes: invite int
UPDATE invites SET used = used + 1 WHERE id = :invite AND used < uses;

-- name: invite_delete :exec
-- takes: invite int
DELETE FROM invites WHERE id = :invite;

-- Some weeks after their end, so that an administrator can still look at them.
-- name: invites_delete_expired :exec
-- takes: before time
DELETE FROM invites WHERE expires_at < :before;

-- --- attempts ---

-- name: attempts_of :one
-- takes: key blob
-- gives: count int, since time
SELECT count, since FROM attempts WHERE key = :key;

-- name: attempt_put :exec
-- takes: key blob, count int, since time
INSERT INTO attempts (key, count, since) VALUES (:key, :count, :since)
ON CONFLICT (key) DO UPDATE SET count = excluded.count, since = excluded.since;

-- name: attempts_forget :exec
-- takes: before time
DELETE FROM attempts WHERE since < :before;

-- name: attempt_delete :exec
-- takes: key blob
DELETE FROM attempts WHERE key = :key;
