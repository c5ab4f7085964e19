/* Suspension: see suspension.h. */
#include "realm/suspension.h"

#include <string.h>

#include "base/arena.h"
#include "base/clock.h"
#include "realm/audit.h"
#include "realm/person.h"
#include "realm/removal.h"
#include "realm/session.h"
#include "realm/sessions.h"
#include "store/queries.h"

static const struct field suspension_rows[] = {
	FIELD(struct suspension, until, TIME,
	      .help = "End of the suspension. Without one it lasts until an administrator ends "
		      "it."),
	FIELD(struct suspension, reason, TEXT, .required = true, .min = 1, .max = REASON_MAX,
	      .help = "Why; the user is told at the next login."),
	FIELD(struct suspension, remove_content, BOOL, .default_value = "false",
	      .help = "Also remove all messages, knowledge, interactions and answers of the user, "
		      "and the texts of the profile and of own rooms."),
};
const struct fields suspension_fields = FIELDS(struct suspension, suspension_rows);

static const struct property suspension_properties[] = {
	PROPERTY("id", INT, .help = "Id of the user."),
	PROPERTY("username", TEXT),
	PERSON_NAMES,
	PROPERTY("suspended_at", TIME),
	PROPERTY("suspended_until", TIME, .nullable = true, .help = "null: without an end."),
	PROPERTY("reason", TEXT),
};
const struct shape suspension_shape = SHAPE("Suspension", suspension_properties);

struct order {
	struct arena *arena;
	const struct session *by;
	int64_t user_id;
	const struct suspension *suspension;
};

/* Sets the role of the user. */
static int check_allowed(struct store *store, const struct order *o, const char **role_r,
			 struct problem *why)
{
	struct q_user_for_moderation user;
	int found = q_user_for_moderation(o->arena, store, o->by->user_id, o->user_id, &user, why);
	if (found <= 0)
		return found < 0 ? -1 : problem_set(why, PROBLEM_USER_NOT_FOUND);
	*role_r = user.role;
	return user.allowed ? 0 : problem_set(why, PROBLEM_FORBIDDEN);
}

static int run(struct store *store, int (*change)(struct store *, void *, struct problem *),
	       struct order *order, struct problem *why)
{
	if (!is_administrator(order->by))
		return problem_set(why, PROBLEM_FORBIDDEN);
	return store_write(store, change, order, why);
}

static int suspend(struct store *store, void *context, struct problem *why)
{
	const struct order *o = context;
	const struct suspension *s = o->suspension;
	const char *role;
	int64_t now = clock_now();
	TRY(check_allowed(store, o, &role, why));
	if (strcmp(role, "owner") == 0)
		return problem_say(why, PROBLEM_FORBIDDEN,
				   "An owner cannot be suspended. Change the role first.");
	if (s->until && s->until <= now)
		return problem_field(o->arena, why, "body", "until",
				     "Value error, the end must be in the future");
	TRY(q_user_suspend(store, o->user_id, s->until, s->reason, now, why));
	TRY(audit_user(store, o->by, AUDIT_SUSPENDED, o->user_id, s->reason, why));
	if (s->remove_content)
		TRY(content_remove(store, o->by, o->user_id, s->reason, why));
	return sessions_end(store, o->user_id, why);
}

int user_suspend(struct arena *arena, struct store *store, const struct session *by,
		 int64_t user_id, const struct suspension *suspension, struct problem *why)
{
	struct order o = {arena, by, user_id, suspension};
	return run(store, suspend, &o, why);
}

static int unsuspend(struct store *store, void *context, struct problem *why)
{
	const struct order *o = context;
	const char *role;
	TRY(check_allowed(store, o, &role, why));
	int changed = q_user_unsuspend(store, o->user_id, why);
	return changed <= 0 ? changed
			    : audit_user(store, o->by, AUDIT_UNSUSPENDED, o->user_id, NULL, why);
}

int user_unsuspend(struct arena *arena, struct store *store, const struct session *by,
		   int64_t user_id, struct problem *why)
{
	struct order o = {arena, by, user_id, NULL};
	return run(store, unsuspend, &o, why);
}

static int end_sessions(struct store *store, void *context, struct problem *why)
{
	const struct order *o = context;
	const char *role;
	TRY(check_allowed(store, o, &role, why));
	TRY(audit_user(store, o->by, AUDIT_SESSION_ENDED, o->user_id, NULL, why));
	return sessions_end(store, o->user_id, why);
}

int user_end_sessions(struct arena *arena, struct store *store, const struct session *by,
		      int64_t user_id, struct problem *why)
{
	struct order o = {arena, by, user_id, NULL};
	return run(store, end_sessions, &o, why);
}

int suspensions_list(struct store *store, const struct session *viewer, struct page *page,
		     struct buf *out, struct problem *why)
{
	if (!is_administrator(viewer))
		return problem_set(why, PROBLEM_FORBIDDEN);
	return q_suspension_list(store, clock_now(), page_int(page), page_limit(page), page, out,
				 why);
}
