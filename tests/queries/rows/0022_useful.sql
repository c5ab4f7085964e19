-- A cite of knowledge, which its trigger counts.

INSERT INTO knowledge_cites (knowledge_id, twin_id, mark, turn_id, asker_id)
SELECT k.id, 1, 1, 900, 2 FROM shared_knowledge k ORDER BY k.id LIMIT 1;
