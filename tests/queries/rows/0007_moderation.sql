-- Rows for the tables of the moderation.

INSERT INTO removals (id, kind, object, author_id, removed_by, removed_at, reason, content)
VALUES (1, 'knowledge', '77', 2, 1, 95, 'spam', '{"content": "Buy"}');
INSERT INTO removed_votes (removal_id, user_id, value, created_at) VALUES (1, 2, 1, 96);
INSERT INTO removed_shares (removal_id, user_id, target, created_at) VALUES (1, 2, '1', 97);
INSERT INTO content_removals (user_id, removed_by, reason, created_at) VALUES (2, 1, 'spam', 98);
INSERT INTO reports (id, reporter_id, kind, object, author_id, reason, state, assignee_id, note,
	created_at, updated_at)
VALUES (1, 1, 'user', '2', 2, 'spam', 'done', 1, 'thanks', 98, 99);
