-- A row with the columns of this migration.

INSERT INTO search_vectors (id, owner_id, content, created_at, is_realm_wide, found)
VALUES (2, 1, 'Who has the key?', 100, 1, '[1,2]');
