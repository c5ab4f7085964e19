/* Invitations to the realm: see invites.h. */
#include "realm/invites.h"

#include <inttypes.h>
#include <stdio.h>

#include "base/arena.h"
#include "base/clock.h"
#include "base/faults.h"
#include "realm/audit.h"
#include "realm/codes.h"
#include "realm/session.h"
#include "store/queries.h"

#define LASTS (7 * CLOCK_DAY) /* when the caller names no end */
#define LASTS_MOST (366 * CLOCK_DAY)
#define KEPT (30 * CLOCK_DAY) /* after its end */

static const struct field new_rows[] = {
	FIELD(struct invite_new, uses, INT, .min = 1, .max = 1000, .default_value = "1",
	      .help = "How many users may register with the code."),
	FIELD(struct invite_new, expires_at, TIME,
	      .help = "When the invitation ends: within a year; in seven days by default."),
};
const struct fields invite_new_fields = FIELDS(struct invite_new, new_rows);

static const struct property invite_properties[] = {
	PROPERTY("id", INT),
	PROPERTY("created_by", INT),
	PROPERTY("created_at", TIME),
	PROPERTY("expires_at", TIME),
	PROPERTY("uses", INT),
	PROPERTY("used", INT, .help = "How many users have registered with the code."),
	PROPERTY("code", TEXT, .nullable = true,
		 .help = "null but in the answer that makes the invitation."),
};
const struct shape invite_shape = SHAPE("Invite", invite_properties);

struct making {
	const struct session *by;
	const struct invite_new *input;
	char code[CODE_TEXT];
	int64_t id;
};

static int note(struct store *store, const struct session *by, enum audit_action action, int64_t id,
		struct problem *why)
{
	char object[24];
	snprintf(object, sizeof(object), "%" PRId64, id);
	return audit(store,
		     &(struct audit_entry){.action = action,
					   .caller = by->caller,
					   .actor = by->user_id,
					   .kind = "invite",
					   .object = object},
		     why);
}

static int insert_invite(struct store *store, void *context, struct problem *why)
{
	struct making *m = context;
	unsigned char hash[CODE_HASH];
	int64_t now = clock_now();
	int64_t expires = m->input->expires_at ? m->input->expires_at : now + LASTS;
	code_hash(m->code, hash);
	TRY(q_invites_delete_expired(store, now - KEPT, why));
	TRY(q_invite_insert(store, hash, sizeof(hash), m->by->user_id, now, expires, m->input->uses,
			    &m->id, why));
	return note(store, m->by, AUDIT_INVITED, m->id, why);
}

int invite_make(struct arena *arena, struct store *store, const struct session *by,
		const struct invite_new *input, struct buf *out, struct problem *why)
{
	struct making m = {.by = by, .input = input};
	int64_t now = clock_now();
	if (!is_administrator(by))
		return problem_set(why, PROBLEM_FORBIDDEN);
	if (input->expires_at && (input->expires_at <= now || input->expires_at > now + LASTS_MOST))
		return problem_field(arena, why, "body", "expires_at",
				     "Value error, should be within the next year");
	code_make(m.code);
	TRY(store_write(store, insert_invite, &m, why));
	TRY(q_invite_show(store, m.id, m.code, out, why));
	return 0;
}

int invites_list(struct store *store, const struct session *viewer, struct page *page,
		 struct buf *out, struct problem *why)
{
	if (!is_administrator(viewer))
		return problem_set(why, PROBLEM_FORBIDDEN);
	return q_invites_list(store, page_int(page), page_limit(page), page, out, why);
}

struct ending {
	const struct session *by;
	int64_t id;
};

static int delete_invite(struct store *store, void *context, struct problem *why)
{
	const struct ending *e = context;
	int deleted = q_invite_delete(store, e->id, why);
	if (deleted <= 0)
		return deleted < 0 ? -1 : problem_set(why, PROBLEM_NOT_FOUND);
	return note(store, e->by, AUDIT_INVITE_ENDED, e->id, why);
}

int invite_end(struct store *store, const struct session *by, int64_t invite_id,
	       struct problem *why)
{
	struct ending e = {by, invite_id};
	if (!is_administrator(by))
		return problem_set(why, PROBLEM_FORBIDDEN);
	return store_write(store, delete_invite, &e, why);
}

int invite_check(struct store *store, const char *code, int64_t *invite_r, struct problem *why)
{
	unsigned char hash[CODE_HASH];
	if (!code)
		return problem_say(why, PROBLEM_INVITE_INVALID,
				   "This realm asks for an invitation code");
	code_hash(code, hash);
	int found = q_invite_usable(store, hash, sizeof(hash), clock_now(), invite_r, why);
	return found == 0 ? problem_set(why, PROBLEM_INVITE_INVALID) : found;
}
