-- A user who asks by REST is connected to the instance 0, until a time; one of a bridge (NULL) while its lease runs.
ALTER TABLE connected_users ADD COLUMN until INTEGER CHECK ((until IS NULL) = (instance <> 0));
CREATE INDEX connected_users_by_until ON connected_users (until) WHERE until IS NOT NULL;
