-- Rows for the columns of shared_knowledge about what was told of votes.

UPDATE shared_knowledge SET votes_told_at = 1700000000000000 WHERE id = (SELECT min(id) FROM shared_knowledge);
