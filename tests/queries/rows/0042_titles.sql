UPDATE shared_knowledge SET title = 'Of foxes' WHERE id = (SELECT min(id) FROM shared_knowledge);
UPDATE knowledge_unindexed SET title = 'Old' WHERE content IS NOT NULL;
