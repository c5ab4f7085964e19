-- Shared knowledge, its tags and votes.

-- fragment: knowledge_names
k.id, k.creator_id, other.username AS creator_name, other.full_name AS creator_full_name,
{knowledge_title} AS title

-- fragment: knowledge_facts
substr(k.content, 1, 300) AS excerpt, k.knowledge_type, k.tags, k.visibility, k.created_at,
k.updated_at, k.upvotes, k.downvotes, k.share_count,
(SELECT CASE v.value WHEN 1 THEN 'up' ELSE 'down' END FROM knowledge_votes v
 WHERE v.knowledge_id = k.id AND v.user_id = :viewer) AS my_vote,
k.meta_data, k.citing_twins, k.citing_askers, k.approvals, k.rejections, round(k.usefulness / 1e6, 4) AS usefulness

-- What the knowledge k is sorted by.
-- fragment: knowledge_merit
CASE WHEN :useful THEN k.usefulness ELSE k.score END

-- fragment: knowledge_columns
{knowledge_names}, k.content, {knowledge_facts}, NULL AS snippet

-- Of a list, with the content only if it is :full.
-- fragment: knowledge_listed_columns
{knowledge_names}, CASE WHEN :full = 1 THEN k.content END AS content, {knowledge_facts}, NULL AS snippet

-- The same, with the matches between U+0002 and U+0003.
-- fragment: knowledge_found_columns
{knowledge_names}, CASE WHEN :full = 1 THEN k.content END AS content, {knowledge_facts},
text_snippet(k.content, :tokens) AS snippet

-- name: knowledge_insert :insert
-- takes: creator int, title text, content text, type text, tags json, visibility text, now time, meta_data json
-- gives: id int
INSERT INTO shared_knowledge (creator_id, title, content, knowledge_type, tags, visibility, created_at,
                              updated_at, meta_data)
VALUES (:creator, :title, :content, :type, :tags, :visibility, :now, :now, :meta_data);

-- name: tag_insert :exec
-- takes: name text
INSERT INTO tags (name) VALUES (:name) ON CONFLICT (name) DO NOTHING;

-- name: knowledge_tag :exec
-- takes: id int, tag text
INSERT INTO knowledge_tags (knowledge_id, tag_id, score, usefulness)
SELECT k.id, g.id, k.score, k.usefulness FROM tags g, shared_knowledge k WHERE g.name = :tag AND k.id = :id;

-- name: knowledge_untag :exec
-- takes: id int
DELETE FROM knowledge_tags WHERE knowledge_id = :id;

-- name: knowledge_one :object knowledge
-- takes: viewer int, id int
SELECT {knowledge_columns} FROM shared_knowledge k JOIN users other ON other.id = k.creator_id
WHERE k.id = :id AND {knowledge_visible};

-- name: knowledge_list :page knowledge
-- takes: viewer int, full bool, type text, visibility text, creator int, before int, limit int
SELECT {knowledge_listed_columns} FROM shared_knowledge k CROSS JOIN users other ON other.id = k.creator_id
WHERE k.id < :before AND {knowledge_visible} AND {knowledge_filter}
ORDER BY k.id DESC LIMIT :limit;

-- Of these texts (texts.id) the public knowledge that a list with the filter has.
-- name: knowledge_of_texts :each
-- takes: viewer int, type text, visibility text, creator int, tag text, texts json
-- gives: text int, id int
SELECT t.id AS text, k.id
FROM json_each(:texts) a CROSS JOIN texts t ON t.id = a.value AND t.kind = 'knowledge'
CROSS JOIN shared_knowledge k ON k.id = CAST(t.source AS INTEGER)
CROSS JOIN users other ON other.id = k.creator_id
WHERE k.visibility = 'public' AND {knowledge_visible} AND {knowledge_filter} AND {knowledge_tagged};

-- In the order of the ids.
-- name: knowledge_of_ids :list knowledge
-- takes: viewer int, full bool, ids json
SELECT {knowledge_listed_columns}
FROM json_each(:ids) a CROSS JOIN shared_knowledge k ON k.id = a.value
CROSS JOIN users other ON other.id = k.creator_id
WHERE {knowledge_visible}
ORDER BY a.key;

-- name: knowledge_list_by_creator :page knowledge
-- takes: viewer int, full bool, type text, visibility text, creator int, before int, limit int
SELECT {knowledge_listed_columns} FROM shared_knowledge k CROSS JOIN users other ON other.id = k.creator_id
WHERE k.creator_id = :creator AND k.id < :before AND {knowledge_visible} AND {knowledge_filter}
ORDER BY k.id DESC LIMIT :limit;

-- name: knowledge_list_by_tag :page knowledge
-- takes: viewer int, full bool, type text, visibility text, creator int, before int, limit int, tag text
SELECT {knowledge_listed_columns} FROM tags g
CROSS JOIN knowledge_tags t ON t.tag_id = g.id
CROSS JOIN shared_knowledge k ON k.id = t.knowledge_id
CROSS JOIN users other ON other.id = k.creator_id
WHERE g.name = :tag AND t.knowledge_id < :before AND {knowledge_visible} AND {knowledge_filter}
ORDER BY t.knowledge_id DESC LIMIT :limit;

-- --- the best first: by score, then by id; :score and :before are those of the last one shown ---

-- name: knowledge_top :page knowledge
-- takes: viewer int, full bool, type text, visibility text, creator int, before int, limit int, score int
SELECT {knowledge_listed_columns}, k.score || '/' || k.id AS page_key
FROM shared_knowledge k CROSS JOIN users other ON other.id = k.creator_id
WHERE (k.score, k.id) < (:score, :before) AND {knowledge_visible} AND {knowledge_filter}
ORDER BY k.score DESC, k.id DESC LIMIT :limit;

-- name: knowledge_top_by_creator :page knowledge
-- takes: viewer int, full bool, type text, visibility text, creator int, before int, limit int, score int
SELECT {knowledge_listed_columns}, k.score || '/' || k.id AS page_key
FROM shared_knowledge k CROSS JOIN users other ON other.id = k.creator_id
WHERE k.creator_id = :creator AND (k.score, k.id) < (:score, :before)
  AND {knowledge_visible} AND {knowledge_filter}
ORDER BY k.score DESC, k.id DESC LIMIT :limit;

-- name: knowledge_top_by_tag :page knowledge
-- takes: viewer int, full bool, type text, visibility text, creator int, before int, limit int, tag text,
-- takes: score int
SELECT {knowledge_listed_columns}, t.score || '/' || t.knowledge_id AS page_key
FROM tags g
CROSS JOIN knowledge_tags t ON t.tag_id = g.id
CROSS JOIN shared_knowledge k ON k.id = t.knowledge_id
CROSS JOIN users other ON other.id = k.creator_id
WHERE g.name = :tag AND (t.score, t.knowledge_id) < (:score, :before)
  AND {knowledge_visible} AND {knowledge_filter}
ORDER BY t.score DESC, t.knowledge_id DESC LIMIT :limit;

-- --- the most useful first: as the best first, by another score ---

-- name: knowledge_useful :page knowledge
-- takes: viewer int, full bool, type text, visibility text, creator int, before int, limit int, score int
SELECT {knowledge_listed_columns}, k.usefulness || '/' || k.id AS page_key
FROM shared_knowledge k CROSS JOIN users other ON other.id = k.creator_id
WHERE (k.usefulness, k.id) < (:score, :before) AND {knowledge_visible} AND {knowledge_filter}
ORDER BY k.usefulness DESC, k.id DESC LIMIT :limit;

-- name: knowledge_useful_by_creator :page knowledge
-- takes: viewer int, full bool, type text, visibility text, creator int, before int, limit int, score int
SELECT {knowledge_listed_columns}, k.usefulness || '/' || k.id AS page_key
FROM shared_knowledge k CROSS JOIN users other ON other.id = k.creator_id
WHERE k.creator_id = :creator AND (k.usefulness, k.id) < (:score, :before)
  AND {knowledge_visible} AND {knowledge_filter}
ORDER BY k.usefulness DESC, k.id DESC LIMIT :limit;

-- name: knowledge_useful_by_tag :page knowledge
-- takes: viewer int, full bool, type text, visibility text, creator int, before int, limit int, tag text,
-- takes: score int
SELECT {knowledge_listed_columns}, t.usefulness || '/' || t.knowledge_id AS page_key
FROM tags g
CROSS JOIN knowledge_tags t ON t.tag_id = g.id
CROSS JOIN shared_knowledge k ON k.id = t.knowledge_id
CROSS JOIN users other ON other.id = k.creator_id
WHERE g.name = :tag AND (t.usefulness, t.knowledge_id) < (:score, :before)
  AND {knowledge_visible} AND {knowledge_filter}
ORDER BY t.usefulness DESC, t.knowledge_id DESC LIMIT :limit;

-- --- full-text search: :words is an expression of FTS5, :tokens is for the snippet ---
--
-- A snippet costs far more than a rank, so it is made of the rows that are shown.

-- By :rank (store/rank.h), from the row :shown on; :next will have been shown then. :hot must be there, too, but does
-- not count for the rank.
-- name: knowledge_found :page knowledge
-- takes: viewer int, full bool, type text, visibility text, creator int, limit int, tag text, next int,
-- takes: words text, rank text, shown int, hot text, tokens text
-- engine: sqlite
SELECT {knowledge_found_columns}, :next AS page_key
FROM (SELECT f.rowid AS id, f.rank AS place
      FROM knowledge_text f
      CROSS JOIN shared_knowledge k ON k.id = f.rowid
      CROSS JOIN users other ON other.id = k.creator_id
      WHERE f.knowledge_text MATCH :words AND f.rank MATCH :rank
        AND {knowledge_visible} AND {knowledge_filter} AND {knowledge_tagged}
        AND (:hot IS NULL OR EXISTS (SELECT 1 FROM knowledge_text h
                                    WHERE h.knowledge_text MATCH :hot AND h.rowid = k.id))
      ORDER BY f.rank LIMIT :limit OFFSET :shown) page
CROSS JOIN shared_knowledge k ON k.id = page.id
CROSS JOIN users other ON other.id = k.creator_id
ORDER BY page.place, page.id;

-- name: knowledge_found_new :page knowledge
-- takes: viewer int, full bool, type text, visibility text, creator int, before int, limit int, tag text,
-- takes: words text, tokens text
-- engine: sqlite
SELECT {knowledge_found_columns}, k.id AS page_key
FROM knowledge_text f
CROSS JOIN shared_knowledge k ON k.id = f.rowid
CROSS JOIN users other ON other.id = k.creator_id
WHERE f.knowledge_text MATCH :words AND f.rowid < :before
  AND {knowledge_visible} AND {knowledge_filter} AND {knowledge_tagged}
ORDER BY f.rowid DESC LIMIT :limit;

-- name: knowledge_found_top :page knowledge
-- takes: viewer int, full bool, type text, visibility text, creator int, before int, limit int, tag text,
-- takes: score int, useful bool, words text, tokens text
-- engine: sqlite
SELECT {knowledge_found_columns}, {knowledge_merit} || '/' || k.id AS page_key
FROM (SELECT k.id
      FROM knowledge_text f
      CROSS JOIN shared_knowledge k ON k.id = f.rowid
      CROSS JOIN users other ON other.id = k.creator_id
      WHERE f.knowledge_text MATCH :words AND ({knowledge_merit}, k.id) < (:score, :before)
        AND {knowledge_visible} AND {knowledge_filter} AND {knowledge_tagged}
      ORDER BY {knowledge_merit} DESC, k.id DESC LIMIT :limit) page
CROSS JOIN shared_knowledge k ON k.id = page.id
CROSS JOIN users other ON other.id = k.creator_id
ORDER BY {knowledge_merit} DESC, k.id DESC;

-- In how many public texts the rarest word of :words is; :most means that many or more, or that they are
-- stop words.
-- name: public_texts_with :one
-- takes: words text, most int
-- gives: texts int
-- engine: sqlite
SELECT coalesce(min((SELECT count(*) FROM (SELECT 1 FROM text_words p
                                           WHERE p.word = w.value >> 4 AND p.place = 0 LIMIT :most))),
                :most) AS texts
FROM json_each(word_counts(:words)) w;

-- How many public texts there are, and how many words they have on average.
-- name: public_texts :one
-- gives: texts int, average real
SELECT texts, 1.0 * words / max(texts, 1) AS average FROM text_counts WHERE place = 0;

-- In how many texts of the index :words are, hidden ones too; :most means that many or more.
-- name: knowledge_texts :one
-- takes: words text, most int
-- gives: texts int
-- engine: sqlite
SELECT count(*) AS texts
FROM (SELECT 1 FROM knowledge_text f WHERE f.knowledge_text MATCH :words LIMIT :most);

-- --- long texts, which are indexed later: see lib/realm/indexing.h ---

-- name: unindexed_next :one
-- gives: id int
SELECT id FROM knowledge_unindexed ORDER BY id LIMIT 1;

-- name: unindexed_remove :exec
-- takes: id int
-- engine: sqlite
INSERT INTO knowledge_text (knowledge_text, rowid, title, content, tags)
SELECT 'delete', id, title, content, tags FROM knowledge_unindexed WHERE id = :id AND content IS NOT NULL;

-- name: unindexed_removed :exec
-- takes: id int
UPDATE knowledge_unindexed SET title = NULL, content = NULL, tags = NULL WHERE id = :id AND content IS NOT NULL;

-- name: unindexed_add :exec
-- takes: id int
-- engine: sqlite
INSERT INTO knowledge_text (rowid, title, content, tags)
SELECT id, title, content, tags FROM shared_knowledge WHERE id = :id;

-- name: unindexed_done :exec
-- takes: id int
DELETE FROM knowledge_unindexed WHERE id = :id;

-- name: index_merge :exec
-- takes: pages int
-- engine: sqlite
INSERT INTO knowledge_text (knowledge_text, rank) VALUES ('merge', :pages);

-- --- changing it ---

-- :given says what changes: 1 the content, 2 the type, 4 the tags, 8 the visibility, 16 meta_data, 32 the title.
-- name: knowledge_update :exec
-- takes: viewer int, id int, given int, title text, content text, type text, tags json, visibility text,
-- takes: meta_data json, now time
UPDATE shared_knowledge SET
	content = CASE WHEN :given & 1 <> 0 THEN coalesce(:content, content) ELSE content END,
	knowledge_type = CASE WHEN :given & 2 <> 0 THEN coalesce(:type, knowledge_type) ELSE knowledge_type END,
	tags = CASE WHEN :given & 4 <> 0 THEN :tags ELSE tags END,
	visibility = CASE WHEN :given & 8 <> 0 THEN coalesce(:visibility, visibility) ELSE visibility END,
	meta_data = CASE WHEN :given & 16 <> 0 THEN :meta_data ELSE meta_data END,
	title = CASE WHEN :given & 32 <> 0 THEN :title ELSE title END,
	updated_at = :now
WHERE id = :id AND creator_id = :viewer;

-- name: knowledge_delete :exec
-- takes: viewer int, id int
DELETE FROM shared_knowledge WHERE id = :id AND creator_id = :viewer;

-- The creator and the visibility, if the viewer may see it.
-- name: knowledge_for_share :one
-- takes: viewer int, id int
-- gives: creator int, visibility text
SELECT k.creator_id AS creator, k.visibility FROM shared_knowledge k JOIN users other ON other.id = k.creator_id
WHERE k.id = :id AND {knowledge_visible};

-- name: knowledge_share :exec
-- takes: id int, user int, target text, now time
INSERT INTO knowledge_shares (knowledge_id, user_id, target, created_at) VALUES (:id, :user, :target, :now)
ON CONFLICT DO NOTHING;

-- The message by which the user shares it with the room. One that an administrator has removed counts, too.
-- name: knowledge_share_said :one
-- takes: id int, room text, user int
SELECT 1 FROM real_time_messages
WHERE knowledge_id = :id AND room_id = :room AND sender_id = :user AND (deleted_at IS NULL OR removed_at IS NOT NULL);

-- name: knowledge_shared :object shared
-- takes: user int, id int
SELECT :id AS knowledge_id, other.id AS user_id, other.username, {person_names} FROM users other WHERE other.id = :user;

-- name: knowledge_unvote :exec
-- takes: id int, user int
DELETE FROM knowledge_votes WHERE knowledge_id = :id AND user_id = :user;

-- The creator, the vote of the viewer (0: none), and the counts.
-- name: knowledge_for_vote :one
-- takes: viewer int, id int
-- gives: creator int, vote int, upvotes int, downvotes int
SELECT k.creator_id AS creator, coalesce((SELECT v.value FROM knowledge_votes v
                                          WHERE v.knowledge_id = k.id AND v.user_id = :viewer), 0)
       AS vote,
       k.upvotes, k.downvotes
FROM shared_knowledge k JOIN users other ON other.id = k.creator_id
WHERE k.id = :id AND {knowledge_visible};

-- Returns 0 when the creator was told after :before. A time in the future is of a clock that was wrong.
-- name: votes_told :exec
-- takes: id int, now time, before time
UPDATE shared_knowledge SET votes_told_at = :now, told_upvotes = upvotes, told_downvotes = downvotes
WHERE id = :id AND (votes_told_at <= :before OR votes_told_at > :now);

-- name: votes_shown :object votes
-- takes: id int
SELECT id AS knowledge_id, upvotes, downvotes FROM shared_knowledge WHERE id = :id;

-- Knowledge whose votes differ from those that its creator was told, the last time before :before.
-- name: votes_untold :each
-- takes: before time, limit int
-- gives: id int, creator int
SELECT id, creator_id AS creator FROM shared_knowledge
WHERE votes_told_at <= :before AND (upvotes <> told_upvotes OR downvotes <> told_downvotes)
ORDER BY votes_told_at LIMIT :limit;

-- name: knowledge_vote :exec
-- takes: id int, user int, value int, now time
INSERT INTO knowledge_votes (knowledge_id, user_id, value, created_at) VALUES (:id, :user, :value, :now)
ON CONFLICT (knowledge_id, user_id) DO UPDATE SET value = excluded.value,
	created_at = excluded.created_at;
