-- Triggers have filled the table of this migration.

SELECT 1;
