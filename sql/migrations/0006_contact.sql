-- The users that may invite a user, share with a user and address the user's twin.
ALTER TABLE users ADD COLUMN privacy_contact TEXT NOT NULL DEFAULT 'everyone'
	CHECK (privacy_contact IN ('everyone', 'friends', 'nobody'));

-- The rooms that a user owns, for the quota.
CREATE INDEX room_participants_owners ON room_participants (user_id, room_id) WHERE role = 'owner';
