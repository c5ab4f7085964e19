/*
 * Settings that change while programs run: the table realm_settings overrides aeon.conf for the
 * options with .live.
 *
 * Each program keeps a struct live_settings and refreshes it: a worker before each request that
 * uses the database, the bridge twice a second. No program restarts.
 */
#ifndef REALM_LIVE_SETTINGS_H
#define REALM_LIVE_SETTINGS_H

#include <stddef.h>
#include <stdint.h>

#include <jansson.h>

#include "realm/settings.h"
#include "store/shape.h"
#include "store/store.h"

struct arena;
struct session;

struct live_settings {
	const struct settings *configured; /* by aeon.conf and the environment; the caller's */
	struct settings now;
	int64_t generation; /* of realm_settings as it was read last */
};

/* Begins with the configured settings, which must outlive `live`. */
void live_settings_start(struct live_settings *live, const struct settings *configured);

/*
 * Brings live->now, and what the handle keeps of it, up to date: 1 when something may have changed,
 * 0, or -1. Without a change it costs the reading of one row. A stored value that this program does
 * not accept does not count.
 */
int live_settings_refresh(struct store *store, struct live_settings *live, struct problem *why);

/* One change. value NULL: remove the override, so that aeon.conf counts again. */
struct setting_change {
	const char *key, *value;
};

/*
 * All of the changes, or with PROBLEM_INVALID, which names every wrong key and its bounds, none.
 * `by` NULL: the operator on this machine.
 */
int settings_change(struct arena *arena, struct store *store, const struct session *by,
		    const struct setting_change *changes, size_t count, struct problem *why);

/* The same from a JSON object {key: value}; null removes an override. */
int settings_change_json(struct arena *arena, struct store *store, const struct session *by,
			 const json_t *object, struct problem *why);

/* Writes all live settings as an array of setting_shape. */
extern const struct shape setting_shape;
int settings_list(struct store *store, const struct live_settings *live, struct buf *out,
		  struct problem *why);

#endif
