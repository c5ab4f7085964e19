-- Removal and restoring by administrators of the realm: see lib/realm/removal.h.

-- The thing, its author, and whether the viewer may moderate it. A room's author is its owner.
-- name: thing_for_moderation :one
-- takes: viewer int, kind text, object text
-- gives: author int?, room text?, allowed bool
SELECT t.author, t.room,
       t.author IS NULL OR EXISTS (SELECT 1 FROM users other WHERE other.id = t.author AND {may_moderate})
         AS allowed
FROM (
	SELECT {room_owner} AS author, r.id AS room FROM chat_rooms r
	WHERE :kind = 'room' AND r.id = :object AND r.deleted_at IS NULL AND r.removed_at IS NULL
	UNION ALL
	SELECT m.sender_id, m.room_id FROM real_time_messages m JOIN chat_rooms r ON r.id = m.room_id
	WHERE :kind = 'message' AND m.id = :object AND m.deleted_at IS NULL
	  AND r.deleted_at IS NULL AND r.removed_at IS NULL
	UNION ALL
	SELECT k.creator_id, NULL FROM shared_knowledge k
	WHERE :kind = 'knowledge' AND k.id = CAST(:object AS INTEGER) AND CAST(k.id AS TEXT) = :object
	UNION ALL
	SELECT i.aeon_user_id, NULL FROM aeon_interactions i
	WHERE :kind = 'interaction' AND i.id = CAST(:object AS INTEGER) AND CAST(i.id AS TEXT) = :object
) t;

-- The thing, if the viewer may see it, and its author; of an own interaction the user who responded.
-- name: thing_visible :one
-- takes: viewer int, kind text, object text
-- gives: author int?
SELECT {room_owner} AS author FROM chat_rooms r
WHERE :kind = 'room' AND r.id = :object AND {room_visible}
UNION ALL
SELECT m.sender_id FROM real_time_messages m
JOIN chat_rooms r ON r.id = m.room_id
JOIN users other ON other.id = m.sender_id
WHERE :kind = 'message' AND m.id = :object AND m.deleted_at IS NULL AND {room_readable}
  AND {other_not_blocked}
UNION ALL
SELECT k.creator_id FROM shared_knowledge k JOIN users other ON other.id = k.creator_id
WHERE :kind = 'knowledge' AND k.id = CAST(:object AS INTEGER) AND CAST(k.id AS TEXT) = :object
  AND {knowledge_visible}
UNION ALL
SELECT CASE WHEN i.aeon_user_id = :viewer AND i.response_content IS NOT NULL
            THEN i.target_aeon_user_id ELSE i.aeon_user_id END
FROM aeon_interactions i
WHERE :kind = 'interaction' AND i.id = CAST(:object AS INTEGER) AND CAST(i.id AS TEXT) = :object
  AND {interaction_visible}
UNION ALL
SELECT other.id FROM users other
WHERE :kind = 'user' AND other.id = CAST(:object AS INTEGER) AND CAST(other.id AS TEXT) = :object
  AND other.is_active = 1 AND {other_not_blocked};

-- name: removal_list :page removal
-- takes: kind text, before int, limit int
SELECT v.id, v.kind, v.object, v.room_id, v.author_id, author.username AS author_name,
       author.full_name AS author_full_name, v.removed_by, remover.username AS remover_name,
       remover.full_name AS remover_full_name, v.removed_at, v.reason, v.content
FROM removals v
LEFT JOIN users author ON author.id = v.author_id
LEFT JOIN users remover ON remover.id = v.removed_by
WHERE v.id < :before AND (:kind IS NULL OR v.kind = :kind)
ORDER BY v.id DESC LIMIT :limit;

-- The removal of that thing, and whether the viewer may moderate its author.
-- name: removal_for_restore :one
-- takes: viewer int, kind text, object text
-- gives: id int, author int?, room text?, allowed bool
SELECT v.id, v.author_id AS author, v.room_id AS room,
       v.author_id IS NULL OR EXISTS (SELECT 1 FROM users other
                                      WHERE other.id = v.author_id AND {may_moderate}) AS allowed
FROM removals v WHERE v.kind = :kind AND v.object = :object;

-- name: removal_delete :exec
-- takes: id int
DELETE FROM removals WHERE id = :id;

-- --- removing ---

-- name: remove_room :insert
-- takes: object text, author int, by int, reason text, now time
-- gives: id int
INSERT INTO removals (kind, object, room_id, author_id, removed_by, reason, removed_at, content)
SELECT 'room', r.id, r.id, nullif(:author, 0), nullif(:by, 0), :reason, :now,
       json_object('name', r.name, 'description', r.description, 'topic', r.topic, 'is_public', r.is_public)
FROM chat_rooms r WHERE r.id = :object;

-- name: room_remember_members :exec
-- takes: room text
UPDATE room_participants SET returns = 1 WHERE room_id = :room AND is_active = 1;

-- name: room_hide :exec
-- takes: room text, now time
UPDATE chat_rooms SET is_public = 0, current_participants = 0, removed_at = :now WHERE id = :room;

-- What a twin said is not kept, and so cannot be restored: nobody could forget what it was made from.
-- name: remove_message :insert
-- takes: object text, by int, reason text, now time
-- gives: id int
INSERT INTO removals (kind, object, room_id, author_id, removed_by, reason, removed_at, content)
SELECT 'message', m.id, m.room_id, m.sender_id, nullif(:by, 0), :reason, :now,
       json_object('content', CASE WHEN m.turn_id IS NULL THEN m.content ELSE '' END, 'meta_data', json(m.meta_data),
                   'knowledge_id', m.knowledge_id)
FROM real_time_messages m WHERE m.id = :object;

-- name: message_hide :exec
-- takes: message text, now time
UPDATE real_time_messages
SET content = '', meta_data = NULL, deleted_at = :now, removed_at = :now, pinned_at = NULL
WHERE id = :message;

-- name: remove_knowledge :insert
-- takes: object text, by int, reason text, now time
-- gives: id int
INSERT INTO removals (kind, object, author_id, removed_by, reason, removed_at, content)
SELECT 'knowledge', CAST(k.id AS TEXT), k.creator_id, nullif(:by, 0), :reason, :now,
       json_object('title', k.title, 'content', k.content, 'knowledge_type', k.knowledge_type, 'tags', json(k.tags),
                   'visibility', k.visibility, 'created_at', k.created_at, 'updated_at', k.updated_at,
                   'meta_data', json(k.meta_data))
FROM shared_knowledge k WHERE k.id = CAST(:object AS INTEGER);

-- name: remove_votes :exec
-- takes: id int, object text
INSERT INTO removed_votes (removal_id, user_id, value, created_at)
SELECT :id, user_id, value, created_at FROM knowledge_votes WHERE knowledge_id = CAST(:object AS INTEGER);

-- name: remove_shares :exec
-- takes: id int, object text
INSERT INTO removed_shares (removal_id, user_id, target, created_at)
SELECT :id, user_id, target, created_at FROM knowledge_shares WHERE knowledge_id = CAST(:object AS INTEGER);

-- name: knowledge_take_away :exec
-- takes: object text
DELETE FROM shared_knowledge WHERE id = CAST(:object AS INTEGER);

-- name: remove_interaction :insert
-- takes: object text, by int, reason text, now time
-- gives: id int
INSERT INTO removals (kind, object, author_id, other_id, removed_by, reason, removed_at, content)
SELECT 'interaction', CAST(i.id AS TEXT), i.aeon_user_id, i.target_aeon_user_id, nullif(:by, 0), :reason,
       :now,
       json_object('interaction_type', i.interaction_type,
                   'content', CASE WHEN i.turn_id IS NULL THEN i.content ELSE '' END, 'context', json(i.context),
                   'created_at', i.created_at, 'response_content', CASE WHEN i.response_turn_id IS NULL THEN i.response_content END,
                   'response_at', CASE WHEN i.response_turn_id IS NULL THEN i.response_at END, 'is_public', i.is_public, 'parent_id', i.parent_id,
                   'responded_by', CASE WHEN i.response_turn_id IS NULL THEN i.responded_by END, 'meta_data', json(i.meta_data),
                   'children', (SELECT json_group_array(c.id) FROM aeon_interactions c
                                WHERE c.parent_id = i.id))
FROM aeon_interactions i WHERE i.id = CAST(:object AS INTEGER);

-- name: interaction_take_away :exec
-- takes: object text
DELETE FROM aeon_interactions WHERE id = CAST(:object AS INTEGER);

-- --- restoring ---

-- name: restore_room :exec
-- takes: id int
UPDATE chat_rooms SET removed_at = NULL,
	is_public = (SELECT json_extract(v.content, '$.is_public') FROM removals v WHERE v.id = :id),
	current_participants = (SELECT count(*) FROM room_participants m
	                        WHERE m.room_id = chat_rooms.id AND m.returns = 1)
WHERE id = (SELECT v.object FROM removals v WHERE v.id = :id);

-- name: room_return_members :exec
-- takes: room text
UPDATE room_participants SET is_active = 1, returns = 0 WHERE room_id = :room AND returns = 1;

-- One event for each member. `for_room`: about the member, to the room; else to the member.
-- name: room_tell_restored :exec
-- takes: kind text, subject text, room text, for_room bool, now time
INSERT INTO realm_events (kind, subject, room_id, user_id, created_at, data)
SELECT :kind, :subject, CASE WHEN :for_room = 1 THEN room_id END, user_id, :now,
       json_object('room_id', room_id)
FROM room_participants WHERE room_id = :room AND is_active = 1;

-- Changes nothing when the message is gone, or a twin has written it.
-- name: restore_message :exec
-- takes: id int
UPDATE real_time_messages SET deleted_at = NULL, removed_at = NULL,
	content = (SELECT json_extract(v.content, '$.content') FROM removals v WHERE v.id = :id),
	meta_data = (SELECT json_extract(v.content, '$.meta_data') FROM removals v WHERE v.id = :id)
WHERE id = (SELECT v.object FROM removals v WHERE v.id = :id) AND turn_id IS NULL;

-- name: restore_knowledge :exec
-- takes: id int
INSERT INTO shared_knowledge (id, creator_id, title, content, knowledge_type, tags, visibility, created_at,
                              updated_at, meta_data)
SELECT CAST(v.object AS INTEGER), v.author_id, json_extract(v.content, '$.title'), json_extract(v.content, '$.content'),
       json_extract(v.content, '$.knowledge_type'), json_extract(v.content, '$.tags'),
       json_extract(v.content, '$.visibility'), json_extract(v.content, '$.created_at'),
       json_extract(v.content, '$.updated_at'), json_extract(v.content, '$.meta_data')
FROM removals v WHERE v.id = :id;

-- name: restore_tag_names :exec
-- takes: id int
INSERT INTO tags (name)
SELECT t.value FROM removals v, json_each(v.content, '$.tags') t WHERE v.id = :id
ON CONFLICT (name) DO NOTHING;

-- name: restore_tags :exec
-- takes: id int
INSERT INTO knowledge_tags (knowledge_id, tag_id, score, usefulness)
SELECT CAST(v.object AS INTEGER), g.id, 0, 0
FROM removals v, json_each(v.content, '$.tags') t, tags g WHERE v.id = :id AND g.name = t.value;

-- name: restore_votes :exec
-- takes: id int
INSERT INTO knowledge_votes (knowledge_id, user_id, value, created_at)
SELECT CAST(v.object AS INTEGER), x.user_id, x.value, x.created_at
FROM removals v JOIN removed_votes x ON x.removal_id = v.id WHERE v.id = :id;

-- name: restore_shares :exec
-- takes: id int
INSERT INTO knowledge_shares (knowledge_id, user_id, target, created_at)
SELECT CAST(v.object AS INTEGER), x.user_id, x.target, x.created_at
FROM removals v JOIN removed_shares x ON x.removal_id = v.id WHERE v.id = :id;

-- The triggers counted a restored thing already when it was made.
-- name: restore_day :exec
-- takes: id int
UPDATE user_days SET
	knowledge = knowledge - (SELECT v.kind = 'knowledge' FROM removals v WHERE v.id = :id),
	interactions = interactions - (SELECT v.kind = 'interaction' FROM removals v WHERE v.id = :id)
WHERE (user_id, day) = (SELECT v.author_id, json_extract(v.content, '$.created_at') / 86400000000
                        FROM removals v WHERE v.id = :id);

-- name: restore_vote_days :exec
-- takes: id int
UPDATE user_days SET votes = votes - 1
WHERE (user_id, day) IN (SELECT x.user_id, x.created_at / 86400000000 FROM removed_votes x
                         WHERE x.removal_id = :id);

-- name: restore_interaction :exec
-- takes: id int
INSERT INTO aeon_interactions (id, aeon_user_id, target_aeon_user_id, interaction_type, content, context,
                               created_at, response_content, response_at, is_public, parent_id,
                               responded_by, meta_data)
SELECT CAST(v.object AS INTEGER), v.author_id, v.other_id, json_extract(v.content, '$.interaction_type'),
       json_extract(v.content, '$.content'), json_extract(v.content, '$.context'),
       json_extract(v.content, '$.created_at'), json_extract(v.content, '$.response_content'),
       json_extract(v.content, '$.response_at'), json_extract(v.content, '$.is_public'),
       (SELECT p.id FROM aeon_interactions p WHERE p.id = json_extract(v.content, '$.parent_id')),
       json_extract(v.content, '$.responded_by'), json_extract(v.content, '$.meta_data')
FROM removals v WHERE v.id = :id AND json_extract(v.content, '$.content') <> '';

-- name: restore_children :exec
-- takes: id int
UPDATE aeon_interactions SET parent_id = (SELECT CAST(v.object AS INTEGER) FROM removals v WHERE v.id = :id)
WHERE parent_id IS NULL AND id IN (SELECT c.value FROM removals v, json_each(v.content, '$.children') c
                                   WHERE v.id = :id);

-- --- for good ---

-- A removed room is deleted like any other, and its members have known that since it was removed. The members of a
-- direct room may open a new one.
-- name: removed_rooms_delete :exec
-- takes: before time
UPDATE chat_rooms SET deleted_at = removed_at, removed_at = NULL, members_key = NULL WHERE removed_at < :before;

-- name: removals_prune :exec
-- takes: before time, limit int
DELETE FROM removals
WHERE id IN (SELECT id FROM removals WHERE removed_at < :before ORDER BY removed_at LIMIT :limit);

-- --- everything that an account said, step by step ---

-- name: content_removal_begin :exec
-- takes: user int, by int, reason text, now time
INSERT INTO content_removals (user_id, removed_by, reason, created_at)
VALUES (:user, nullif(:by, 0), :reason, :now)
ON CONFLICT (user_id) DO UPDATE SET removed_by = excluded.removed_by, reason = excluded.reason,
	created_at = excluded.created_at, room_id = '', seq = 0;

-- name: content_removal_next :one
-- gives: user int, by int?, reason text, before time, room text, seq int
SELECT user_id AS user, removed_by AS by, reason, created_at AS before, room_id AS room, seq
FROM content_removals ORDER BY user_id LIMIT 1;

-- name: content_removal_knowledge :each
-- takes: user int, before time, limit int
-- gives: id text
SELECT CAST(id AS TEXT) AS id FROM shared_knowledge
WHERE creator_id = :user AND created_at <= :before ORDER BY id LIMIT :limit;

-- name: content_removal_interactions :each
-- takes: user int, before time, limit int
-- gives: id text
SELECT CAST(id AS TEXT) AS id FROM aeon_interactions
WHERE aeon_user_id = :user AND created_at <= :before ORDER BY id LIMIT :limit;

-- name: content_removal_answers :exec
-- takes: user int, before time, limit int
UPDATE aeon_interactions SET response_content = NULL, response_at = NULL, responded_by = NULL
WHERE id IN (SELECT id FROM aeon_interactions
             WHERE target_aeon_user_id = :user AND response_at <= :before ORDER BY id LIMIT :limit);

-- A room of the user that still has texts.
-- name: content_removal_owned :one
-- takes: user int, before time, name text
-- gives: room text
SELECT r.id AS room FROM room_participants m JOIN chat_rooms r ON r.id = m.room_id
WHERE m.user_id = :user AND m.role = 'owner' AND r.created_at <= :before AND r.deleted_at IS NULL
  AND (r.name <> :name OR r.description IS NOT NULL OR r.topic IS NOT NULL)
LIMIT 1;

-- The next room that the user is or was in.
-- name: content_removal_room :one
-- takes: user int, room text
-- gives: room text, last_seq int
SELECT m.room_id AS room, r.last_seq FROM room_participants m JOIN chat_rooms r ON r.id = m.room_id
WHERE m.user_id = :user AND m.room_id > :room AND r.removed_at IS NULL AND r.deleted_at IS NULL
ORDER BY m.room_id LIMIT 1;

-- name: content_removal_messages :each
-- takes: user int, room text, after int, until int, before time
-- gives: id text
SELECT id FROM real_time_messages
WHERE room_id = :room AND seq > :after AND seq <= :until AND sender_id = :user AND deleted_at IS NULL
  AND timestamp <= :before;

-- name: content_removal_at :exec
-- takes: user int, room text, seq int
UPDATE content_removals SET room_id = :room, seq = :seq WHERE user_id = :user;

-- name: content_removal_end :exec
-- takes: user int
DELETE FROM content_removals WHERE user_id = :user;
