-- Everything about the viewer, page by page: see lib/realm/export.c.

-- name: export_account :page user
-- takes: viewer int, before int, limit int
SELECT id, username, email, full_name, bio, role, is_active, created_at, updated_at, 0 AS page_key
FROM users WHERE id = :viewer AND :before > 0 LIMIT :limit;

-- name: export_privacy :page privacy
-- takes: viewer int, before int, limit int
SELECT privacy_presence AS presence, privacy_relationships AS relationships,
       privacy_network AS network, discoverable, 0 AS page_key
FROM users WHERE id = :viewer AND :before > 0 LIMIT :limit;

-- name: export_sessions :page session
-- takes: viewer int, before int, limit int
SELECT id, client, created_at, expires_at, 0 AS is_current, id AS page_key FROM sessions
WHERE user_id = :viewer AND id < :before ORDER BY id DESC LIMIT :limit;

-- name: export_presence :page exported_presence
-- takes: viewer int, before int, limit int
SELECT status, last_seen, current_room, id AS page_key FROM user_presence
WHERE user_id = :viewer AND id < :before ORDER BY id DESC LIMIT :limit;

-- name: export_memberships :page exported_membership
-- takes: viewer int, before int, limit int
SELECT m.room_id, r.name, m.role, m.joined_at, m.is_active, m.read_seq, m.muted_until,
       m.id AS page_key
FROM room_participants m JOIN chat_rooms r ON r.id = m.room_id
WHERE m.user_id = :viewer AND m.id < :before ORDER BY m.id DESC LIMIT :limit;

-- name: export_invitations :page exported_invitation
-- takes: viewer int, before int, limit int
SELECT room_id, user_id, invited_by, created_at, created_at AS page_key FROM room_invitations
WHERE :viewer IN (user_id, invited_by) AND created_at < :before AND (user_id = :viewer OR invited_by = :viewer)
ORDER BY created_at DESC LIMIT :limit;

-- name: export_bans :page exported_ban
-- takes: viewer int, before int, limit int
SELECT room_id, user_id, CASE WHEN banned_by = :viewer THEN banned_by END AS banned_by, created_at,
       created_at AS page_key
FROM room_bans WHERE (user_id = :viewer OR banned_by = :viewer) AND created_at < :before
ORDER BY created_at DESC LIMIT :limit;

-- name: export_relationships :page relationship
-- takes: viewer int, before int, limit int, now time
SELECT {relationship_columns}, x.id AS page_key
FROM user_relationships x JOIN users other ON other.id = x.related_user_id
WHERE x.user_id = :viewer AND x.id < :before AND {related_exists} ORDER BY x.id DESC LIMIT :limit;

-- name: export_knowledge :page knowledge
-- takes: viewer int, before int, limit int
SELECT {knowledge_columns}, k.id AS page_key FROM shared_knowledge k JOIN users other ON other.id = k.creator_id
WHERE k.creator_id = :viewer AND k.id < :before ORDER BY k.id DESC LIMIT :limit;

-- name: export_votes :page exported_vote
-- takes: viewer int, before int, limit int
SELECT knowledge_id, value, created_at, knowledge_id AS page_key FROM knowledge_votes
WHERE user_id = :viewer AND knowledge_id < :before ORDER BY knowledge_id DESC LIMIT :limit;

-- name: export_shares :page exported_share
-- takes: viewer int, before int, limit int
SELECT knowledge_id, target, created_at, created_at AS page_key FROM knowledge_shares
WHERE user_id = :viewer AND created_at < :before ORDER BY created_at DESC LIMIT :limit;

-- name: export_reactions :page exported_reaction
-- takes: viewer int, before int, limit int
SELECT message_id, key, created_at, created_at AS page_key FROM message_reactions
WHERE user_id = :viewer AND created_at < :before ORDER BY created_at DESC LIMIT :limit;

-- name: export_interactions :page interaction
-- takes: viewer int, before int, limit int
SELECT {interaction_columns}, i.id AS page_key FROM aeon_interactions i
JOIN users author ON author.id = i.aeon_user_id
JOIN users target ON target.id = i.target_aeon_user_id
WHERE (i.aeon_user_id = :viewer OR i.target_aeon_user_id = :viewer) AND i.id < :before AND {interaction_visible}
ORDER BY i.id DESC LIMIT :limit;

-- name: export_days :page day
-- takes: viewer int, before int, limit int
SELECT date(day * 86400, 'unixepoch') AS day, messages, votes, knowledge, interactions, day AS page_key
FROM user_days WHERE user_id = :viewer AND user_days.day < :before ORDER BY user_days.day DESC LIMIT :limit;

-- What the viewer did, and what others did with the account, without their addresses.
-- name: export_audit :page exported_audit
-- takes: viewer int, before int, limit int
SELECT action, CASE WHEN actor_id = :viewer THEN actor_id END AS actor_id,
       CASE WHEN actor_id = :viewer THEN address END AS address, kind, object, detail, times,
       created_at, id AS page_key
FROM audit_log
WHERE (actor_id = :viewer OR (kind = 'user' AND object = CAST(:viewer AS TEXT))) AND id < :before
ORDER BY id DESC LIMIT :limit;

-- Rooms that the viewer is or was in: only they can have messages of the viewer.
-- name: export_rooms :each
-- takes: viewer int
-- gives: room text
SELECT room_id AS room FROM room_participants WHERE user_id = :viewer;

-- The messages in a room.
-- name: export_messages :page message
-- takes: viewer int, before int, limit int, room text
SELECT {message_columns}, m.seq AS page_key FROM real_time_messages m JOIN users other ON other.id = m.sender_id
WHERE m.room_id = :room AND m.seq < :before AND m.sender_id = :viewer ORDER BY m.seq DESC LIMIT :limit;
