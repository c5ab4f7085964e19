/* Accounts: see users.h. */
#include "realm/users.h"

#include <string.h>

#include "base/arena.h"
#include "base/clock.h"
#include "base/utf8.h"
#include "realm/account_changed.h"
#include "realm/audit.h"
#include "realm/events.h"
#include "realm/mails.h"
#include "realm/password.h"
#include "realm/person.h"
#include "realm/sessions.h"
#include "store/queries.h"

static const struct field change_rows[] = {
	FIELD(struct user_change, full_name, TEXT, .max = 100, .line = true,
	      .help = "New full name; null removes it."),
	FIELD(struct user_change, bio, TEXT, .max = 500,
	      .help = "New text about the user; null removes it."),
	FIELD(struct user_change, email, TEXT, .min = 3, .max = 255, .pattern = EMAIL_PATTERN,
	      .wrong = EMAIL_WRONG,
	      .help = "New email address; it must be unique. Wants the password when the login is "
		      "older "
		      "than five minutes."),
	FIELD(struct user_change, password, TEXT, .secret = true, .min = 8, .max = 128,
	      .help = "New password, which ends all other logins; or with an email and without "
		      "old_password, the current one."),
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
	PROPERTY("twin", OBJECT, .nullable = true, .help = TWIN_OF_PERSON),
	PROPERTY("may_contact", BOOL,
		 .help = "Whether you may invite the user, share with the user and address the "
			 "twin."),
};
const struct shape user_shape = SHAPE("User", user_properties);

int user_check_free(struct store *store, const char *username, const char *email_key, int64_t self,
		    struct problem *why)
{
	int64_t holder;
	int found = 0;
	if (username)
		TRY(found = q_user_by_username(store, username, &holder, why));
	if (found && holder != self)
		return problem_set(why, PROBLEM_USERNAME_TAKEN);
	TRY(found = q_user_by_email(store, email_key, &holder, why));
	if (found && holder != self)
		return problem_set(why, PROBLEM_EMAIL_TAKEN);
	return 0;
}

int email_check(struct arena *arena, const char *email_key, struct problem *why)
{
	const char *domain = strchr(email_key, '@');
	bool wrong = !domain || domain == email_key || strchr(domain + 1, '@') ||
		     strpbrk(email_key, " ,;<>()[]\\\"") || !strchr(domain, '.') ||
		     domain[strlen(domain) - 1] == '.' || domain[strlen(domain) - 1] == '-';
	for (const char *at = domain; !wrong && at; at = strpbrk(at + 1, "."))
		wrong = at[1] == '.' || at[1] == '-' || (at > domain && at[-1] == '-');
	return wrong ? problem_field(arena, why, "body", "email", "Value error, " EMAIL_WRONG) : 0;
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
	const char *email_key;
};

static int update_user(struct store *store, void *context, struct problem *why)
{
	struct update *u = context;
	struct user_change *to = &u->change;
	struct q_user_profile profile;
	bool is_new_address = false;
	int found = q_user_profile(u->arena, store, u->id, &profile, why);
	if (found <= 0)
		return found < 0 ? -1 : problem_set(why, PROBLEM_USER_NOT_FOUND);
	if (to->given & USER_CHANGE_FULL_NAME)
		profile.full_name = to->full_name;
	if (to->given & USER_CHANGE_BIO)
		profile.bio = to->bio;
	if (to->email) {
		TRY(user_check_free(store, NULL, u->email_key, u->id, why));
		is_new_address = strcmp(profile.email, to->email) != 0;
		if (is_new_address)
			TRY(audit_user(store, u->by, AUDIT_EMAIL_CHANGED, u->id, NULL, why));
		profile.email = to->email;
	}
	TRY(q_user_update(store, u->id, profile.full_name, profile.bio, profile.email,
			  utf8_key(u->arena, profile.email), clock_now(), why));
	if (is_new_address)
		TRY(mail_queue(store, u->id, MAIL_ADDRESS, NULL, why));
	return account_tell(store, u->id, ACCOUNT_PROFILE, 0, false, why);
}

int user_update(struct arena *arena, struct store *store, const struct session *by,
		const struct user_change *change, struct problem *why)
{
	struct update u = {.arena = arena, .by = by, .id = by->user_id, .change = *change};
	if (change->email) {
		u.email_key = utf8_key(arena, change->email);
		TRY(email_check(arena, u.email_key, why));
	}
	TRY(store_write(store, update_user, &u, why));
	return 0;
}

int users_list(struct store *store, int64_t viewer, struct page *page, struct buf *out,
	       struct problem *why)
{
	return q_users_list(store, viewer, page_int(page), page_limit(page), page, out, why);
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

/* Events that administrators alone may read, which a replay would still give. */
static int forget_events(struct store *store, int64_t user_id, struct problem *why)
{
	TRY(q_events_forget(store, user_id, event_name(EVENT_REPORT_CREATED), why));
	return q_events_forget(store, user_id, event_name(EVENT_REGISTRATION_PENDING), why);
}

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
	if (s->role) {
		TRY(forget_events(store, s->id, why));
		TRY(account_tell(store, s->id, ACCOUNT_PROFILE, 0, false, why));
	}
	if (!s->hash && !s->role)
		TRY(account_tell_others(store, s->id, why));
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

int user_check_contact(struct store *store, int64_t viewer, int64_t other, struct problem *why)
{
	bool open;
	int found = q_user_contact(store, viewer, other, &open, why);
	if (found <= 0)
		return found < 0 ? -1 : problem_set(why, PROBLEM_USER_NOT_FOUND);
	return open ? 0 : problem_set(why, PROBLEM_CONTACT_REFUSED);
}
