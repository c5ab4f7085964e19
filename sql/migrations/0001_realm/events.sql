-- The event log.

-- What live clients are told, in the order of the commits. With a room, an event is for the
-- participants except user_id, the user that it is about. Without a room, it is for user_id alone.
-- With a seq, it refers to an entry of the room's log, user_id is the author of that entry, and the
-- author is told too. other_id is another user who has a part in the event.
CREATE TABLE realm_events (
	pos        INTEGER PRIMARY KEY AUTOINCREMENT,
	kind       TEXT NOT NULL, -- a row of EVENT_TABLE in lib/realm/events.h
	subject    TEXT -- SQLite builds a table for IN, so the most frequent value is compared first
		CHECK (subject IS NULL OR subject IN ('room', 'knowledge', 'interaction', 'relationship')),
	room_id    TEXT,
	user_id    INTEGER,
	other_id   INTEGER,
	seq        INTEGER,
	created_at INTEGER NOT NULL,
	data       TEXT,
	CHECK (room_id IS NOT NULL OR user_id IS NOT NULL),
	CHECK (seq IS NULL OR room_id IS NOT NULL),
	CHECK ((seq IS NULL) = (data IS NOT NULL))
) STRICT;
CREATE INDEX realm_events_by_room ON realm_events (room_id) WHERE room_id IS NOT NULL;
CREATE INDEX realm_events_by_user ON realm_events (user_id) WHERE seq IS NULL;
CREATE INDEX realm_events_by_other ON realm_events (other_id) WHERE seq IS NULL;
