/*
 * What the clients of a user keep for the user, such as a colour scheme: one JSON object, which the
 * realm does not interpret. All devices of the user share it.
 */
#ifndef REALM_USER_SETTINGS_H
#define REALM_USER_SETTINGS_H

#include "base/fields.h"
#include "store/shape.h"

struct user_settings {
	const char *settings; /* a JSON object */
};
extern const struct fields user_settings_fields;
extern const struct shape user_settings_shape;

int user_settings_show(struct store *store, int64_t user_id, struct buf *out, struct problem *why);

/*
 * Replaces all of them. Returns 1, or 0 when nothing changes. The user's other devices are told by
 * account_changed.
 */
int user_settings_set(struct store *store, int64_t user_id, const char *settings,
		      struct problem *why);

#endif
