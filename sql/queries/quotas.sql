-- How many of something a user has, counted up to :limit.

-- name: quota_rooms :one
-- takes: user int, limit int
-- gives: count int
SELECT count(*) AS count
FROM (SELECT 1 FROM room_participants m CROSS JOIN chat_rooms r ON r.id = m.room_id
      WHERE m.user_id = :user AND m.role = 'owner' AND r.deleted_at IS NULL LIMIT :limit) x;

-- name: quota_invitations :one
-- takes: user int, limit int
-- gives: count int
SELECT count(*) AS count
FROM (SELECT 1 FROM room_invitations WHERE invited_by = :user LIMIT :limit) x;

-- name: quota_knowledge :one
-- takes: user int, limit int
-- gives: count int
SELECT min(:limit, public_knowledge + friends_knowledge + private_knowledge) AS count
FROM user_counts WHERE user_id = :user;

-- name: quota_relationships :one
-- takes: user int, limit int
-- gives: count int
SELECT count(*) AS count
FROM (SELECT 1 FROM user_relationships
      WHERE user_id = :user AND relationship_type <> 'blocked' LIMIT :limit) x;

-- name: quota_text :one
-- takes: user int
-- gives: bytes int
SELECT text_bytes AS bytes FROM user_counts WHERE user_id = :user;

-- name: quota_memories :one
-- takes: user int, limit int
-- gives: count int
SELECT count(*) AS count FROM (SELECT 1 FROM twin_memories WHERE owner_id = :user LIMIT :limit) x;

-- name: quota_conversations :one
-- takes: user int, limit int
-- gives: count int
SELECT count(*) AS count FROM (SELECT 1 FROM twin_conversations WHERE owner_id = :user LIMIT :limit) x;

-- name: quota_direct :one
-- takes: user int, limit int
-- gives: count int
SELECT count(*) AS count FROM (SELECT 1 FROM chat_rooms
                               WHERE created_by = :user AND kind <> 'room' AND deleted_at IS NULL LIMIT :limit) x;
