/*
 * Invitations to the realm: a code with which users register, as often as the invitation allows.
 * Administrators make them; the database has only the hash of a code.
 */
#ifndef REALM_INVITES_H
#define REALM_INVITES_H

#include "base/fields.h"
#include "store/shape.h"

struct arena;
struct session;

struct invite_new {
	int64_t uses, expires_at;
};
extern const struct fields invite_new_fields;
extern const struct shape invite_shape;

/* For administrators, else PROBLEM_FORBIDDEN. The answer of invite_make() alone has the code. */
int invite_make(struct arena *arena, struct store *store, const struct session *by,
		const struct invite_new *input, struct buf *out, struct problem *why);
int invites_list(struct store *store, const struct session *viewer, struct page *page,
		 struct buf *out, struct problem *why);
int invite_end(struct store *store, const struct session *by, int64_t invite_id,
	       struct problem *why); /* PROBLEM_NOT_FOUND */

/*
 * The invitation of a code that can still be used. PROBLEM_INVITE_INVALID without one, and for code
 * NULL.
 */
int invite_check(struct store *store, const char *code, int64_t *invite_r, struct problem *why);

#endif
