-- The least enum leaving of a provider that may get the answer (lib/realm/leaving.h): the highest of the
-- texts from which it was made. Of older answers it is unknown, so no provider gets them.
ALTER TABLE twin_turns ADD COLUMN leaving INTEGER NOT NULL DEFAULT 3 CHECK (leaving BETWEEN 0 AND 3);

-- An answer from a memory that must not leave this machine any more is forgotten as well.
DROP TRIGGER memory_source_changed;
CREATE TRIGGER memory_source_changed AFTER UPDATE OF content, visibility, local_only ON twin_memories
WHEN (new.content <> old.content OR new.visibility <> old.visibility OR new.local_only > old.local_only)
 AND EXISTS (SELECT 1 FROM turn_sources WHERE kind = 'memory' AND source = CAST(old.id AS TEXT))
BEGIN
	INSERT INTO gone_sources (kind, source) VALUES ('memory', CAST(old.id AS TEXT)) ON CONFLICT DO NOTHING;
END;

CREATE INDEX twin_turns_running_of_asker ON twin_turns (asker_id) WHERE state = 'running';
