-- Forgetting a person: see lib/realm/erase.h.

-- name: erase_name
SELECT username FROM users WHERE id = ?1 AND erased_at IS NULL;

-- name: erase_user
UPDATE users SET username = ?2, email = '', password_hash = '', full_name = NULL, bio = NULL,
	role = 'user', is_active = 0, privacy_presence = 'nobody', privacy_relationships = 'nobody',
	privacy_network = 'nobody', discoverable = 0, updated_at = ?3, erased_at = ?3, erasing = 1
WHERE id = ?1;

-- name: erase_next
SELECT id, erasing FROM users WHERE erasing <> 0 AND erasing > 0 ORDER BY id LIMIT 1;

-- --- rows of ?1, at most ?2 at a time ---

-- name: erase_votes
DELETE FROM knowledge_votes WHERE (knowledge_id, user_id) IN (
	SELECT knowledge_id, user_id FROM knowledge_votes WHERE user_id = ?1 LIMIT ?2);

-- name: erase_reactions
DELETE FROM message_reactions WHERE (message_id, key, user_id) IN (
	SELECT message_id, key, user_id FROM message_reactions WHERE user_id = ?1 LIMIT ?2);

-- name: erase_knowledge
DELETE FROM shared_knowledge WHERE id IN (
	SELECT id FROM shared_knowledge WHERE creator_id = ?1 LIMIT ?2);

-- name: erase_shares
DELETE FROM knowledge_shares WHERE (knowledge_id, user_id, target) IN (
	SELECT knowledge_id, user_id, target FROM knowledge_shares WHERE user_id = ?1 LIMIT ?2);

-- name: erase_relationships
DELETE FROM user_relationships WHERE id IN (
	SELECT id FROM user_relationships WHERE user_id = ?1 LIMIT ?2);

-- name: erase_related
DELETE FROM user_relationships WHERE id IN (
	SELECT id FROM user_relationships WHERE related_user_id = ?1 LIMIT ?2);

-- name: erase_authored
DELETE FROM aeon_interactions WHERE id IN (
	SELECT id FROM aeon_interactions WHERE aeon_user_id = ?1 LIMIT ?2);

-- name: erase_targeted
DELETE FROM aeon_interactions WHERE id IN (
	SELECT id FROM aeon_interactions WHERE target_aeon_user_id = ?1 LIMIT ?2);

-- name: erase_invitations
DELETE FROM room_invitations WHERE (room_id, user_id) IN (
	SELECT room_id, user_id FROM room_invitations WHERE user_id = ?1 LIMIT ?2);

-- name: erase_invited
DELETE FROM room_invitations WHERE (room_id, user_id) IN (
	SELECT room_id, user_id FROM room_invitations WHERE invited_by = ?1 LIMIT ?2);

-- name: erase_bans
DELETE FROM room_bans WHERE (room_id, user_id) IN (
	SELECT room_id, user_id FROM room_bans WHERE user_id = ?1 LIMIT ?2);

-- name: erase_banned
UPDATE room_bans SET banned_by = NULL WHERE (room_id, user_id) IN (
	SELECT room_id, user_id FROM room_bans WHERE banned_by = ?1 LIMIT ?2);

-- name: erase_created
UPDATE chat_rooms SET created_by = NULL WHERE id IN (
	SELECT id FROM chat_rooms WHERE created_by = ?1 LIMIT ?2);

-- name: erase_participants
DELETE FROM room_participants WHERE id IN (
	SELECT id FROM room_participants WHERE user_id = ?1 LIMIT ?2);

-- name: erase_presence
DELETE FROM user_presence WHERE id IN (SELECT id FROM user_presence WHERE user_id = ?1 LIMIT ?2);

-- name: erase_connected
DELETE FROM connected_users WHERE (user_id, instance) IN (
	SELECT user_id, instance FROM connected_users WHERE user_id = ?1 LIMIT ?2);

-- name: erase_days
DELETE FROM user_days WHERE (user_id, day) IN (
	SELECT user_id, day FROM user_days WHERE user_id = ?1 LIMIT ?2);

-- name: erase_counts
DELETE FROM user_counts WHERE user_id = ?1 AND ?2 > 0;

-- name: erase_keys
DELETE FROM idempotency_keys WHERE id IN (
	SELECT id FROM idempotency_keys WHERE user_id = ?1 LIMIT ?2);

-- Keys of others, with an answer that names the user.
-- name: erase_keys_naming
DELETE FROM idempotency_keys WHERE id IN (
	SELECT id FROM idempotency_keys WHERE other_id = ?1 LIMIT ?2);

-- What live clients were told of or by the user, but not that the user has gone: they may not have
-- heard of it yet.
-- name: erase_events
DELETE FROM realm_events WHERE pos IN (
	SELECT e.pos FROM realm_events e
	WHERE e.user_id = ?1 AND e.seq IS NULL
	  AND e.created_at < (SELECT u.erased_at FROM users u WHERE u.id = ?1) LIMIT ?2);

-- name: erase_events_between
DELETE FROM realm_events WHERE pos IN (
	SELECT pos FROM realm_events WHERE other_id = ?1 AND seq IS NULL LIMIT ?2);

-- --- the words of what was deleted ---

-- name: erase_apart
SELECT (SELECT min(segid) FROM knowledge_text_idx) <> (SELECT max(segid) FROM knowledge_text_idx);

-- name: erase_merge
INSERT INTO knowledge_text (knowledge_text, rank) VALUES ('merge', ?1);

-- In how many stages the index is merged, at ?1 pages each.
-- name: erase_merges
SELECT 4 + (SELECT count(*) FROM knowledge_text_data) / ?1;

-- name: erase_pending
SELECT 1 FROM users WHERE erasing <> 0 LIMIT 1;

-- name: erase_in_files
SELECT id FROM users WHERE erasing <> 0 AND erasing < 0 LIMIT 1;

-- name: erase_stage
UPDATE users SET erasing = ?2 WHERE id = ?1;
