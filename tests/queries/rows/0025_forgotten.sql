-- A value for the row of this migration.

UPDATE forgotten SET texts = 7, cleared = 5, cleared_at = 109;
