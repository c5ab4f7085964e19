/*
 * Turns as the owners of twins see them: why a twin said a thing. A turn exists for the owner of
 * the twin alone: for others it is PROBLEM_NOT_FOUND. Turns that answer a user with a block are
 * hidden.
 */
#ifndef REALM_TURN_LIST_H
#define REALM_TURN_LIST_H

#include "base/fields.h"
#include "store/shape.h"

struct settings;

struct turn_filter {
	const char *state; /* NULL: all */
};
extern const struct fields turn_filter_fields;

extern const struct shape turn_shape, twin_status_shape;

int turns_list(struct store *store, int64_t owner, const struct turn_filter *filter,
	       struct page *page, struct buf *out, struct problem *why);
int turn_show(struct store *store, int64_t owner, int64_t id, struct buf *out, struct problem *why);

/* What the twin has done today, what it may do, and which texts leave the machine for it. */
int twin_status(struct store *store, const struct settings *settings, int64_t owner,
		struct buf *out, struct problem *why);

#endif
