-- The schema of a realm.
--
-- Times are microseconds since 1970 UTC, days are counted from 1970. The field tables in lib/realm
-- limit what a client may send; the CHECKs repeat these limits for rows that are written by hand.
-- Counters are kept by triggers, in the transaction that changes what they count, so that no query
-- has to count. `aeonctl check` counts again, `aeonctl rebuild` corrects.

CREATE TABLE realm_meta (
	key   TEXT PRIMARY KEY NOT NULL,
	value TEXT NOT NULL
) STRICT, WITHOUT ROWID;

-- The epoch names the life of this database: a position in another epoch's event log means nothing.
INSERT INTO realm_meta (key, value) VALUES ('epoch', lower(hex(randomblob(8))));
