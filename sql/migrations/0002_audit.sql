-- The audit log: actions on accounts and by moderators. The log only grows: see lib/realm/audit.h.

CREATE TABLE audit_log (
	id         INTEGER PRIMARY KEY AUTOINCREMENT,
	created_at INTEGER NOT NULL,
	action     TEXT NOT NULL, -- a row of AUDIT_ACTIONS in lib/realm/audit.h
	actor_id   INTEGER REFERENCES users (id), -- NULL: nobody was signed in, or the operator did it
	address    TEXT, -- of the client; 'local' is aeonctl
	network    TEXT, -- of the address
	kind       TEXT, -- of the thing that the action is about
	object     TEXT, -- the id of that thing
	detail     TEXT CHECK (length(detail) <= 1000),
	times      INTEGER NOT NULL DEFAULT 1, -- how often it happened within some minutes
	CHECK ((kind IS NULL) = (object IS NULL))
) STRICT;
CREATE INDEX audit_log_by_time ON audit_log (created_at);
CREATE INDEX audit_log_by_actor ON audit_log (actor_id, id);
CREATE INDEX audit_log_by_action ON audit_log (action, id);
CREATE INDEX audit_log_by_object ON audit_log (kind, object, id);

-- Only repeated entries are counted, and only erasure empties columns.
CREATE TRIGGER audit_log_unchanged BEFORE UPDATE ON audit_log
WHEN (new.id, new.created_at, new.action) IS NOT (old.id, old.created_at, old.action)
  OR (new.actor_id, new.kind, new.object) IS NOT (old.actor_id, old.kind, old.object)
  OR new.times < old.times
  OR (new.address IS NOT NULL AND new.address IS NOT old.address)
  OR (new.network IS NOT NULL AND new.network IS NOT old.network)
  OR (new.detail IS NOT NULL AND new.detail IS NOT old.detail)
BEGIN
	SELECT RAISE(ABORT, 'the audit log cannot be changed');
END;

-- Only the oldest entries go, and none of the last twelve hours.
CREATE TRIGGER audit_log_kept BEFORE DELETE ON audit_log
WHEN old.created_at > (unixepoch() - 43200) * 1000000
  OR EXISTS (SELECT 1 FROM audit_log a WHERE a.id < old.id)
BEGIN
	SELECT RAISE(ABORT, 'the audit log cannot be changed');
END;
