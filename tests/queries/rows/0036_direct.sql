-- Rows for the columns of this migration.

INSERT INTO chat_rooms (id, name, created_by, created_at, is_public, max_participants, current_participants, kind,
                        members_key)
VALUES ('01900000-0000-7000-8000-00000000d1ec', '-', 1, 100, 0, 2, 0, 'direct', '1,2');
