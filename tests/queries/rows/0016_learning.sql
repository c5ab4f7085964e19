-- Rows for the table of this migration.

INSERT INTO learning (kind, source, owner_id, due_at, tries, created_at)
VALUES ('message', '77', 1, NULL, 1, 100), ('chat', '900', 1, 4102444800000000, 0, 101);
