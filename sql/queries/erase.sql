-- Erasing a user: see lib/realm/erase.h.

-- name: erase_possible :one
-- takes: user int
SELECT 1 FROM users WHERE id = :user AND erased_at IS NULL;

-- name: erase_user :exec
-- takes: user int, name text, now time
UPDATE users SET username = :name, email = '', email_key = '', pending = 0, password_hash = '', full_name = NULL, bio = NULL,
	role = 'user', is_active = 0, privacy_presence = 'nobody', privacy_relationships = 'nobody',
	privacy_network = 'nobody', privacy_contact = 'nobody', discoverable = 0, suspended_at = NULL, suspended_until = NULL,
	suspension_reason = NULL, updated_at = :now, erased_at = :now, erasing = 1
WHERE id = :user;

-- name: erase_next :one
-- gives: user int, stage int
SELECT id AS user, erasing AS stage FROM users WHERE erasing <> 0 AND erasing > 0 ORDER BY id LIMIT 1;

-- --- rows of the user, at most :limit at a time ---

-- name: erase_votes :exec
-- takes: user int, limit int
DELETE FROM knowledge_votes WHERE (knowledge_id, user_id) IN (
	SELECT knowledge_id, user_id FROM knowledge_votes WHERE user_id = :user LIMIT :limit);

-- name: erased_reaction :one
-- takes: user int
-- gives: room text, message text, key text, sender int
SELECT m.room_id AS room, x.message_id AS message, x.key, m.sender_id AS sender
FROM message_reactions x CROSS JOIN real_time_messages m ON m.id = x.message_id
WHERE x.user_id = :user ORDER BY x.message_id, x.key LIMIT 1;

-- name: erase_mentions :exec
-- takes: user int, limit int
DELETE FROM message_mentions WHERE (user_id, message_id) IN (
	SELECT user_id, message_id FROM message_mentions WHERE user_id = :user LIMIT :limit);

-- name: erase_knowledge :exec
-- takes: user int, limit int
DELETE FROM shared_knowledge WHERE id IN (
	SELECT id FROM shared_knowledge WHERE creator_id = :user LIMIT :limit);

-- name: erase_shares :exec
-- takes: user int, limit int
DELETE FROM knowledge_shares WHERE (knowledge_id, user_id, target) IN (
	SELECT knowledge_id, user_id, target FROM knowledge_shares WHERE user_id = :user LIMIT :limit);

-- name: erase_networks :exec
-- takes: user int, limit int
DELETE FROM login_networks WHERE (user_id, network) IN (
	SELECT user_id, network FROM login_networks WHERE user_id = :user LIMIT :limit);

-- The users who have a block with the erased user.
-- name: erased_blocks :each
-- takes: viewer int, limit int
-- gives: other int
SELECT user_id AS other FROM ({blocked_users}) LIMIT :limit;

-- name: erase_block :exec
-- takes: user int, other int
DELETE FROM user_relationships WHERE relationship_type = 'blocked'
	AND ((user_id = :user AND related_user_id = :other) OR (user_id = :other AND related_user_id = :user));

-- name: erase_relationships :exec
-- takes: user int, limit int
DELETE FROM user_relationships WHERE id IN (
	SELECT id FROM user_relationships WHERE user_id = :user LIMIT :limit);

-- name: erase_related :exec
-- takes: user int, limit int
DELETE FROM user_relationships WHERE id IN (
	SELECT id FROM user_relationships WHERE related_user_id = :user LIMIT :limit);

-- name: erase_authored :exec
-- takes: user int, limit int
DELETE FROM aeon_interactions WHERE id IN (
	SELECT id FROM aeon_interactions WHERE aeon_user_id = :user LIMIT :limit);

-- name: erase_targeted :exec
-- takes: user int, limit int
DELETE FROM aeon_interactions WHERE id IN (
	SELECT id FROM aeon_interactions WHERE target_aeon_user_id = :user LIMIT :limit);

-- name: erase_invitations :exec
-- takes: user int, limit int
DELETE FROM room_invitations WHERE (room_id, user_id) IN (
	SELECT room_id, user_id FROM room_invitations WHERE user_id = :user LIMIT :limit);

-- name: erase_invites :exec
-- takes: user int, limit int
DELETE FROM invites WHERE id IN (SELECT id FROM invites WHERE created_by = :user LIMIT :limit);

-- name: erase_bans :exec
-- takes: user int, limit int
DELETE FROM room_bans WHERE (room_id, user_id) IN (
	SELECT room_id, user_id FROM room_bans WHERE user_id = :user LIMIT :limit);

-- name: erase_banned :exec
-- takes: user int, limit int
UPDATE room_bans SET banned_by = NULL WHERE (room_id, user_id) IN (
	SELECT room_id, user_id FROM room_bans WHERE banned_by = :user LIMIT :limit);

-- name: erase_created :exec
-- takes: user int, limit int
UPDATE chat_rooms SET created_by = NULL WHERE id IN (
	SELECT id FROM chat_rooms WHERE created_by = :user LIMIT :limit);

-- name: erase_participants :exec
-- takes: user int, limit int
DELETE FROM room_participants WHERE id IN (
	SELECT id FROM room_participants WHERE user_id = :user LIMIT :limit);

-- name: erase_settings :exec
-- takes: user int, limit int
DELETE FROM user_settings WHERE user_id = :user AND :limit > 0;

-- name: erase_presence :exec
-- takes: user int, limit int
DELETE FROM user_presence WHERE id IN (SELECT id FROM user_presence WHERE user_id = :user LIMIT :limit);

-- name: erase_connected :exec
-- takes: user int, limit int
DELETE FROM connected_users WHERE (user_id, instance) IN (
	SELECT user_id, instance FROM connected_users WHERE user_id = :user LIMIT :limit);

-- name: erase_days :exec
-- takes: user int, limit int
DELETE FROM user_days WHERE (user_id, day) IN (
	SELECT user_id, day FROM user_days WHERE user_id = :user LIMIT :limit);

-- name: erase_counts :exec
-- takes: user int, limit int
DELETE FROM user_counts WHERE user_id = :user AND :limit > 0;

-- name: erase_keys :exec
-- takes: user int, limit int
DELETE FROM idempotency_keys WHERE id IN (SELECT id FROM idempotency_keys WHERE user_id = :user LIMIT :limit);

-- name: erase_former_texts :exec
-- takes: user int, limit int
DELETE FROM former_texts WHERE (message_id, replaced_at) IN (
	SELECT message_id, replaced_at FROM former_texts WHERE sender_id = :user LIMIT :limit);

-- name: erase_taken_changes :exec
-- takes: user int, limit int
DELETE FROM taken_changes WHERE id IN (SELECT id FROM taken_changes WHERE user_id = :user LIMIT :limit);

-- Answers to others that name the user.
-- name: erase_keys_naming :exec
-- takes: user int, limit int
DELETE FROM idempotency_keys WHERE id IN (SELECT id FROM idempotency_keys WHERE other_id = :user LIMIT :limit);

-- Events that live clients got about the user, but not the events that say that the user has gone:
-- clients may not have read these yet.
-- name: erase_events :exec
-- takes: user int, limit int
DELETE FROM realm_events WHERE pos IN (
	SELECT e.pos FROM realm_events e
	WHERE e.user_id = :user AND e.seq IS NULL
	  AND e.created_at < (SELECT u.erased_at FROM users u WHERE u.id = :user) LIMIT :limit);

-- name: erase_events_between :exec
-- takes: user int, limit int
DELETE FROM realm_events WHERE pos IN (
	SELECT pos FROM realm_events WHERE other_id = :user AND seq IS NULL LIMIT :limit);

-- Actions of the user stay in the audit log, without an address and a text.
-- name: erase_audit :exec
-- takes: user int, limit int
UPDATE audit_log SET address = NULL, network = NULL, detail = NULL
WHERE id IN (SELECT id FROM audit_log WHERE actor_id = :user
               AND (address IS NOT NULL OR network IS NOT NULL OR detail IS NOT NULL) LIMIT :limit);

-- Actions of others on the account stay without a text, and failed logins to it without an address.
-- name: erase_audit_about :exec
-- takes: user int, limit int
UPDATE audit_log SET detail = NULL,
	address = CASE WHEN actor_id IS NOT NULL THEN address END,
	network = CASE WHEN actor_id IS NOT NULL THEN network END
WHERE id IN (SELECT id FROM audit_log WHERE kind = 'user' AND object = CAST(:user AS TEXT)
               AND (detail IS NOT NULL OR (actor_id IS NULL AND address IS NOT NULL)) LIMIT :limit);

-- Removed content cannot be restored without its author.
-- name: erase_removals :exec
-- takes: user int, limit int
DELETE FROM removals WHERE id IN (
	SELECT id FROM removals WHERE author_id = :user AND kind <> 'room' LIMIT :limit);

-- name: erase_removals_to :exec
-- takes: user int, limit int
DELETE FROM removals WHERE id IN (SELECT id FROM removals WHERE other_id = :user LIMIT :limit);

-- name: erase_removed_rooms :exec
-- takes: user int, limit int
UPDATE removals SET author_id = NULL WHERE id IN (
	SELECT id FROM removals WHERE author_id = :user LIMIT :limit);

-- name: erase_removed_by :exec
-- takes: user int, limit int
UPDATE removals SET removed_by = NULL WHERE id IN (
	SELECT id FROM removals WHERE removed_by = :user LIMIT :limit);

-- name: erase_removed_votes :exec
-- takes: user int, limit int
DELETE FROM removed_votes WHERE (removal_id, user_id) IN (
	SELECT removal_id, user_id FROM removed_votes WHERE user_id = :user LIMIT :limit);

-- name: erase_removed_shares :exec
-- takes: user int, limit int
DELETE FROM removed_shares WHERE (removal_id, user_id, target) IN (
	SELECT removal_id, user_id, target FROM removed_shares WHERE user_id = :user LIMIT :limit);

-- name: erase_content_removal :exec
-- takes: user int, limit int
DELETE FROM content_removals WHERE user_id = :user AND :limit > 0;

-- name: erase_content_removal_by :exec
-- takes: user int, limit int
UPDATE content_removals SET removed_by = NULL WHERE user_id IN (
	SELECT user_id FROM content_removals WHERE removed_by = :user LIMIT :limit);

-- name: erase_reports :exec
-- takes: user int, limit int
DELETE FROM reports WHERE id IN (SELECT id FROM reports WHERE reporter_id = :user LIMIT :limit);

-- name: erase_reports_about :exec
-- takes: user int, limit int
DELETE FROM reports WHERE id IN (SELECT id FROM reports WHERE author_id = :user LIMIT :limit);

-- name: erase_reports_taken :exec
-- takes: user int, limit int
UPDATE reports SET assignee_id = NULL WHERE id IN (
	SELECT id FROM reports WHERE assignee_id = :user LIMIT :limit);

-- name: erase_twin :exec
-- takes: user int, limit int
DELETE FROM twins WHERE user_id = :user AND :limit > 0;

-- name: erase_room_twins :exec
-- takes: user int, limit int
DELETE FROM room_twins WHERE (room_id, user_id) IN (
	SELECT room_id, user_id FROM room_twins WHERE user_id = :user LIMIT :limit);

-- name: erase_memories :exec
-- takes: user int, limit int
DELETE FROM twin_memories WHERE id IN (
	SELECT id FROM twin_memories WHERE owner_id = :user LIMIT :limit);

-- The texts go before the conversation, which may have many.
-- name: erase_chat :exec
-- takes: user int, limit int
DELETE FROM twin_chat WHERE id IN (
	SELECT l.id FROM twin_conversations v JOIN twin_chat l ON l.conversation_id = v.id
	WHERE v.owner_id = :user LIMIT :limit);

-- name: erase_conversations :exec
-- takes: user int, limit int
DELETE FROM twin_conversations WHERE id IN (
	SELECT id FROM twin_conversations WHERE owner_id = :user LIMIT :limit);

-- Turns of other twins that answered the user stay: what they post has sources that may be forgotten.
-- name: erase_turns :exec
-- takes: user int, limit int
DELETE FROM twin_turns WHERE id IN (
	SELECT id FROM twin_turns WHERE twin_id = :user LIMIT :limit);

-- name: erase_learning :exec
-- takes: user int, limit int
DELETE FROM learning WHERE (kind, source) IN (
	SELECT kind, source FROM learning WHERE owner_id = :user LIMIT :limit);

-- name: erase_calls :exec
-- takes: user int, limit int
DELETE FROM twin_calls WHERE id IN (
	SELECT id FROM twin_calls WHERE twin_id = :user LIMIT :limit);

-- name: erase_calls_asked :exec
-- takes: user int, limit int
DELETE FROM twin_calls WHERE id IN (
	SELECT id FROM twin_calls WHERE asker_id = :user LIMIT :limit);

-- name: erase_spend :exec
-- takes: user int, limit int
DELETE FROM twin_spend WHERE (scope, key, day) IN (
	SELECT scope, key, day FROM twin_spend WHERE scope IN ('twin', 'asker') AND key = :user LIMIT :limit);

-- name: erase_path_questions :exec
-- takes: user int, limit int
DELETE FROM path_questions WHERE id IN (
	SELECT id FROM path_questions WHERE viewer_id = :user LIMIT :limit);

-- name: erase_path_questions_to :exec
-- takes: user int, limit int
DELETE FROM path_questions WHERE id IN (
	SELECT id FROM path_questions WHERE target_id = :user LIMIT :limit);

-- name: erase_search_vectors :exec
-- takes: user int, limit int
DELETE FROM search_vectors WHERE id IN (
	SELECT id FROM search_vectors WHERE owner_id = :user LIMIT :limit);

-- --- deleted words in the search index ---

-- name: erase_apart :one
-- gives: apart bool?
-- engine: sqlite
SELECT (SELECT min(segid) FROM knowledge_text_idx) <> (SELECT max(segid) FROM knowledge_text_idx)
       AS apart;

-- name: erase_merge :exec
-- takes: pages int
-- engine: sqlite
INSERT INTO knowledge_text (knowledge_text, rank) VALUES ('merge', :pages);

-- In how many steps the index is merged, with :pages pages each.
-- name: erase_merges :one
-- takes: pages int
-- gives: stages int
-- engine: sqlite
SELECT 4 + (SELECT count(*) FROM knowledge_text_data) / :pages AS stages;

-- What the files of the database may still hold: an erased user (0: none), and texts that were deleted or
-- changed, if they were not cleared since :before.
-- name: erase_in_files :one
-- takes: before time
-- gives: user int, texts int
SELECT coalesce(e.id, 0) AS user, f.texts
FROM forgotten f
LEFT JOIN (SELECT id FROM users WHERE erasing <> 0 AND erasing < 0 LIMIT 1) e ON true
WHERE f.id = 1 AND (e.id IS NOT NULL OR (f.texts > f.cleared AND f.cleared_at < :before));

-- Content of a text has gone that no trigger of the texts knows, such as an answer of a twin.
-- name: forgotten_note :exec
UPDATE forgotten SET texts = texts + 1 WHERE id = 1;

-- name: forgotten_cleared :exec
-- takes: texts int, now time
UPDATE forgotten SET cleared = :texts, cleared_at = :now WHERE id = 1;

-- name: erase_stage :exec
-- takes: user int, stage int
UPDATE users SET erasing = :stage WHERE id = :user;
