-- Conditions and columns that several queries about twins share.

-- A twin's settings t and its owner u.
-- fragment: twin_columns
coalesce(t.name, u.username) AS name, t.persona, coalesce(t.traits, '{}') AS traits, coalesce(t.autopilot, 'off') AS autopilot,
coalesce(t.answers_to, 'everyone') AS answers_to, coalesce(t.only_when_away, 0) AS only_when_away,
CASE WHEN t.quiet_from IS NOT NULL THEN
     json_object('from', CASE WHEN t.quiet_from < 600 THEN '0' ELSE '' END || (t.quiet_from / 60)
                         || CASE WHEN t.quiet_from % 60 < 10 THEN ':0' ELSE ':' END || (t.quiet_from % 60),
                 'to', CASE WHEN t.quiet_to < 600 THEN '0' ELSE '' END || (t.quiet_to / 60)
                       || CASE WHEN t.quiet_to % 60 < 10 THEN ':0' ELSE ':' END || (t.quiet_to % 60),
                 'utc_offset', t.quiet_offset) END AS quiet_hours,
t.model, coalesce(t.max_replies_per_day, 100) AS max_replies_per_day,
coalesce(t.max_replies_per_person, (coalesce(t.max_replies_per_day, 100) + 1) / 2) AS max_replies_per_person,
coalesce(t.asks_others, 'public') AS asks_others

-- fragment: memory_columns
m.id, m.content, m.memory_type, m.importance, m.visibility, m.local_only, m.times, m.quote, m.created_at,
m.updated_at, m.meta_data,
(SELECT json_group_array(json_object('kind', s.kind, 'id', s.source)) FROM memory_sources s
 WHERE s.memory_id = m.id) AS sources

-- fragment: chat_line_columns
l.id, l.conversation_id, l.is_aeon, l.content, l.context, l.turn_id, l.created_at

-- The viewer owns the twin and may know of the turn t. The turn answers `other`.
-- fragment: turn_visible
(other.id = :viewer OR ({other_not_blocked}))

-- The text that the turn t answers: its beginning, and the twin that wrote it. NULL if the viewer may not read
-- it, or if the turn answers no text.
-- fragment: turn_question
(SELECT json_object('content', substr(a.content, 1, 1000), 'twin', json(
          CASE WHEN a.turn_id IS NOT NULL THEN json_object(
               'name', coalesce((SELECT w.name FROM twins w WHERE w.user_id = t.asker_id), other.username)) END))
 FROM (SELECT m.content, m.turn_id FROM real_time_messages m CROSS JOIN chat_rooms r ON r.id = m.room_id
       WHERE t.cause_kind = 'message' AND m.id = t.cause_id AND m.deleted_at IS NULL AND {room_readable}
       UNION ALL
       SELECT i.content, i.turn_id FROM aeon_interactions i
       WHERE t.cause_kind = 'interaction' AND i.id = CAST(t.cause_id AS INTEGER) AND {interaction_visible}
       UNION ALL
       SELECT i.response_content, i.response_turn_id FROM aeon_interactions i
       WHERE t.cause_kind = 'response' AND i.id = CAST(t.cause_id AS INTEGER) AND i.response_content IS NOT NULL
         AND {interaction_visible}
       UNION ALL
       SELECT l.content, NULL FROM twin_chat l
       WHERE t.cause_kind = 'chat' AND l.id = CAST(t.cause_id AS INTEGER)) a)

-- fragment: turn_columns
t.id, t.cause_kind, t.cause_id, t.root_kind, t.root_id, t.step, t.asker_id, other.username AS asker_name,
other.full_name AS asker_full_name, t.room_id, {turn_question} AS question, t.state, t.reason,
CASE t.state WHEN 'refused' THEN nullif(t.due_at, 0) END AS until, t.content, t.answer_id, t.approved, t.engine, t.model, t.prompt_tokens, t.reply_tokens,
(SELECT coalesce(sum(coalesce(c.spent, c.reserved)), 0) FROM twin_calls c WHERE c.turn_id = t.id) AS cost,
t.created_at, t.started_at, t.finished_at,
(SELECT json_object('user_id', q.twin_id, 'username', other.username, 'state', q.state, 'reason', q.reason)
 FROM twin_turns q CROSS JOIN users other ON other.id = q.twin_id
 WHERE q.cause_kind = 'exchange' AND q.cause_id = CAST(t.id AS TEXT) AND {other_not_blocked}) AS exchange,
(SELECT json_group_array(json_object('kind', x.kind, 'id', x.source, 'author_id', x.author_id,
                                     'cited', json(CASE x.cited WHEN 1 THEN 'true' ELSE 'false' END),
                                     'score', x.score, 'text_rank', x.text_rank,
                                     'nearby_rank', x.nearby_rank, 'vector_rank', x.vector_rank))
 FROM (SELECT s.kind, s.source, s.author_id, s.cited, s.score, s.text_rank, s.nearby_rank, s.vector_rank
       FROM turn_sources s WHERE s.turn_id = t.id AND {source_visible} ORDER BY s.score DESC, s.kind, s.source) x) AS sources

-- The twin of the author learns from the text t. One that is off learns only from what its owner says to it.
-- fragment: twin_learns
(t.kind = 'chat'
 OR EXISTS (SELECT 1 FROM twins l WHERE l.user_id = t.author_id AND l.autopilot <> 'off'))

-- --- on what a twin may draw: see lib/realm/sources.h ---
--
-- The viewer is the owner of the twin. The reader is the other user that reads the answer. :audience is an
-- enum answer_to. Each place and each text must be open to both.

-- The places (texts.place) in which sources may lie, each once. Of a room the place decides alone.
-- fragment: source_places
SELECT r.number AS place FROM chat_rooms r WHERE r.is_public = 1 AND :audience <> 4
UNION ALL
SELECT r.number FROM room_participants mine CROSS JOIN chat_rooms r ON r.id = mine.room_id
WHERE mine.user_id = :viewer AND mine.is_active = 1 AND r.is_public = 0 AND {room_joined reader}
  AND (:audience IN (0, 1) OR (:audience = 2 AND r.id = :room))
UNION ALL SELECT 0 WHERE :audience <> 4
UNION ALL SELECT -:viewer
UNION ALL
SELECT -f.user_id FROM user_relationships f
WHERE f.related_user_id = :viewer AND f.relationship_type = 'friend' AND :audience IN (0, 1)

-- The knowledge k may be a source. `other` has created it.
-- fragment: source_knowledge
({knowledge_visible}) AND ({knowledge_visible reader}) AND (:audience IN (0, 1) OR k.visibility = 'public')

-- The memory y of `other` may be a source: it is the viewer's.
-- fragment: source_memory
y.owner_id = :viewer
AND (:audience = 0 OR y.visibility = 'public'
     OR (:audience IN (1, 4) AND y.visibility = 'friends' AND {other_is_friend reader}))

-- The interaction i may be a source. Its ids are in `thread`, a table of the query, where the answer is
-- a part of a thread.
-- fragment: source_interaction
({interaction_visible}) AND ({interaction_visible reader})
AND (:audience = 0
     OR (:audience = 1 AND i.id IN (SELECT thread.id FROM thread))
     OR (:audience = 3 AND i.is_public = 1 AND i.id IN (SELECT thread.id FROM thread)))

-- The ids of the interactions of the thread: the one of :thread and those that it goes on from, up to one
-- that a reader may not see.
-- fragment: source_thread
SELECT :thread WHERE :thread > 0
UNION
SELECT i.parent_id FROM thread CROSS JOIN aeon_interactions i ON i.id = thread.id
WHERE i.parent_id IS NOT NULL AND ({interaction_visible}) AND ({interaction_visible reader}) LIMIT 50

-- The users that may not be authors of sources: the same condition on authors as in source_usable. When a user
-- is erased, the index loses all texts of the user.
-- fragment: refused_authors
SELECT x.user_id AS user FROM ({blocked_users}) x
UNION
SELECT x.user_id FROM ({blocked_users reader}) x
UNION
SELECT u.id FROM users u WHERE u.erasing <> 0

-- The text t of `other` may be a source, if its place is one of source_places.
-- fragment: source_usable
other.erased_at IS NULL AND {other_unblocked} AND {other_unblocked reader}
AND CASE t.kind
    WHEN 'message' THEN 1
    WHEN 'chat' THEN :audience = 0 AND t.author_id = :viewer
    WHEN 'knowledge' THEN EXISTS (SELECT 1 FROM shared_knowledge k
                                  WHERE k.id = CAST(t.source AS INTEGER) AND {source_knowledge})
    WHEN 'memory' THEN EXISTS (SELECT 1 FROM twin_memories y
                               WHERE y.id = CAST(t.source AS INTEGER) AND {source_memory})
    ELSE EXISTS (SELECT 1 FROM aeon_interactions i
                 WHERE i.id = CAST(t.source AS INTEGER) AND {source_interaction}) END

-- The place in which all public memories lie, besides that of their owner. No twin draws on it: only the
-- owner's twin may tell them.
-- fragment: place_told
(-9000000000000000)

-- What twins have said in the room r lies in the place r.number + {twins_places}. No twin draws on it: only the
-- search in messages looks there.
-- fragment: twins_places
1000000000000000

-- The messages of the room of the row p of public_words are all in there, and the room is public.
-- fragment: public_words_whole
p.place % {twins_places} NOT IN (SELECT x.number FROM chat_rooms x WHERE x.in_public_words = 2)

-- A twin may draw on the text t, if its place is one of source_places.
-- fragment: text_for_twins
t.place < {twins_places}

-- The text of that kind and id as it is now, with its places in the index, if it is one of the index: of a
-- twin only messages are, of an erased user nothing.
-- fragment: text_now
SELECT m.sender_id AS author, m.content,
       CASE m.is_aeon_message WHEN 1 THEN r.number + {twins_places} ELSE r.number END AS place, NULL AS also_place,
       m.seq AS at, m.timestamp AS created_at, 5 AS importance, 0 AS up, 0 AS down
FROM real_time_messages m JOIN chat_rooms r ON r.id = m.room_id JOIN users other ON other.id = m.sender_id
WHERE :kind = 'message' AND m.id = :id AND m.content <> '' AND other.erased_at IS NULL
UNION ALL
SELECT i.aeon_user_id, i.content, CASE i.is_public WHEN 1 THEN 0 ELSE -i.aeon_user_id END,
       CASE i.is_public WHEN 0 THEN -i.target_aeon_user_id END, 4 * i.id, i.created_at, 5, 0, 0
FROM aeon_interactions i
WHERE :kind = 'question' AND i.id = CAST(:id AS INTEGER) AND i.turn_id IS NULL
UNION ALL
SELECT i.target_aeon_user_id, i.response_content,
       CASE i.is_public WHEN 1 THEN 0 ELSE -i.aeon_user_id END,
       CASE i.is_public WHEN 0 THEN -i.target_aeon_user_id END, 4 * i.id + 1, i.response_at, 5, 0, 0
FROM aeon_interactions i
WHERE :kind = 'response' AND i.id = CAST(:id AS INTEGER) AND i.response_content IS NOT NULL
  AND i.responded_by IS NOT 'twin'
UNION ALL
SELECT k.creator_id, k.content, CASE k.visibility WHEN 'public' THEN 0 ELSE -k.creator_id END, NULL,
       4 * k.id, k.created_at, 5, k.upvotes + k.approvals, k.downvotes + k.rejections
FROM shared_knowledge k WHERE :kind = 'knowledge' AND k.id = CAST(:id AS INTEGER)
UNION ALL
SELECT y.owner_id, y.content, -y.owner_id, CASE y.visibility WHEN 'public' THEN {place_told} END, 4 * y.id,
       y.created_at, y.importance, 0, 0
FROM twin_memories y WHERE :kind = 'memory' AND y.id = CAST(:id AS INTEGER)
UNION ALL
SELECT c.owner_id, l.content, -c.owner_id, NULL, 4 * l.id, l.created_at, 5, 0, 0
FROM twin_chat l JOIN twin_conversations c ON c.id = l.conversation_id
WHERE :kind = 'chat' AND l.id = CAST(:id AS INTEGER) AND l.is_aeon = 0

-- --- what may leave this machine: see lib/realm/leaving.h. A text t has a kind, a source, a place and an
-- author_id. ---

-- Every user may read the text t.
-- fragment: text_is_public
CASE WHEN t.kind = 'memory' THEN EXISTS (SELECT 1 FROM twin_memories y
                                         WHERE y.id = CAST(t.source AS INTEGER) AND y.visibility = 'public')
     WHEN t.place > 0 THEN EXISTS (SELECT 1 FROM chat_rooms r WHERE r.number = t.place AND r.is_public = 1)
     ELSE t.place = 0 END

-- No provider may get the text t.
-- fragment: text_is_local
(t.kind = 'memory' AND EXISTS (SELECT 1 FROM twin_memories y
                               WHERE y.id = CAST(t.source AS INTEGER) AND y.local_only = 1))

-- The text t may be sent to a provider for the twin of the viewer. :leaves is an enum leaving; 3: it is for
-- nobody but this machine.
-- fragment: text_may_go
(:leaves = 3
 OR (NOT {text_is_local}
     AND (:leaves = 2 OR (:leaves = 1 AND t.author_id = :viewer) OR {text_is_public})))

-- The text t may be sent to a provider once for all twins.
-- fragment: text_may_leave
NOT {text_is_local}
AND (:leaves = 2 OR {text_is_public}
     OR (:leaves = 1 AND (EXISTS (SELECT 1 FROM twins w WHERE w.user_id = t.author_id AND w.autopilot <> 'off')
                          OR EXISTS (SELECT 1 FROM twin_conversations v WHERE v.owner_id = t.author_id)
                          OR EXISTS (SELECT 1 FROM twin_memories y WHERE y.owner_id = t.author_id))))
