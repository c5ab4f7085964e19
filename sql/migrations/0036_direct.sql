-- Direct rooms, of two users, and groups (lib/realm/direct.h). members_key has the ids of the members, in
-- ascending order with commas between them: the same users always have the same room. NULL: an ordinary room, or
-- one of whose users the account was erased.

ALTER TABLE chat_rooms ADD COLUMN kind TEXT NOT NULL DEFAULT 'room' CHECK (kind IN ('room', 'direct', 'group'));
ALTER TABLE chat_rooms ADD COLUMN members_key TEXT CHECK (members_key IS NULL OR kind <> 'room');
CREATE UNIQUE INDEX chat_rooms_by_members ON chat_rooms (members_key) WHERE members_key IS NOT NULL;
