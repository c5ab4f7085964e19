-- A row for the table of this migration.

INSERT INTO providers (interface, model, host) VALUES ('llm', 'small', 'models.example:443');
