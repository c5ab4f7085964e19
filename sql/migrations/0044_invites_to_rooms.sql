-- An invitation to the realm may also lead into a room: see lib/realm/invites.h.
ALTER TABLE invites ADD COLUMN room_id TEXT REFERENCES chat_rooms (id) ON DELETE SET NULL;
CREATE INDEX invites_by_room ON invites (room_id) WHERE room_id IS NOT NULL;
