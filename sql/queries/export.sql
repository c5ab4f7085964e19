-- Everything about ?1, page by page below the key ?2, at most ?3 rows: see lib/realm/export.c. The key
-- is the first column or stands behind the shape's.

-- name: export_account
SELECT id, username, email, full_name, bio, role, is_active, created_at, updated_at, 0
FROM users WHERE id = ?1 AND ?2 > 0 LIMIT ?3;

-- name: export_privacy
SELECT privacy_presence, privacy_relationships, privacy_network, discoverable, 0
FROM users WHERE id = ?1 AND ?2 > 0 LIMIT ?3;

-- name: export_sessions
SELECT id, client, created_at, expires_at, 0, id FROM sessions
WHERE user_id = ?1 AND id < ?2 ORDER BY id DESC LIMIT ?3;

-- name: export_presence
SELECT status, last_seen, current_room, id FROM user_presence
WHERE user_id = ?1 AND id < ?2 ORDER BY id DESC LIMIT ?3;

-- name: export_memberships
SELECT m.room_id, r.name, m.role, m.joined_at, m.is_active, m.read_seq, m.id
FROM room_participants m JOIN chat_rooms r ON r.id = m.room_id
WHERE m.user_id = ?1 AND m.id < ?2 ORDER BY m.id DESC LIMIT ?3;

-- name: export_invitations
SELECT room_id, user_id, invited_by, created_at, created_at FROM room_invitations
WHERE ?1 IN (user_id, invited_by) AND created_at < ?2 AND (user_id = ?1 OR invited_by = ?1)
ORDER BY created_at DESC LIMIT ?3;

-- name: export_bans
SELECT room_id, user_id, CASE WHEN banned_by = ?1 THEN banned_by END, created_at, created_at
FROM room_bans WHERE (user_id = ?1 OR banned_by = ?1) AND created_at < ?2
ORDER BY created_at DESC LIMIT ?3;

-- name: export_relationships
SELECT {relationship_columns}, x.id
FROM user_relationships x JOIN users other ON other.id = x.related_user_id
WHERE x.user_id = ?1 AND x.id < ?2 AND {related_exists} ORDER BY x.id DESC LIMIT ?3;

-- name: export_knowledge
SELECT {knowledge_columns}, k.id FROM shared_knowledge k JOIN users other ON other.id = k.creator_id
WHERE k.creator_id = ?1 AND k.id < ?2 ORDER BY k.id DESC LIMIT ?3;

-- name: export_votes
SELECT knowledge_id, value, created_at, knowledge_id FROM knowledge_votes
WHERE user_id = ?1 AND knowledge_id < ?2 ORDER BY knowledge_id DESC LIMIT ?3;

-- name: export_shares
SELECT knowledge_id, target, created_at, created_at FROM knowledge_shares
WHERE user_id = ?1 AND created_at < ?2 ORDER BY created_at DESC LIMIT ?3;

-- name: export_reactions
SELECT message_id, key, created_at, created_at FROM message_reactions
WHERE user_id = ?1 AND created_at < ?2 ORDER BY created_at DESC LIMIT ?3;

-- name: export_interactions
SELECT {interaction_columns}, i.id FROM aeon_interactions i
JOIN users author ON author.id = i.aeon_user_id
JOIN users target ON target.id = i.target_aeon_user_id
WHERE (i.aeon_user_id = ?1 OR i.target_aeon_user_id = ?1) AND i.id < ?2 AND {interaction_visible}
ORDER BY i.id DESC LIMIT ?3;

-- name: export_days
SELECT date(day * 86400, 'unixepoch'), messages, votes, knowledge, interactions, day
FROM user_days WHERE user_id = ?1 AND day < ?2 ORDER BY day DESC LIMIT ?3;

-- Rooms that the user is or was in: elsewhere the user has said nothing.
-- name: export_rooms
SELECT room_id FROM room_participants WHERE user_id = ?1;

-- Of the room ?4.
-- name: export_messages
SELECT {message_columns}, m.seq FROM real_time_messages m JOIN users other ON other.id = m.sender_id
WHERE m.room_id = ?4 AND m.seq < ?2 AND m.sender_id = ?1 ORDER BY m.seq DESC LIMIT ?3;
