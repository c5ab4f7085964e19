-- Conditions and columns that several queries share, above all the rules of visibility.

-- The user whose id is `other` and the viewer have not blocked each other.

-- fragment: other_not_blocked
NOT EXISTS (SELECT 1 FROM user_relationships b
            WHERE b.user_id = :viewer AND b.related_user_id = other.id
              AND b.relationship_type = 'blocked')
AND NOT EXISTS (SELECT 1 FROM user_relationships b
            WHERE b.user_id = other.id AND b.related_user_id = :viewer
              AND b.relationship_type = 'blocked')

-- The viewer and `other` have something in common besides a room: a relationship, an invitation, an
-- interaction or a share.
-- fragment: other_tied
(EXISTS (SELECT 1 FROM user_relationships x
         WHERE x.user_id = :viewer AND x.related_user_id = other.id)
 OR EXISTS (SELECT 1 FROM user_relationships x
            WHERE x.user_id = other.id AND x.related_user_id = :viewer)
 OR EXISTS (SELECT 1 FROM room_invitations n WHERE n.user_id = :viewer AND n.invited_by = other.id)
 OR EXISTS (SELECT 1 FROM room_invitations n WHERE n.user_id = other.id AND n.invited_by = :viewer)
 OR EXISTS (SELECT 1 FROM aeon_interactions i
            WHERE i.aeon_user_id = :viewer AND i.target_aeon_user_id = other.id)
 OR EXISTS (SELECT 1 FROM aeon_interactions i
            WHERE i.aeon_user_id = other.id AND i.target_aeon_user_id = :viewer)
 OR EXISTS (SELECT 1 FROM knowledge_shares s
            WHERE s.user_id = :viewer AND s.target = CAST(other.id AS TEXT))
 OR EXISTS (SELECT 1 FROM knowledge_shares s
            WHERE s.user_id = other.id AND s.target = CAST(:viewer AS TEXT)))

-- The viewer may know that `other` exists: `other` is discoverable, or they have something in common.
-- fragment: other_known
(other.discoverable = 1 OR other.id = :viewer
 OR EXISTS (SELECT 1 FROM room_participants mine JOIN room_participants m ON m.room_id = mine.room_id
            WHERE mine.user_id = :viewer AND mine.is_active = 1
              AND m.user_id = other.id AND m.is_active = 1)
 OR {other_tied})

-- The viewer, who moderates the room :room, may ban `other` and see the ban: the viewer may know of `other`,
-- or `other` has been in the room or is invited.
-- fragment: other_bannable
other.is_active = 1 AND {other_not_blocked}
AND (EXISTS (SELECT 1 FROM room_participants m WHERE m.room_id = :room AND m.user_id = other.id)
     OR EXISTS (SELECT 1 FROM room_invitations n WHERE n.room_id = :room AND n.user_id = other.id)
     OR {other_known})

-- The users that the viewer blocks, and those that block the viewer.
-- fragment: blocked_users
SELECT b.related_user_id AS user_id FROM user_relationships b
WHERE b.user_id = :viewer AND b.relationship_type = 'blocked'
UNION
SELECT b.user_id FROM user_relationships b
WHERE b.related_user_id = :viewer AND b.relationship_type = 'blocked'

-- Whether the viewer has a block with a user of the event or entry e; NULL is no user.
-- fragment: event_hidden
EXISTS (SELECT 1 FROM user_relationships b
        WHERE b.user_id = :viewer AND b.related_user_id IN (e.user_id, e.other_id)
          AND b.relationship_type = 'blocked'
        UNION ALL
        SELECT 1 FROM user_relationships b
        WHERE b.related_user_id = :viewer AND b.relationship_type = 'blocked'
          AND b.user_id IN (e.user_id, e.other_id))

-- `other` has made the viewer a friend: the author decides, not the reader.
-- fragment: other_is_friend
EXISTS (SELECT 1 FROM user_relationships f
        WHERE f.user_id = other.id AND f.related_user_id = :viewer
          AND f.relationship_type = 'friend')

-- The viewer may see the presence of `other`.
-- fragment: other_presence_visible
(other.id = :viewer OR other.privacy_presence = 'everyone'
 OR (other.privacy_presence = 'friends' AND {other_is_friend}))

-- The presence of `other` is told to the viewer: they share a room, or the viewer is a friend of `other`.
-- fragment: other_near
(EXISTS (SELECT 1 FROM room_participants mine
         JOIN room_participants m ON m.room_id = mine.room_id AND m.user_id = other.id AND m.is_active = 1
         WHERE mine.user_id = :viewer AND mine.is_active = 1)
 OR {other_is_friend})

-- The viewer may invite `other`, share with `other` and address the twin of `other`.
-- fragment: other_contact_open
(other.id = :viewer OR other.privacy_contact = 'everyone'
 OR (other.privacy_contact = 'friends' AND {other_is_friend}))

-- The twin of `other`; null: it does nothing by itself.
-- fragment: person_twin
(SELECT json_object('name', coalesce(t.name, other.username)) FROM twins t
 WHERE t.user_id = other.id AND t.autopilot <> 'off')

-- The names of `other` beside the username.
-- fragment: person_names
other.full_name, {person_twin} AS twin

-- The columns of the shape `user` behind the address.
-- fragment: user_about
other.full_name, other.bio, other.role, other.is_active, other.created_at, other.updated_at,
{person_twin} AS twin, {other_contact_open} AS may_contact

-- The viewer may see the profile of `other`. :all: the viewer is an administrator and may see all.
-- fragment: user_shown
other.erased_at IS NULL AND (:all = 1 OR (other.is_active = 1 AND {other_not_blocked} AND {other_known}))

-- fragment: user_email
CASE WHEN :all = 1 OR other.id = :viewer THEN other.email END AS email

-- The status of the user of `p` now, by REST and on any bridge that lives; 'connected' is more than 'away'.
-- fragment: live_status
coalesce((SELECT max(c.status)
          FROM connected_users c LEFT JOIN bridges w ON w.instance = c.instance
          WHERE c.user_id = p.user_id AND coalesce(c.until, w.lease_until) > :now), 'offline')

-- The viewer is in the room r.
-- fragment: room_joined
EXISTS (SELECT 1 FROM room_participants m
        WHERE m.room_id = r.id AND m.user_id = :viewer AND m.is_active = 1)

-- The viewer may read the messages of the room r.
-- fragment: room_readable
(r.is_public = 1 OR {room_joined})

-- The room in which the user of `p` is now, if the viewer may read it; an offline user is in none.
-- fragment: live_room
CASE WHEN {live_status} <> 'offline' THEN
     (SELECT r.id FROM chat_rooms r WHERE r.id = p.current_room AND {room_readable}) END

-- The room r exists for the viewer, who may join it unless banned.
-- fragment: room_visible
({room_readable}
 OR EXISTS (SELECT 1 FROM room_invitations n
            WHERE n.room_id = r.id AND n.user_id = :viewer))

-- The viewer may see the knowledge k of `other`. The + keeps SQLite from collecting everything that
-- is visible by several indexes, where a list needs the newest few.
-- fragment: knowledge_visible
(+k.creator_id = :viewer
 OR (k.visibility = 'public' AND {other_not_blocked})
 OR (k.visibility = 'friends' AND {other_is_friend} AND {other_not_blocked}))

-- The viewer may see the knowledge or tag k of `other`, who is not the viewer and has no block with
-- the viewer.
-- fragment: other_shows
(k.visibility = 'public' OR (k.visibility = 'friends' AND {other_is_friend}))

-- How much knowledge of `other`, whose counts are c, the viewer may see. There is no block between
-- them.
-- fragment: other_knowledge_count
c.public_knowledge
+ CASE WHEN other.id = :viewer OR {other_is_friend} THEN c.friends_knowledge ELSE 0 END
+ CASE WHEN other.id = :viewer THEN c.private_knowledge ELSE 0 END

-- The viewer may see the interaction i: it is public or the viewer is a side of it, and no side has
-- a block with the viewer.
-- fragment: interaction_visible
(i.is_public = 1 OR :viewer IN (i.aeon_user_id, i.target_aeon_user_id))
AND NOT EXISTS (SELECT 1 FROM users other
                WHERE other.id IN (i.aeon_user_id, i.target_aeon_user_id)
                  AND NOT ({other_not_blocked}))

-- The filter of a knowledge list.
-- fragment: knowledge_filter
(:type IS NULL OR k.knowledge_type = :type)
AND (:visibility IS NULL OR (:visibility = 'public' AND k.visibility = 'public')
     OR (:visibility = 'friends' AND k.visibility IN ('public', 'friends'))
     OR (:visibility = 'private' AND +k.creator_id = :viewer))
AND (:creator = 0 OR +k.creator_id = :creator)

-- fragment: knowledge_tagged
(:tag IS NULL OR EXISTS (SELECT 1 FROM tags g JOIN knowledge_tags t ON t.tag_id = g.id
                       WHERE g.name = :tag AND t.knowledge_id = k.id))

-- The viewer may see the text to which the row s of turn_sources refers, as it is now. For a memory of
-- another user that is so as for knowledge.
-- fragment: source_visible
CASE s.kind
WHEN 'message' THEN
	EXISTS (SELECT 1 FROM real_time_messages m JOIN chat_rooms r ON r.id = m.room_id
	        JOIN users other ON other.id = m.sender_id
	        WHERE m.id = s.source AND m.deleted_at IS NULL AND r.deleted_at IS NULL AND r.removed_at IS NULL
	          AND {room_readable} AND {other_not_blocked})
WHEN 'knowledge' THEN
	EXISTS (SELECT 1 FROM shared_knowledge k JOIN users other ON other.id = k.creator_id
	        WHERE k.id = CAST(s.source AS INTEGER) AND {knowledge_visible})
WHEN 'memory' THEN
	EXISTS (SELECT 1 FROM twin_memories k JOIN users other ON other.id = k.owner_id
	        WHERE k.id = CAST(s.source AS INTEGER)
	          AND (k.owner_id = :viewer OR ({other_shows} AND {other_not_blocked})))
WHEN 'chat' THEN
	EXISTS (SELECT 1 FROM twin_chat l JOIN twin_conversations v ON v.id = l.conversation_id
	        WHERE l.id = CAST(s.source AS INTEGER) AND v.owner_id = :viewer)
ELSE
	EXISTS (SELECT 1 FROM aeon_interactions i
	        WHERE i.id = CAST(s.source AS INTEGER) AND {interaction_visible})
END

-- Nobody can write in the room r: administrators have closed it, or it is a direct room, and one of its users
-- has blocked the other. CASE, because SQLite evaluates both sides of an AND whose value is shown.
-- fragment: room_closed
(r.closed_at IS NOT NULL
 OR CASE r.kind WHEN 'direct' THEN
    EXISTS (SELECT 1 FROM room_participants m CROSS JOIN room_participants o ON o.room_id = m.room_id
            CROSS JOIN user_relationships b ON b.user_id = m.user_id AND b.related_user_id = o.user_id
            WHERE m.room_id = r.id AND b.relationship_type = 'blocked') ELSE 0 END)

-- The name of the room r for the viewer: a room without a name has those of its other users.
-- fragment: room_name
CASE r.kind WHEN 'room' THEN r.name ELSE
     coalesce((SELECT substr(group_concat(x.username, ', '), 1, 100)
               FROM (SELECT other.username FROM room_participants m CROSS JOIN users other ON other.id = m.user_id
                     WHERE m.room_id = r.id AND other.id <> :viewer AND (m.is_active = 1 OR r.kind = 'direct')
                       AND other.erased_at IS NULL
                       AND {other_not_blocked} ORDER BY other.id) x), r.name) END

-- The other user of the direct room r.
-- fragment: room_other
CASE r.kind WHEN 'direct' THEN
     (SELECT json_object('user_id', other.id, 'username', other.username, 'full_name', other.full_name,
                         'twin', json({person_twin}))
      FROM room_participants m CROSS JOIN users other ON other.id = m.user_id
      WHERE m.room_id = r.id AND other.id <> :viewer AND other.is_active = 1 AND {other_not_blocked}) END

-- The first line of the knowledge k, without blanks around it, at most 200 characters.
-- fragment: knowledge_first_line
(SELECT rtrim(substr(h.text, 1, instr(h.text || char(10), char(10)) - 1), char(13, 32))
 FROM (SELECT ltrim(substr(k.content, 1, 200), char(9, 10, 13, 32)) AS text) h)

-- fragment: knowledge_title
coalesce(k.title, {knowledge_first_line})

-- The text of the message s in a line: of a share, the title of the knowledge, if the viewer may see that.
-- fragment: message_line
CASE WHEN s.knowledge_id IS NULL THEN s.content ELSE
     coalesce((SELECT {knowledge_title} FROM shared_knowledge k JOIN users other ON other.id = k.creator_id
               WHERE k.id = s.knowledge_id AND {knowledge_visible}), '') END

-- The beginning of the message s.
-- fragment: message_excerpt
substr({message_line}, 1, 120)

-- The columns of shapes.

-- A :viewer of 0 is every reader at once.
-- fragment: message_columns
m.id AS message_id, m.room_id, m.seq, m.sender_id, other.username AS sender_name, other.full_name AS sender_full_name, m.content,
CASE WHEN m.knowledge_id IS NULL THEN m.message_type ELSE 'knowledge' END AS message_type, m.timestamp,
m.edited_at, m.deleted_at, m.removed_at IS NOT NULL AS removed, m.is_aeon_message,
CASE WHEN m.turn_id IS NOT NULL AND m.deleted_at IS NULL
     THEN json_set(coalesce(m.meta_data, '{}'), '$.turn_id', m.turn_id) ELSE m.meta_data END AS meta_data,
m.client_id, m.reply_to,
CASE WHEN m.reply_to IS NOT NULL AND :viewer > 0 THEN
     (SELECT json_object('sender_name', other.username, 'sender_full_name', other.full_name,
                         'excerpt', {message_excerpt}, 'is_aeon', json(CASE s.is_aeon_message WHEN 1 THEN 'true' ELSE 'false' END))
      FROM real_time_messages s JOIN users other ON other.id = s.sender_id WHERE s.id = m.reply_to
        AND s.room_id = m.room_id AND s.deleted_at IS NULL AND {other_not_blocked}) END AS reply,
CASE WHEN m.knowledge_id IS NOT NULL AND m.deleted_at IS NULL THEN
     (SELECT json_object('knowledge_id', k.id, 'title', {knowledge_title}, 'excerpt', substr(k.content, 1, 300),
                         'creator_id', k.creator_id, 'creator_name', other.username,
                         'creator_full_name', other.full_name, 'visibility', k.visibility)
      FROM shared_knowledge k JOIN users other ON other.id = k.creator_id
      WHERE k.id = m.knowledge_id AND {knowledge_visible}) END AS shared,
CASE WHEN m.deleted_at IS NOT NULL OR instr(m.content, '@') = 0 THEN '[]' WHEN :viewer > 0 THEN
     (SELECT json_group_array(x.user_id) FROM message_mentions x CROSS JOIN users other ON other.id = x.user_id
      WHERE x.message_id = m.id AND {other_not_blocked}) END AS mentions,
m.mentions_room = 1 AND m.deleted_at IS NULL AS mentions_room,
CASE WHEN m.reaction_count > 0 THEN
     nullif((SELECT json_group_object(x.key, x.users)
             FROM (SELECT r.key, count(*) AS users
                   FROM message_reactions r CROSS JOIN users other ON other.id = r.user_id
                   WHERE r.message_id = m.id AND {other_not_blocked} GROUP BY r.key) x), '{}') END AS reactions,
CASE WHEN m.reaction_count > 0 AND :viewer > 0 THEN
     nullif((SELECT json_group_array(x.key) FROM message_reactions x
             WHERE x.message_id = m.id AND x.user_id = :viewer), '[]') END AS my_reactions,
CASE WHEN m.turn_id IS NOT NULL THEN
     json_object('name', coalesce((SELECT t.name FROM twins t WHERE t.user_id = m.sender_id), other.username)) END AS twin,
CASE WHEN m.turn_id IS NOT NULL AND EXISTS (SELECT 1 FROM twin_turns t WHERE t.id = m.turn_id AND t.approved = 1)
     THEN m.sender_id END AS approved_by,
CASE WHEN m.turn_id IS NOT NULL AND :viewer > 0 THEN
     (SELECT json_group_array(json_object('kind', s.kind, 'id', s.source)) FROM turn_sources s
      WHERE s.turn_id = m.turn_id AND s.cited = 1 AND {source_visible}) END AS cites

-- fragment: interaction_columns
i.id, i.aeon_user_id, author.username AS aeon_name, author.full_name AS aeon_full_name, i.target_aeon_user_id,
target.username AS target_aeon_name, target.full_name AS target_aeon_full_name, i.interaction_type, i.content,
i.context, i.created_at, i.response_content, i.response_at, i.is_public, i.parent_id, i.responded_by,
CASE WHEN i.turn_id IS NOT NULL OR i.response_turn_id IS NOT NULL
     THEN json_set(coalesce(i.meta_data, '{}'), '$.turn_id', coalesce(i.response_turn_id, i.turn_id))
     ELSE i.meta_data END AS meta_data,
CASE WHEN i.turn_id IS NULL THEN 'user' ELSE 'twin' END AS asked_by,
CASE WHEN i.response_turn_id IS NOT NULL THEN
     json_object('name', coalesce((SELECT t.name FROM twins t WHERE t.user_id = target.id), target.username))
     WHEN i.turn_id IS NOT NULL THEN
     json_object('name', coalesce((SELECT t.name FROM twins t WHERE t.user_id = author.id), author.username)) END
  AS twin,
(SELECT t.twin_id FROM twin_turns t WHERE t.id = coalesce(i.response_turn_id, i.turn_id) AND t.approved = 1)
  AS approved_by,
CASE WHEN i.turn_id IS NOT NULL OR i.response_turn_id IS NOT NULL THEN
     (SELECT json_group_array(json_object('kind', s.kind, 'id', s.source)) FROM turn_sources s
      WHERE s.turn_id = coalesce(i.response_turn_id, i.turn_id) AND s.cited = 1 AND {source_visible}) END AS cites

-- The relationship x of the viewer is to a user who is active and has not blocked the viewer.
-- fragment: related_exists
EXISTS (SELECT 1 FROM users u WHERE u.id = x.related_user_id AND u.is_active = 1)
AND NOT EXISTS (SELECT 1 FROM user_relationships b
            WHERE b.user_id = x.related_user_id AND b.related_user_id = :viewer
              AND b.relationship_type = 'blocked')

-- The same as other_not_blocked, for queries that look at thousands of users.
-- fragment: other_unblocked
other.id NOT IN ({blocked_users})

-- The viewer may see the connections of `other`.
-- fragment: other_network_open
(other.privacy_network = 'everyone'
 OR (other.privacy_network = 'friends' AND {other_is_friend}))

-- `other` exists for the viewer as the end of another user's relationship.
-- fragment: other_met
other.is_active = 1 AND {other_unblocked} AND {other_known}

-- How many interactions of `other`, whose counts are c, the viewer may see: public ones and those
-- with the viewer, without those of a user who has a block with the viewer. `other` has none.
-- fragment: other_interaction_count
CASE WHEN other.id = :viewer THEN c.interactions
     ELSE c.public_interactions
          + (SELECT count(*) FROM aeon_interactions i WHERE i.aeon_user_id = :viewer
             AND i.target_aeon_user_id = other.id AND i.is_public = 0)
          + (SELECT count(*) FROM aeon_interactions i WHERE i.aeon_user_id = other.id
             AND i.target_aeon_user_id = :viewer AND i.is_public = 0) END
- (SELECT count(*) FROM ({blocked_users}) b CROSS JOIN aeon_interactions i
     ON i.aeon_user_id = other.id AND i.target_aeon_user_id = b.user_id
   WHERE i.is_public = 1 OR other.id = :viewer)
- (SELECT count(*) FROM ({blocked_users}) b CROSS JOIN aeon_interactions i
     ON i.aeon_user_id = b.user_id AND i.target_aeon_user_id = other.id
   WHERE i.is_public = 1 OR other.id = :viewer)

-- The subject of the event e is gone or is hidden from the viewer now.
-- fragment: event_subject_gone
CASE e.subject
WHEN 'room' THEN
	NOT EXISTS (SELECT 1 FROM chat_rooms r
	            WHERE r.id = json_extract(e.data, '$.room_id') AND {room_visible})
WHEN 'knowledge' THEN
	NOT EXISTS (SELECT 1 FROM shared_knowledge k JOIN users other ON other.id = k.creator_id
	            WHERE k.id = json_extract(e.data, '$.knowledge_id') AND {knowledge_visible})
WHEN 'interaction' THEN
	NOT EXISTS (SELECT 1 FROM aeon_interactions i
	            WHERE i.id = json_extract(e.data, '$.id')
	              AND (i.response_content IS NOT NULL
	                   OR json_extract(e.data, '$.response_content') IS NULL))
WHEN 'relationship' THEN
	NOT EXISTS (SELECT 1 FROM user_relationships x
	            WHERE x.user_id = :viewer AND x.related_user_id = e.other_id AND {related_exists})
ELSE false END

-- The strength of the relationship x fades: it halves in 30 days without an interaction.
-- fragment: strength_now
(x.strength * pow(0.5, max(0, :now - x.last_interaction) / (30 * 86400e6)))

-- The order by strength: all fade alike, so their order does not change with time, and an index has
-- it.
-- fragment: strength_rank
(log2(x.strength) + x.last_interaction / (30 * 86400e6))

-- fragment: relationship_columns
x.id, x.user_id, x.related_user_id, other.username AS related_username, other.full_name AS related_full_name,
{person_twin} AS related_twin, x.relationship_type, round({strength_now}, 4) AS strength,
x.created_at, x.last_interaction, x.interaction_count, x.shared_interests, x.meta_data

-- For other users than the author: notes are private.
-- fragment: relationship_shown_columns
x.id, x.user_id, x.related_user_id, other.username AS related_username, other.full_name AS related_full_name,
{person_twin} AS related_twin, x.relationship_type, round({strength_now}, 4) AS strength,
x.created_at, x.last_interaction, x.interaction_count, x.shared_interests, NULL AS meta_data

-- The first entry of the audit log since then.
-- fragment: audit_start
coalesce((SELECT s.id FROM audit_log s WHERE s.created_at >= :since ORDER BY s.created_at LIMIT 1), 9e18)

-- --- moderation ---

-- The viewer may moderate `other` and the content of `other`. An owner of the realm may moderate every
-- user, and an admin every user that is neither owner nor admin. 0 is the operator on the server.
-- fragment: may_moderate
(:viewer = 0 OR EXISTS (SELECT 1 FROM users me
                        WHERE me.id = :viewer AND me.is_active = 1
                          AND (me.role = 'owner' OR (me.role = 'admin' AND other.role = 'user'))))

-- `other` is suspended now.
-- fragment: user_suspended
(other.suspended_at IS NOT NULL
 AND (other.suspended_until IS NULL OR other.suspended_until > :now))

-- The owner of the room r.
-- fragment: room_owner
(SELECT o.user_id FROM room_participants o
 WHERE o.room_id = r.id AND o.is_active = 1 AND o.role = 'owner')

-- The room r has no owner who could act, so it belongs to the administrators of the realm.
-- fragment: room_ownerless
NOT EXISTS (SELECT 1 FROM room_participants o JOIN users other ON other.id = o.user_id
            WHERE o.room_id = r.id AND o.is_active = 1 AND o.role = 'owner'
              AND other.is_active = 1 AND NOT {user_suspended})

-- fragment: report_columns
p.id, p.kind, p.object, p.reason, p.state, p.note, p.created_at, p.updated_at
