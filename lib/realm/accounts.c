/* Accounts: see accounts.h. */
#include "realm/accounts.h"

#include <string.h>

#include "base/arena.h"
#include "base/clock.h"
#include "realm/password.h"
#include "realm/users.h"

/* --- sessions --------------------------------------------------------------------------------- */

static const struct property session_properties[] = {
	PROPERTY("id", INT),
	PROPERTY("client", TEXT, .nullable = true, .help = "Name of the program that signed in."),
	PROPERTY("created_at", TIME),
	PROPERTY("expires_at", TIME),
	PROPERTY("is_current", BOOL, .help = "Whether this request used it."),
};
const struct shape session_shape = SHAPE("Session", session_properties);

int sessions_list(struct store *store, const struct session *current, struct page *page,
		  struct buf *out, struct problem *why)
{
	return store_list(store, out, why, Q_SESSIONS_OF_USER, &session_shape, page, "lllli",
			  current->user_id, current->id, clock_now(), page_int(page),
			  page_limit(page));
}

struct ending {
	int64_t user_id, session_id;
};

static int end(struct store *store, void *context, struct problem *why)
{
	const struct ending *e = context;
	int ended =
		store_exec(store, why, Q_SESSION_DELETE_OF_USER, "ll", e->user_id, e->session_id);
	if (ended <= 0)
		return ended < 0 ? -1 : problem_set(why, PROBLEM_NOT_FOUND);
	return sessions_say_ended(store, e->user_id, why);
}

int session_end(struct store *store, int64_t user_id, int64_t session_id, struct problem *why)
{
	struct ending e = {user_id, session_id};
	return store_write(store, end, &e, why);
}

/* --- the password ----------------------------------------------------------------------------- */

struct renewal {
	const struct session *current;
	const char *before, *hash;
};

static int set_password(struct store *store, void *context, struct problem *why)
{
	const struct renewal *r = context;
	int64_t user_id = r->current->user_id;
	int changed = store_exec(store, why, Q_USER_RENEW_PASSWORD, "lttl", user_id, r->before,
				 r->hash, clock_now());
	if (changed <= 0) /* somebody else was faster */
		return changed < 0 ? -1 : problem_set(why, PROBLEM_TOKEN_INVALID);
	TRY(store_exec(store, why, Q_SESSIONS_DELETE_OTHERS, "ll", user_id, r->current->id));
	return sessions_say_ended(store, user_id, why);
}

int account_set_password(struct arena *arena, struct store *store, const struct session *current,
			 const char *old, const char *password, struct problem *why)
{
	char hash[PASSWORD_HASH];
	struct renewal r = {.current = current, .hash = hash};
	int found =
		store_get(arena, store, why, Q_USER_PASSWORD, "l>t", current->user_id, &r.before);
	if (found <= 0)
		return found < 0 ? -1 : problem_set(why, PROBLEM_TOKEN_INVALID);
	if (!old || !password_verify(old, r.before))
		return problem_field(arena, why, "body", "old_password",
				     "Value error, this is not the current password");
	TRY(password_hash(password, hash, why));
	return store_write(store, set_password, &r, why);
}

/* --- privacy ---------------------------------------------------------------------------------- */

static const char *const circles[] = {"everyone", "friends", "nobody", NULL};
static const struct field privacy_rows[] = {
	FIELD(struct privacy, presence, CHOICE, .choices = circles,
	      .help = "Which users see your presence and current room."),
	FIELD(struct privacy, relationships, CHOICE, .choices = circles,
	      .help = "Which users see your relationships."),
	FIELD(struct privacy, network, CHOICE, .choices = circles,
	      .help = "Which users find your connections through you."),
	FIELD(struct privacy, discoverable, TRISTATE,
	      .help = "Whether you are suggested to similar users."),
};
const struct fields privacy_fields = FIELDS(struct privacy, privacy_rows);

static const struct property privacy_properties[] = {
	PROPERTY("presence", TEXT),
	PROPERTY("relationships", TEXT),
	PROPERTY("network", TEXT),
	PROPERTY("discoverable", BOOL),
};
const struct shape privacy_shape = SHAPE("Privacy", privacy_properties);

int privacy_show(struct store *store, int64_t user_id, struct buf *out, struct problem *why)
{
	int found = store_object(store, out, why, Q_USER_PRIVACY, &privacy_shape, "l", user_id);
	return found == 0 ? problem_set(why, PROBLEM_USER_NOT_FOUND) : found;
}

struct privacy_change {
	int64_t user_id;
	const struct privacy *privacy;
};

static int set_privacy(struct store *store, void *context, struct problem *why)
{
	const struct privacy_change *c = context;
	const struct privacy *p = c->privacy;
	return store_exec(store, why, Q_USER_SET_PRIVACY, "ltttil", c->user_id, p->presence,
			  p->relationships, p->network, p->discoverable, clock_now());
}

int privacy_set(struct store *store, int64_t user_id, const struct privacy *privacy,
		struct problem *why)
{
	struct privacy_change c = {user_id, privacy};
	return store_write(store, set_privacy, &c, why);
}

/* --- others ----------------------------------------------------------------------------------- */

bool is_administrator(const struct session *session)
{
	return strcmp(session->role, "user") != 0;
}

int user_profile(struct store *store, const struct session *viewer, int64_t user_id,
		 struct buf *out, struct problem *why)
{
	int found = store_object(store, out, why, Q_USER_SEEN, &user_shape, "lli", viewer->user_id,
				 user_id, is_administrator(viewer));
	return found == 0 ? problem_set(why, PROBLEM_USER_NOT_FOUND) : found;
}

static const char *const roles[] = {"owner", "admin", "user", NULL};
static const struct field moderation_rows[] = {
	FIELD(struct user_moderation, role, CHOICE, .choices = roles, .help = "Only for owners."),
	FIELD(struct user_moderation, is_active, TRISTATE,
	      .help = "false: the user cannot sign in and is hidden; messages and knowledge stay."),
};
const struct fields user_moderation_fields = FIELDS(struct user_moderation, moderation_rows);

int check_not_last_owner(struct store *store, int64_t user_id, struct problem *why)
{
	int last = store_get(NULL, store, why, Q_USER_IS_LAST_OWNER, "l", user_id);
	return last > 0 ? problem_set(why, PROBLEM_LAST_OWNER) : last;
}

struct moderation {
	struct arena *arena;
	const struct session *viewer;
	int64_t user_id;
	const struct user_moderation *change;
};

static int moderate(struct store *store, void *context, struct problem *why)
{
	const struct moderation *m = context;
	const struct user_moderation *change = m->change;
	const char *role;
	int active;
	int found = store_get(m->arena, store, why, Q_USER_STANDING, "l>ti", m->user_id, &role,
			      &active);
	if (found <= 0)
		return found < 0 ? -1 : problem_set(why, PROBLEM_USER_NOT_FOUND);
	bool owner = strcmp(m->viewer->role, "owner") == 0;
	if (!owner && (strcmp(role, "user") != 0 || change->role))
		return problem_say(why, PROBLEM_FORBIDDEN,
				   "Only an owner of the realm may do this");
	if (change->role && strcmp(change->role, role) != 0) {
		TRY(check_not_last_owner(store, m->user_id, why));
		TRY(user_set_role(store, m->user_id, change->role, why));
	}
	if (change->is_active < 0 || change->is_active == active)
		return 0;
	if (!change->is_active)
		TRY(check_not_last_owner(store, m->user_id, why));
	return user_set_active(store, m->user_id, change->is_active, why);
}

int user_moderate(struct arena *arena, struct store *store, const struct session *viewer,
		  int64_t user_id, const struct user_moderation *change, struct problem *why)
{
	struct moderation m = {arena, viewer, user_id, change};
	if (!is_administrator(viewer))
		return problem_set(why, PROBLEM_FORBIDDEN);
	return store_write(store, moderate, &m, why);
}
