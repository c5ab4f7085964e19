-- Everything about the viewer, page by page: see lib/realm/export.c.
--
-- A page begins behind the key of the last row before it: below :before, an id; or above :after, all
-- columns of the primary key with '/' between them, in the order of an index. So each row has a key of
-- its own, and a page costs as much as its rows.

-- name: export_account :page user
-- takes: viewer int, before int, limit int
SELECT other.id, other.username, other.email, {user_about}, 0 AS page_key
FROM users other WHERE other.id = :viewer AND :before > 0 LIMIT :limit;

-- name: export_settings :page user_settings
-- takes: viewer int, before int, limit int
SELECT settings, updated_at, 0 AS page_key
FROM user_settings WHERE user_id = :viewer AND 0 < :before LIMIT :limit;

-- name: export_privacy :page privacy
-- takes: viewer int, before int, limit int
SELECT privacy_presence AS presence, privacy_relationships AS relationships,
       privacy_network AS network, privacy_contact AS contact, discoverable, 0 AS page_key
FROM users WHERE id = :viewer AND :before > 0 LIMIT :limit;

-- name: export_sessions :page session
-- takes: viewer int, before int, limit int
SELECT id, client, created_at, expires_at, 0 AS is_current, id AS page_key FROM sessions
WHERE user_id = :viewer AND id < :before ORDER BY id DESC LIMIT :limit;

-- name: export_networks :page exported_network
-- takes: viewer int, after text, limit int
SELECT network, last_login, network AS page_key FROM login_networks
WHERE user_id = :viewer AND network > :after ORDER BY network LIMIT :limit;

-- name: export_presence :page exported_presence
-- takes: viewer int, before int, limit int
SELECT status, last_seen, current_room, id AS page_key FROM user_presence
WHERE user_id = :viewer AND id < :before ORDER BY id DESC LIMIT :limit;

-- name: export_memberships :page exported_membership
-- takes: viewer int, before int, limit int
SELECT m.room_id, CASE WHEN r.removed_at IS NULL THEN {room_name} ELSE '' END AS name, m.role, m.joined_at, m.is_active, m.read_seq, m.muted_until,
       m.notify, m.id AS page_key
FROM room_participants m JOIN chat_rooms r ON r.id = m.room_id
WHERE m.user_id = :viewer AND m.id < :before ORDER BY m.id DESC LIMIT :limit;

-- name: export_invitations :page exported_invitation
-- takes: viewer int, after text, limit int
SELECT room_id, user_id, invited_by, created_at, room_id || '/' || user_id AS page_key
FROM room_invitations
WHERE user_id = :viewer
  AND (room_id, user_id) > (substr(:after, 1, 36), CAST(substr(:after, 38) AS INTEGER))
UNION ALL
SELECT room_id, user_id, invited_by, created_at, room_id || '/' || user_id AS page_key
FROM room_invitations
WHERE invited_by = :viewer AND user_id <> :viewer
  AND (room_id, user_id) > (substr(:after, 1, 36), CAST(substr(:after, 38) AS INTEGER))
ORDER BY 1, 2 LIMIT :limit;

-- name: export_invites :page invite
-- takes: viewer int, before int, limit int
SELECT id, created_by, created_at, expires_at, uses, used, room_id, NULL AS code FROM invites
WHERE created_by = :viewer AND id < :before ORDER BY id DESC LIMIT :limit;

-- name: export_bans :page exported_ban
-- takes: viewer int, after text, limit int
SELECT room_id, user_id, CASE WHEN banned_by = :viewer THEN banned_by END AS banned_by, created_at,
       room_id || '/' || user_id AS page_key
FROM room_bans
WHERE user_id = :viewer
  AND (room_id, user_id) > (substr(:after, 1, 36), CAST(substr(:after, 38) AS INTEGER))
UNION ALL
SELECT room_id, user_id, banned_by, created_at, room_id || '/' || user_id AS page_key
FROM room_bans
WHERE banned_by = :viewer AND user_id <> :viewer
  AND (room_id, user_id) > (substr(:after, 1, 36), CAST(substr(:after, 38) AS INTEGER))
ORDER BY 1, 2 LIMIT :limit;

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
-- takes: viewer int, after text, limit int
SELECT knowledge_id, target, created_at, knowledge_id || '/' || target AS page_key
FROM knowledge_shares
WHERE user_id = :viewer
  AND (knowledge_id, target) > (CAST(:after AS INTEGER), substr(:after, instr(:after, '/') + 1))
ORDER BY knowledge_id, target LIMIT :limit;

-- name: export_reactions :page exported_reaction
-- takes: viewer int, after text, limit int
SELECT message_id, key, created_at, message_id || '/' || key AS page_key FROM message_reactions
WHERE user_id = :viewer AND (message_id, key) > (substr(:after, 1, 36), substr(:after, 38))
ORDER BY message_id, key LIMIT :limit;

-- name: export_former_texts :page exported_former_text
-- takes: viewer int, after text, limit int
SELECT message_id, content, replaced_at, message_id || '/' || replaced_at AS page_key FROM former_texts
WHERE sender_id = :viewer
  AND (message_id, replaced_at) > (substr(:after, 1, 36), CAST(substr(:after, 38) AS INTEGER))
ORDER BY message_id, replaced_at LIMIT :limit;

-- Of messages that the viewer may read now.
-- name: export_mentions :page exported_mention
-- takes: viewer int, after text, limit int
SELECT x.message_id, x.room_id, x.message_id AS page_key FROM message_mentions x
CROSS JOIN real_time_messages s ON s.id = x.message_id
CROSS JOIN chat_rooms r ON r.id = s.room_id
CROSS JOIN users other ON other.id = s.sender_id
WHERE x.user_id = :viewer AND x.message_id > :after AND s.deleted_at IS NULL
  AND {room_readable} AND {other_not_blocked}
ORDER BY x.message_id LIMIT :limit;

-- name: export_interactions :page interaction
-- takes: viewer int, before int, limit int
SELECT {interaction_columns} FROM aeon_interactions i
CROSS JOIN users author ON author.id = i.aeon_user_id
CROSS JOIN users target ON target.id = i.target_aeon_user_id
WHERE i.aeon_user_id = :viewer AND i.id < :before AND {interaction_visible}
UNION ALL
SELECT {interaction_columns} FROM aeon_interactions i
CROSS JOIN users author ON author.id = i.aeon_user_id
CROSS JOIN users target ON target.id = i.target_aeon_user_id
WHERE i.target_aeon_user_id = :viewer AND i.id < :before AND {interaction_visible}
ORDER BY 1 DESC LIMIT :limit;

-- name: export_days :page day
-- takes: viewer int, before int, limit int
SELECT date(day * 86400, 'unixepoch') AS day, messages, votes, knowledge, interactions, day AS page_key
FROM user_days WHERE user_id = :viewer AND user_days.day < :before ORDER BY user_days.day DESC LIMIT :limit;

-- Actions of the viewer, and actions of others on the account, without their addresses.
-- name: export_audit :page exported_audit
-- takes: viewer int, before int, limit int
SELECT action, CASE WHEN actor_id = :viewer THEN actor_id END AS actor_id,
       CASE WHEN actor_id = :viewer THEN address END AS address, kind, object, detail, times,
       created_at, id AS page_key
FROM audit_log
WHERE (actor_id = :viewer OR (kind = 'user' AND object = CAST(:viewer AS TEXT))) AND id < :before
ORDER BY id DESC LIMIT :limit;

-- Content of the viewer that an administrator has removed, for as long as it is kept.
-- name: export_removals :page exported_removal
-- takes: viewer int, before int, limit int
SELECT kind, object, reason, removed_at, CASE WHEN author_id = :viewer AND kind <> 'room' THEN content END AS content, author_id,
       CASE WHEN removed_by = :viewer THEN removed_by END AS removed_by, other_id, id AS page_key
FROM removals WHERE :viewer IN (author_id, removed_by, other_id) AND id < :before
ORDER BY id DESC LIMIT :limit;

-- name: export_reports :page exported_report
-- takes: viewer int, before int, limit int
SELECT {report_columns}, CASE WHEN p.reporter_id = :viewer THEN p.reporter_id END AS reporter_id,
       CASE WHEN p.assignee_id = :viewer THEN p.assignee_id END AS assignee_id, p.id AS page_key
FROM reports p WHERE :viewer IN (p.reporter_id, p.assignee_id) AND p.id < :before
ORDER BY p.id DESC LIMIT :limit;

-- name: export_twin :page twin
-- takes: viewer int, before int, limit int
SELECT {twin_columns}, 0 AS page_key FROM twins t JOIN users u ON u.id = t.user_id
WHERE t.user_id = :viewer AND :before > 0 LIMIT :limit;

-- name: export_twin_rooms :page exported_twin_room
-- takes: viewer int, after text, limit int
SELECT x.room_id, x.added_at, x.room_id AS page_key FROM room_twins x
CROSS JOIN room_participants m ON m.room_id = x.room_id AND m.user_id = x.user_id
WHERE x.user_id = :viewer AND x.room_id > :after AND m.is_active = 1 ORDER BY x.room_id LIMIT :limit;

-- name: export_memories :page memory
-- takes: viewer int, before int, limit int
SELECT {memory_columns}, m.id AS page_key FROM twin_memories m
WHERE m.owner_id = :viewer AND m.id < :before ORDER BY m.id DESC LIMIT :limit;

-- name: export_conversations :page conversation_summary
-- takes: viewer int, after text, limit int
SELECT v.id, v.messages AS message_count, v.created_at, v.updated_at, v.id AS page_key
FROM twin_conversations v WHERE v.owner_id = :viewer AND v.id > :after ORDER BY v.id LIMIT :limit;

-- name: export_chat :page chat_line
-- takes: viewer int, after text, limit int
SELECT {chat_line_columns}, l.conversation_id || '/' || l.id AS page_key
FROM twin_conversations v JOIN twin_chat l ON l.conversation_id = v.id
WHERE v.owner_id = :viewer
  AND (v.id, l.id) > (substr(:after, 1, 36), CAST(substr(:after, 38) AS INTEGER))
ORDER BY v.id, l.id LIMIT :limit;

-- name: export_turns :page turn
-- takes: viewer int, before int, limit int
SELECT {turn_columns}, t.id AS page_key FROM twin_turns t JOIN users other ON other.id = t.asker_id
WHERE t.twin_id = :viewer AND t.id < :before ORDER BY t.id DESC LIMIT :limit;

-- name: export_twin_calls :page exported_twin_call
-- takes: viewer int, before int, limit int
SELECT c.turn_id, c.provider, c.model, c.reserved, c.spent, c.created_at, c.id AS page_key FROM twin_calls c
WHERE c.twin_id = :viewer AND c.id < :before ORDER BY c.id DESC LIMIT :limit;

-- Rooms that the viewer is or was in: only they can have messages of the viewer.
-- name: export_rooms :each
-- takes: viewer int
-- gives: room text, last int
SELECT m.room_id AS room, r.last_seq AS last
FROM room_participants m JOIN chat_rooms r ON r.id = m.room_id WHERE m.user_id = :viewer;

-- The messages in a part of a room's log: behind :from, to :before.
-- name: export_messages :page message
-- takes: viewer int, room text, from int, before int, limit int
SELECT {message_columns}, m.seq AS page_key FROM real_time_messages m JOIN users other ON other.id = m.sender_id
WHERE m.room_id = :room AND m.seq > :from AND m.seq < :before AND m.sender_id = :viewer
ORDER BY m.seq DESC LIMIT :limit;
