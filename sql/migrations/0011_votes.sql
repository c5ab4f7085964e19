-- The counts of votes that the last event told the creator. A difference is told a moment later.
ALTER TABLE shared_knowledge ADD COLUMN votes_told_at INTEGER NOT NULL DEFAULT 0;
ALTER TABLE shared_knowledge ADD COLUMN told_upvotes INTEGER NOT NULL DEFAULT 0;
ALTER TABLE shared_knowledge ADD COLUMN told_downvotes INTEGER NOT NULL DEFAULT 0;
UPDATE shared_knowledge SET told_upvotes = upvotes, told_downvotes = downvotes
WHERE upvotes > 0 OR downvotes > 0;
CREATE INDEX shared_knowledge_untold ON shared_knowledge (votes_told_at)
WHERE upvotes <> told_upvotes OR downvotes <> told_downvotes;
