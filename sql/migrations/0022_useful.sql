-- How useful knowledge has been, as all who may see it may know: see knowledge_filter in
-- lib/realm/knowledge.h.

-- Public knowledge that answers of twins have cited, and that drafts have cited which their owners have
-- rejected. Only answers count that were public when they were posted and that answer a user's own words;
-- the creator of the knowledge is neither the asker nor the twin's owner.
CREATE TABLE knowledge_cites (
	knowledge_id INTEGER NOT NULL REFERENCES shared_knowledge (id) ON DELETE CASCADE,
	twin_id      INTEGER NOT NULL, -- of the turn, as the asker
	-- By the twin's owner: -1: rejected as a draft; 1: approved as it was; 0: neither
	mark         INTEGER NOT NULL CHECK (mark BETWEEN -1 AND 1),
	turn_id      INTEGER NOT NULL REFERENCES twin_turns (id) ON DELETE CASCADE,
	asker_id     INTEGER NOT NULL,
	PRIMARY KEY (knowledge_id, twin_id, mark, turn_id)
) STRICT, WITHOUT ROWID;
CREATE INDEX knowledge_cites_by_asker ON knowledge_cites (knowledge_id, asker_id) WHERE mark >= 0;
CREATE INDEX knowledge_cites_by_turn ON knowledge_cites (turn_id);

CREATE TRIGGER turn_cited AFTER UPDATE OF state ON twin_turns
WHEN new.state IN ('posted', 'rejected') AND old.state <> new.state
 AND new.cause_kind IN ('message', 'interaction') AND new.cause_kind = new.root_kind AND new.cause_id = new.root_id
BEGIN
	INSERT INTO knowledge_cites (knowledge_id, twin_id, mark, turn_id, asker_id)
	SELECT k.id, new.twin_id,
	       CASE WHEN new.state = 'rejected' THEN -1 ELSE new.approved = 1 AND new.content IS old.content END,
	       new.id, new.asker_id
	FROM turn_sources s CROSS JOIN shared_knowledge k ON k.id = CAST(s.source AS INTEGER)
	WHERE s.turn_id = new.id AND s.kind = 'knowledge' AND s.cited = 1
	  AND k.visibility = 'public' AND k.creator_id NOT IN (new.twin_id, new.asker_id)
	  AND CASE new.cause_kind
	      WHEN 'message' THEN EXISTS (SELECT 1 FROM chat_rooms r WHERE r.id = new.room_id AND r.is_public = 1)
	      ELSE EXISTS (SELECT 1 FROM aeon_interactions i
	                   WHERE i.id = CAST(new.cause_id AS INTEGER) AND i.is_public = 1) END
	ON CONFLICT DO NOTHING;
END;
-- An answer that is gone has cited nothing, nor has one from a text that is gone or has changed.
CREATE TRIGGER turn_uncited AFTER UPDATE OF answer_id ON twin_turns
WHEN old.answer_id IS NOT NULL AND new.answer_id IS NULL
BEGIN
	DELETE FROM knowledge_cites WHERE turn_id = new.id;
END;
CREATE TRIGGER source_uncited AFTER DELETE ON turn_sources WHEN old.kind = 'knowledge' AND old.cited = 1
BEGIN
	DELETE FROM knowledge_cites WHERE turn_id = old.turn_id AND knowledge_id = CAST(old.source AS INTEGER);
END;

-- How many different users: whose twins have cited it, who asked for such an answer, who have approved it
-- in a draft, and who have rejected it there.
ALTER TABLE shared_knowledge ADD COLUMN citing_twins INTEGER NOT NULL DEFAULT 0 CHECK (citing_twins >= 0);
ALTER TABLE shared_knowledge ADD COLUMN citing_askers INTEGER NOT NULL DEFAULT 0 CHECK (citing_askers >= 0);
ALTER TABLE shared_knowledge ADD COLUMN approvals INTEGER NOT NULL DEFAULT 0 CHECK (approvals >= 0);
ALTER TABLE shared_knowledge ADD COLUMN rejections INTEGER NOT NULL DEFAULT 0 CHECK (rejections >= 0);
CREATE TRIGGER cite_added AFTER INSERT ON knowledge_cites
BEGIN
	UPDATE shared_knowledge SET
		citing_twins = citing_twins + (new.mark >= 0 AND NOT EXISTS (
			SELECT 1 FROM knowledge_cites c WHERE c.knowledge_id = new.knowledge_id
			AND c.twin_id = new.twin_id AND c.mark >= 0 AND c.turn_id <> new.turn_id)),
		citing_askers = citing_askers + (new.mark >= 0 AND NOT EXISTS (
			SELECT 1 FROM knowledge_cites c WHERE c.knowledge_id = new.knowledge_id
			AND c.asker_id = new.asker_id AND c.mark >= 0 AND c.turn_id <> new.turn_id)),
		approvals = approvals + (new.mark = 1 AND NOT EXISTS (
			SELECT 1 FROM knowledge_cites c WHERE c.knowledge_id = new.knowledge_id
			AND c.twin_id = new.twin_id AND c.mark = 1 AND c.turn_id <> new.turn_id)),
		rejections = rejections + (new.mark = -1 AND NOT EXISTS (
			SELECT 1 FROM knowledge_cites c WHERE c.knowledge_id = new.knowledge_id
			AND c.twin_id = new.twin_id AND c.mark = -1 AND c.turn_id <> new.turn_id))
	WHERE id = new.knowledge_id;
END;
CREATE TRIGGER cite_removed AFTER DELETE ON knowledge_cites
BEGIN
	UPDATE shared_knowledge SET
		citing_twins = citing_twins - (old.mark >= 0 AND NOT EXISTS (
			SELECT 1 FROM knowledge_cites c WHERE c.knowledge_id = old.knowledge_id
			AND c.twin_id = old.twin_id AND c.mark >= 0)),
		citing_askers = citing_askers - (old.mark >= 0 AND NOT EXISTS (
			SELECT 1 FROM knowledge_cites c WHERE c.knowledge_id = old.knowledge_id
			AND c.asker_id = old.asker_id AND c.mark >= 0)),
		approvals = approvals - (old.mark = 1 AND NOT EXISTS (
			SELECT 1 FROM knowledge_cites c WHERE c.knowledge_id = old.knowledge_id
			AND c.twin_id = old.twin_id AND c.mark = 1)),
		rejections = rejections - (old.mark = -1 AND NOT EXISTS (
			SELECT 1 FROM knowledge_cites c WHERE c.knowledge_id = old.knowledge_id
			AND c.twin_id = old.twin_id AND c.mark = -1))
	WHERE id = old.knowledge_id;
END;

-- A use is an upvote, as many as both the citing twins and the askers are, so that neither one user who asks
-- many twins nor one twin that answers many users is more than one. A rejection is a downvote.
ALTER TABLE shared_knowledge ADD COLUMN good INTEGER NOT NULL
	GENERATED ALWAYS AS (upvotes + min(citing_twins, citing_askers)) VIRTUAL;
ALTER TABLE shared_knowledge ADD COLUMN bad INTEGER NOT NULL GENERATED ALWAYS AS (downvotes + rejections) VIRTUAL;
-- As the column score, in millionths.
ALTER TABLE shared_knowledge ADD COLUMN usefulness INTEGER NOT NULL GENERATED ALWAYS AS (
	CASE WHEN good = 0 THEN 0 ELSE CAST(round(1e6 *
		((good + 1.9208) / (good + bad)
		 - 1.96 * sqrt(1.0 * good * bad / (good + bad) + 0.9604) / (good + bad))
		/ (1 + 3.8416 / (good + bad))) AS INTEGER) END) VIRTUAL;
CREATE INDEX shared_knowledge_by_use ON shared_knowledge (usefulness, id);
CREATE INDEX shared_knowledge_by_creator_use ON shared_knowledge (creator_id, usefulness, id);

ALTER TABLE knowledge_tags ADD COLUMN usefulness INTEGER NOT NULL DEFAULT 0; -- of the knowledge
UPDATE knowledge_tags
SET usefulness = (SELECT k.usefulness FROM shared_knowledge k WHERE k.id = knowledge_tags.knowledge_id);
CREATE INDEX knowledge_tags_by_use ON knowledge_tags (tag_id, usefulness, knowledge_id);
CREATE TRIGGER knowledge_usefulness_changed
AFTER UPDATE OF upvotes, downvotes, citing_twins, citing_askers, rejections ON shared_knowledge
WHEN new.usefulness <> old.usefulness
BEGIN
	UPDATE knowledge_tags SET usefulness = new.usefulness WHERE knowledge_id = new.id;
END;
