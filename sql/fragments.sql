-- Conditions that several queries share: who may see what stands here, once.
-- In all of them ?1 is the viewer.

-- The user whose id is `other` and the viewer have not blocked each other.

-- fragment: other_not_blocked
NOT EXISTS (SELECT 1 FROM user_relationships b
            WHERE b.user_id = ?1 AND b.related_user_id = other.id
              AND b.relationship_type = 'blocked')
AND NOT EXISTS (SELECT 1 FROM user_relationships b
            WHERE b.user_id = other.id AND b.related_user_id = ?1
              AND b.relationship_type = 'blocked')

-- The same for the users of an event or an entry e; NULL is nobody.
-- fragment: event_hidden
EXISTS (SELECT 1 FROM user_relationships b
        WHERE b.user_id = ?1 AND b.related_user_id IN (e.user_id, e.other_id)
          AND b.relationship_type = 'blocked'
        UNION ALL
        SELECT 1 FROM user_relationships b
        WHERE b.related_user_id = ?1 AND b.relationship_type = 'blocked'
          AND b.user_id IN (e.user_id, e.other_id))

-- `other` has made the viewer a friend: the author decides, never the reader.
-- fragment: other_is_friend
EXISTS (SELECT 1 FROM user_relationships f
        WHERE f.user_id = other.id AND f.related_user_id = ?1
          AND f.relationship_type = 'friend')

-- The viewer may know the presence of `other`.
-- fragment: other_presence_visible
(other.id = ?1 OR other.privacy_presence = 'everyone'
 OR (other.privacy_presence = 'friends' AND {other_is_friend}))

-- How present the user of `p` is at the moment, on any bridge that is there; 'connected' is more than
-- 'away'. ?2 is now.
-- fragment: live_status
coalesce((SELECT max(c.status)
          FROM connected_users c JOIN bridges w ON w.instance = c.instance
          WHERE c.user_id = p.user_id AND w.lease_until > ?2), 'offline')

-- The viewer may read what is said in the room r.
-- fragment: room_readable
(r.is_public = 1
 OR EXISTS (SELECT 1 FROM room_participants m
            WHERE m.room_id = r.id AND m.user_id = ?1 AND m.is_active = 1))

-- The viewer may know of the room r, and join it unless banned.
-- fragment: room_visible
({room_readable}
 OR EXISTS (SELECT 1 FROM room_invitations n
            WHERE n.room_id = r.id AND n.user_id = ?1))

-- The viewer may see the knowledge k, made by `other`. The + keeps SQLite from collecting all that
-- one may see by several indexes, where a list wants the newest few.
-- fragment: knowledge_visible
(+k.creator_id = ?1
 OR (k.visibility = 'public' AND {other_not_blocked})
 OR (k.visibility = 'friends' AND {other_is_friend} AND {other_not_blocked}))

-- The viewer may see the interaction i: a side of it or public, and nobody in it is blocked.
-- fragment: interaction_visible
(i.is_public = 1 OR ?1 IN (i.aeon_user_id, i.target_aeon_user_id))
AND NOT EXISTS (SELECT 1 FROM users other
                WHERE other.id IN (i.aeon_user_id, i.target_aeon_user_id)
                  AND NOT ({other_not_blocked}))

-- What a knowledge list may be narrowed by: ?2 type, ?3 visibility, ?4 creator.
-- fragment: knowledge_filter
(?2 IS NULL OR k.knowledge_type = ?2)
AND (?3 IS NULL OR (?3 = 'public' AND k.visibility = 'public')
     OR (?3 = 'friends' AND k.visibility IN ('public', 'friends'))
     OR (?3 = 'private' AND +k.creator_id = ?1))
AND (?4 = 0 OR +k.creator_id = ?4)

-- fragment: knowledge_tagged
(?7 IS NULL OR EXISTS (SELECT 1 FROM tags g JOIN knowledge_tags t ON t.tag_id = g.id
                       WHERE g.name = ?7 AND t.knowledge_id = k.id))

-- The columns of shapes. Those of a room stand behind its id.
-- fragment: room_columns
r.name, r.description, r.topic, r.created_by, r.created_at, r.is_public,
r.max_participants, r.current_participants, r.is_aeon_room, r.last_seq

-- fragment: message_columns
m.id, m.room_id, m.seq, m.sender_id, other.username, m.content, m.message_type, m.timestamp,
m.edited_at, m.deleted_at, m.is_aeon_message, m.meta_data, m.client_id, m.reply_to,
CASE WHEN m.reaction_count > 0 THEN
     nullif((SELECT json_group_object(x.key, x.people)
             FROM (SELECT r.key, count(*) AS people
                   FROM message_reactions r CROSS JOIN users other ON other.id = r.user_id
                   WHERE r.message_id = m.id AND {other_not_blocked} GROUP BY r.key) x), '{}') END,
CASE WHEN m.reaction_count > 0 AND ?1 > 0 THEN
     nullif((SELECT json_group_array(x.key) FROM message_reactions x
             WHERE x.message_id = m.id AND x.user_id = ?1), '[]') END

-- fragment: knowledge_own_columns
k.id, k.creator_id, other.username, k.content, k.knowledge_type, k.tags, k.visibility,
k.created_at, k.updated_at, k.upvotes, k.downvotes, k.share_count,
(SELECT CASE v.value WHEN 1 THEN 'up' ELSE 'down' END FROM knowledge_votes v
 WHERE v.knowledge_id = k.id AND v.user_id = ?1),
k.meta_data

-- fragment: knowledge_columns
{knowledge_own_columns}, NULL

-- With what was found between U+0002 and U+0003.
-- fragment: knowledge_found_columns
{knowledge_own_columns}, snippet(knowledge_text, 0, char(2), char(3), '…', 24)

-- fragment: interaction_columns
i.id, i.aeon_user_id, author.username, i.target_aeon_user_id, target.username,
i.interaction_type, i.content, i.context, i.created_at, i.response_content, i.response_at,
i.is_public, i.parent_id, i.responded_by, i.meta_data

-- The relationship x of the viewer is to somebody who has not blocked the viewer.
-- fragment: related_exists
NOT EXISTS (SELECT 1 FROM user_relationships b
            WHERE b.user_id = x.related_user_id AND b.related_user_id = ?1
              AND b.relationship_type = 'blocked')

-- Now, in microseconds since 1970.
-- fragment: now
((julianday('now') - 2440587.5) * 86400e6)

-- The strength of the relationship x fades: it halves within 30 days without an interaction.
-- fragment: strength_now
(x.strength * pow(0.5, max(0, {now} - x.last_interaction) / (30 * 86400e6)))

-- Those whom the viewer is connected with and who let the viewer come by them; the strongest.
-- fragment: connections_open
SELECT other.id, other.username, y.relationship_type FROM user_relationships y
CROSS JOIN users other ON other.id = y.related_user_id
WHERE y.user_id = ?1 AND y.relationship_type <> 'blocked' AND other.is_active = 1
  AND (other.privacy_network = 'everyone'
       OR (other.privacy_network = 'friends' AND {other_is_friend}))
  AND {other_not_blocked}
ORDER BY y.strength DESC LIMIT 100

-- Of these the relation x is one of the newest, and to somebody who exists for the viewer.
-- fragment: connection_beyond
x.id IN (SELECT z.id FROM user_relationships z WHERE z.user_id = near.id
         ORDER BY z.user_id, z.id DESC LIMIT 200)
AND x.relationship_type <> 'blocked' AND other.is_active = 1
AND {other_not_blocked}

-- The strongest relations of the viewer, at most ?2, and with ?3 = 2 as many of those whom they lead to
-- and who let the viewer come by them.
-- fragment: graph_relations
SELECT user_id, related_user_id, relationship_type, strength FROM (
  SELECT x.user_id, x.related_user_id, x.relationship_type, round({strength_now}, 4) AS strength
  FROM user_relationships x CROSS JOIN users other ON other.id = x.related_user_id
  WHERE x.user_id = ?1 AND x.relationship_type <> 'blocked' AND other.is_active = 1
    AND {other_not_blocked}
  ORDER BY 4 DESC, x.id DESC LIMIT ?2)
UNION ALL
SELECT user_id, related_user_id, relationship_type, strength FROM (
  SELECT x.user_id, x.related_user_id, x.relationship_type, round({strength_now}, 4) AS strength
  FROM ({connections_open}) near
  CROSS JOIN user_relationships x ON x.user_id = near.id
  CROSS JOIN users other ON other.id = x.related_user_id
  WHERE ?3 = 2 AND {connection_beyond}
  ORDER BY 4 DESC, x.id DESC LIMIT ?2)

-- fragment: relationship_columns
x.id, x.user_id, x.related_user_id, other.username, x.relationship_type,
round({strength_now}, 4),
x.created_at, x.last_interaction, x.interaction_count, x.shared_interests, x.meta_data

-- To anybody but its author, whose notes are nobody else's matter.
-- fragment: relationship_shown_columns
x.id, x.user_id, x.related_user_id, other.username, x.relationship_type,
round({strength_now}, 4), x.created_at, x.last_interaction, x.interaction_count,
x.shared_interests, NULL
