/* Accounts: see users.h. */
#include "realm/users.h"

#include <string.h>

#include "base/arena.h"
#include "base/clock.h"
#include "realm/audit.h"
#include "realm/password.h"
#include "realm/sessions.h"
#include "store/queries.h"

#define EMAIL_PATTERN "^[^@[:space:][:cntrl:]]+@[^@[:space:][:cntrl:]]+\\.[^@[:space:][:cntrl:].]+$"
#define EMAIL_WRONG "value is not a valid email address"

static const struct field new_rows[] = {
	FIELD(struct user_new, username, TEXT, .required = true, .min = 3, .max = 50,
	      .pattern = "^[A-Za-z0-9_.-]+$",
	      .help = "Unique; upper and lower case count as equal."),
	FIELD(struct user_new, email, TEXT, .required = true, .min = 3, .max = 255,
	      .pattern = EMAIL_PATTERN, .wrong = EMAIL_WRONG,
	      .help = "Unique; only the user, owners and admins see it."),
	FIELD(struct user_new, password, TEXT, .required = true, .secret = true, .min = 8,
	      .max = 128, .help = "Password for logins. Only its hash is stored."),
	FIELD(struct user_new, full_name, TEXT, .max = 100, .help = "Full name in the profile."),
	FIELD(struct user_new, bio, TEXT, .max = 500,
	      .help = "Short text about the user in the profile."),
};
const struct fields user_new_fields = FIELDS(struct user_new, new_rows);

static const struct field change_rows[] = {
	FIELD(struct user_change, full_name, TEXT, .max = 100,
	      .help = "New full name; null removes it."),
	FIELD(struct user_change, bio, TEXT, .max = 500,
	      .help = "New text about the user; null removes it."),
	FIELD(struct user_change, email, TEXT, .min = 3, .max = 255, .pattern = EMAIL_PATTERN,
	      .wrong = EMAIL_WRONG, .help = "New email address; it must be unique."),
	FIELD(struct user_change, password, TEXT, .secret = true, .min = 8, .max = 128,
	      .help = "New password; ends all other logins."),
	FIELD(struct user_change, old_password, TEXT, .secret = true, .max = 128,
	      .help = "Current password; required with a new one."),
};
const struct fields user_change_fields = FIELDS(struct user_change, change_rows);

static const struct property user_properties[] = {
	PROPERTY("id", INT, .help = "Ids count up from 1."),
	PROPERTY("username", TEXT),
	PROPERTY("email", TEXT, .nullable = true,
		 .help = "null unless you are the user, an owner or an admin."),
	PROPERTY("full_name", TEXT, .nullable = true),
	PROPERTY("bio", TEXT, .nullable = true),
	PROPERTY("role", TEXT, .help = "owner, admin or user."),
	PROPERTY("is_active", BOOL),
	PROPERTY("created_at", TIME),
	PROPERTY("updated_at", TIME),
};
const struct shape user_shape = SHAPE("User", user_properties);

/* The user `self` may keep its own name and email. */
static int check_free(struct store *store, const char *username, const char *email, int64_t self,
		      struct problem *why)
{
	int64_t holder;
	int found = 0;
	if (username)
		TRY(found = q_user_by_username(store, username, &holder, why));
	if (found && holder != self)
		return problem_set(why, PROBLEM_USERNAME_TAKEN);
	TRY(found = q_user_by_email(store, email, &holder, why));
	if (found && holder != self)
		return problem_set(why, PROBLEM_EMAIL_TAKEN);
	return 0;
}

struct registration {
	const struct user_new *input;
	char hash[PASSWORD_HASH];
	int64_t id;
};

static int insert_user(struct store *store, void *context, struct problem *why)
{
	struct registration *r = context;
	TRY(check_free(store, r->input->username, r->input->email, 0, why));
	TRY(q_user_insert(store, r->input->username, r->input->email, r->hash, r->input->full_name,
			  r->input->bio, clock_now(), &r->id, why));
	return 0;
}

int user_register(struct arena *arena, struct store *store, const struct user_new *input,
		  int64_t *id_r, struct problem *why)
{
	struct registration r = {.input = input};
	(void)arena;
	/* Once before the hash, which costs time, and once under the write lock, which decides. */
	TRY(check_free(store, input->username, input->email, 0, why));
	TRY(password_hash(input->password, r.hash, why));
	TRY(store_write(store, insert_user, &r, why));
	*id_r = r.id;
	return 0;
}

int user_show(struct store *store, int64_t user_id, struct buf *out, struct problem *why)
{
	int found = q_user_self(store, user_id, out, why);
	return found == 0 ? problem_set(why, PROBLEM_USER_NOT_FOUND) : found;
}

struct update {
	struct arena *arena;
	const struct session *by;
	int64_t id;
	struct user_change change;
};

static int update_user(struct store *store, void *context, struct problem *why)
{
	struct update *u = context;
	struct user_change *to = &u->change;
	struct q_user_profile profile;
	int found = q_user_profile(u->arena, store, u->id, &profile, why);
	if (found <= 0)
		return found < 0 ? -1 : problem_set(why, PROBLEM_USER_NOT_FOUND);
	if (to->given & USER_CHANGE_FULL_NAME)
		profile.full_name = to->full_name;
	if (to->given & USER_CHANGE_BIO)
		profile.bio = to->bio;
	if (to->email) {
		TRY(check_free(store, NULL, to->email, u->id, why));
		if (strcmp(profile.email, to->email) != 0)
			TRY(audit_user(store, u->by, AUDIT_EMAIL_CHANGED, u->id, NULL, why));
		profile.email = to->email;
	}
	return q_user_update(store, u->id, profile.full_name, profile.bio, profile.email,
			     clock_now(), why);
}

int user_update(struct arena *arena, struct store *store, const struct session *by,
		const struct user_change *change, struct problem *why)
{
	struct update u = {.arena = arena, .by = by, .id = by->user_id, .change = *change};
	TRY(store_write(store, update_user, &u, why));
	return 0;
}

int users_list(struct store *store, struct page *page, struct buf *out, struct problem *why)
{
	return q_users_list(store, page_int(page), page_limit(page), page, out, why);
}

int user_id_of(struct store *store, const char *username, int64_t *id_r, struct problem *why)
{
	int found = q_user_by_username(store, username, id_r, why);
	return found == 0 ? problem_set(why, PROBLEM_USER_NOT_FOUND) : found;
}

/* Sets one column of a user, and may end the user's sessions. */
struct setting {
	const struct session *by;
	int64_t id;
	enum audit_action action;
	const char *hash, *role;
	bool active, end_sessions;
};

static int apply(struct store *store, void *context, struct problem *why)
{
	struct setting *s = context;
	int changed;
	if (s->hash)
		changed = q_user_set_password(store, s->id, s->hash, clock_now(), why);
	else if (s->role)
		changed = q_user_set_role(store, s->id, s->role, clock_now(), why);
	else
		changed = q_user_set_active(store, s->id, s->active, clock_now(), why);
	if (changed == 0)
		return problem_set(why, PROBLEM_USER_NOT_FOUND);
	TRY(changed);
	if (s->end_sessions)
		TRY(sessions_end(store, s->id, why));
	return audit_user(store, s->by, s->action, s->id, s->role, why);
}

int user_set_password(struct store *store, const struct session *by, int64_t user_id,
		      const char *password, struct problem *why)
{
	char hash[PASSWORD_HASH];
	TRY(password_hash(password, hash, why));
	struct setting s = {.by = by,
			    .id = user_id,
			    .action = AUDIT_PASSWORD_CHANGED,
			    .hash = hash,
			    .end_sessions = true};
	return store_write(store, apply, &s, why);
}

int user_set_role(struct store *store, const struct session *by, int64_t user_id, const char *role,
		  struct problem *why)
{
	struct setting s = {.by = by, .id = user_id, .action = AUDIT_ROLE_CHANGED, .role = role};
	return store_write(store, apply, &s, why);
}

int user_set_active(struct store *store, const struct session *by, int64_t user_id, bool active,
		    struct problem *why)
{
	struct setting s = {.by = by,
			    .id = user_id,
			    .action = active ? AUDIT_ENABLED : AUDIT_DISABLED,
			    .active = active,
			    .end_sessions = !active};
	return store_write(store, apply, &s, why);
}

int user_reachable(struct store *store, int64_t viewer, int64_t other, struct problem *why)
{
	int found = q_user_reachable(store, viewer, other, why);
	return found == 0 ? problem_set(why, PROBLEM_USER_NOT_FOUND) : found;
}
