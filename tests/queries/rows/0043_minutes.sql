INSERT INTO minutes VALUES (29000000, 5, 900, 1, 2, 3, 4096, 150, '["disk: full"]');
