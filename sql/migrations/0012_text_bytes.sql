-- How many bytes of texts each user has, for the quota of them (lib/realm/quota.h): knowledge, messages,
-- and both sides of interactions. A removed or deleted text does not count.
ALTER TABLE user_counts ADD COLUMN text_bytes INTEGER NOT NULL DEFAULT 0;

UPDATE user_counts SET text_bytes = x.bytes
FROM (SELECT user_id, sum(bytes) AS bytes
      FROM (SELECT sender_id AS user_id, length(CAST(content || coalesce(meta_data, '') AS BLOB)) AS bytes
            FROM real_time_messages
            UNION ALL
            SELECT creator_id, length(CAST(content || tags || coalesce(meta_data, '') AS BLOB))
            FROM shared_knowledge
            UNION ALL
            SELECT aeon_user_id,
                   length(CAST(content || coalesce(context, '') || coalesce(meta_data, '') AS BLOB))
            FROM aeon_interactions
            UNION ALL
            SELECT target_aeon_user_id, length(CAST(response_content AS BLOB)) FROM aeon_interactions
            WHERE response_content IS NOT NULL) texts
      GROUP BY user_id) x
WHERE user_counts.user_id = x.user_id;

-- One trigger costs each message less than two.
DROP TRIGGER message_counted;
CREATE TRIGGER message_counted AFTER INSERT ON real_time_messages
BEGIN
	INSERT INTO user_days (user_id, day, messages)
	VALUES (new.sender_id, new.timestamp / 86400000000, 1)
	ON CONFLICT DO UPDATE SET messages = messages + 1;
	UPDATE user_counts SET text_bytes = text_bytes
		+ length(CAST(new.content || coalesce(new.meta_data, '') AS BLOB))
	WHERE user_id = new.sender_id;
END;
CREATE TRIGGER message_bytes_removed AFTER DELETE ON real_time_messages WHEN old.content <> ''
BEGIN
	UPDATE user_counts SET text_bytes = text_bytes
		- length(CAST(old.content || coalesce(old.meta_data, '') AS BLOB))
	WHERE user_id = old.sender_id;
END;
CREATE TRIGGER message_bytes_changed AFTER UPDATE OF content, meta_data ON real_time_messages
BEGIN
	UPDATE user_counts SET text_bytes = text_bytes
		+ length(CAST(new.content || coalesce(new.meta_data, '') AS BLOB))
		- length(CAST(old.content || coalesce(old.meta_data, '') AS BLOB))
	WHERE user_id = new.sender_id;
END;

CREATE TRIGGER knowledge_bytes_added AFTER INSERT ON shared_knowledge
BEGIN
	UPDATE user_counts SET text_bytes = text_bytes
		+ length(CAST(new.content || new.tags || coalesce(new.meta_data, '') AS BLOB))
	WHERE user_id = new.creator_id;
END;
CREATE TRIGGER knowledge_bytes_removed AFTER DELETE ON shared_knowledge
BEGIN
	UPDATE user_counts SET text_bytes = text_bytes
		- length(CAST(old.content || old.tags || coalesce(old.meta_data, '') AS BLOB))
	WHERE user_id = old.creator_id;
END;
CREATE TRIGGER knowledge_bytes_changed AFTER UPDATE OF content, tags, meta_data ON shared_knowledge
BEGIN
	UPDATE user_counts SET text_bytes = text_bytes
		+ length(CAST(new.content || new.tags || coalesce(new.meta_data, '') AS BLOB))
		- length(CAST(old.content || old.tags || coalesce(old.meta_data, '') AS BLOB))
	WHERE user_id = new.creator_id;
END;

CREATE TRIGGER interaction_bytes_added AFTER INSERT ON aeon_interactions
BEGIN
	UPDATE user_counts SET text_bytes = text_bytes
		+ length(CAST(new.content || coalesce(new.context, '') || coalesce(new.meta_data, '') AS BLOB))
	WHERE user_id = new.aeon_user_id;
	UPDATE user_counts SET text_bytes = text_bytes + length(CAST(new.response_content AS BLOB))
	WHERE user_id = new.target_aeon_user_id AND new.response_content IS NOT NULL;
END;
CREATE TRIGGER interaction_bytes_removed AFTER DELETE ON aeon_interactions
BEGIN
	UPDATE user_counts SET text_bytes = text_bytes
		- length(CAST(old.content || coalesce(old.context, '') || coalesce(old.meta_data, '') AS BLOB))
	WHERE user_id = old.aeon_user_id;
	UPDATE user_counts SET text_bytes = text_bytes - length(CAST(old.response_content AS BLOB))
	WHERE user_id = old.target_aeon_user_id AND old.response_content IS NOT NULL;
END;
CREATE TRIGGER interaction_response_bytes AFTER UPDATE OF response_content ON aeon_interactions
BEGIN
	UPDATE user_counts SET text_bytes = text_bytes
		+ coalesce(length(CAST(new.response_content AS BLOB)), 0)
		- coalesce(length(CAST(old.response_content AS BLOB)), 0)
	WHERE user_id = new.target_aeon_user_id;
END;
