/*
 * Export: everything that the realm keeps about a user, as one JSON document for this user.
 *
 * It is written part by part and read page by page, so that neither memory nor a transaction grows
 * with it. Data that changes meanwhile is exported as it was when its page was read.
 */
#ifndef REALM_EXPORT_H
#define REALM_EXPORT_H

#include <stdint.h>

#include "base/buf.h"
#include "base/problem.h"

struct arena;
struct session;
struct shape;
struct store;

extern const struct shape export_shape;

/* Shapes that only the export uses. */
extern const struct shape exported_ban_shape;
extern const struct shape exported_invitation_shape;
extern const struct shape exported_membership_shape;
extern const struct shape exported_network_shape;
extern const struct shape exported_presence_shape;
extern const struct shape exported_reaction_shape;
extern const struct shape exported_share_shape;
extern const struct shape exported_vote_shape;

/* Takes the bytes out of the buffer and empties it. `done` of `total` parts are written. */
typedef int export_flush(struct buf *out, int done, int total, void *context, struct problem *why);

int user_export(struct arena *arena, struct store *store, const struct session *by, int64_t user_id,
		struct buf *out, export_flush *flush, void *context, struct problem *why);

#endif
