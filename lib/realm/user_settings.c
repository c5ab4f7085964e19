/* Settings that clients keep: see user_settings.h. */
#include "realm/user_settings.h"

#include "base/clock.h"
#include "realm/account_changed.h"
#include "store/queries.h"

static const struct field settings_rows[] = {
	FIELD(struct user_settings, settings, OBJECT, .required = true, .max = 8192,
	      .help = "Any JSON object. The server stores it and does not interpret it."),
};
const struct fields user_settings_fields = FIELDS(struct user_settings, settings_rows);

static const struct property settings_properties[] = {
	PROPERTY("settings", OBJECT, .help = "Empty before the first change."),
	PROPERTY("updated_at", TIME, .nullable = true),
};
const struct shape user_settings_shape = SHAPE("UserSettings", settings_properties);

int user_settings_show(struct store *store, int64_t user_id, struct buf *out, struct problem *why)
{
	return q_user_settings_show(store, user_id, out, why);
}

struct setting {
	int64_t user_id;
	const char *settings;
};

static int set(struct store *store, void *context, struct problem *why)
{
	const struct setting *s = context;
	int changed = q_user_settings_set(store, s->user_id, s->settings, clock_now(), why);
	if (changed > 0)
		TRY(account_tell(store, s->user_id, ACCOUNT_SETTINGS, 0, false, why));
	return changed;
}

int user_settings_set(struct store *store, int64_t user_id, const char *settings,
		      struct problem *why)
{
	struct setting s = {user_id, settings};
	return store_write(store, set, &s, why);
}
