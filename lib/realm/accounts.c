/* Accounts: see accounts.h. */
#include "realm/accounts.h"

#include <inttypes.h>
#include <string.h>

#include "base/arena.h"
#include "base/clock.h"
#include "realm/account_changed.h"
#include "realm/attempts.h"
#include "realm/audit.h"
#include "realm/guess.h"
#include "realm/new_password.h"
#include "realm/presence.h"
#include "realm/users.h"
#include "store/queries.h"

#define FRESH_LOGIN (300 * CLOCK_SECOND)
#define EMAIL_CHANGES 5 /* a day */

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
	return q_sessions_of_user(store, current->user_id, current->id, clock_now(), page_int(page),
				  page_limit(page), page, out, why);
}

struct ending {
	const struct session *current;
	int64_t session_id;
};

static int end(struct store *store, void *context, struct problem *why)
{
	const struct ending *e = context;
	int64_t user_id = e->current->user_id;
	int ended = q_session_delete_of_user(store, user_id, e->session_id, why);
	if (ended <= 0)
		return ended < 0 ? -1 : problem_set(why, PROBLEM_NOT_FOUND);
	TRY(audit_user(store, e->current, AUDIT_SESSION_ENDED, user_id, NULL, why));
	return sessions_say_ended(store, user_id, why);
}

int session_end(struct store *store, const struct session *current, int64_t session_id,
		struct problem *why)
{
	struct ending e = {current, session_id};
	return store_write(store, end, &e, why);
}

static int end_others(struct store *store, void *context, struct problem *why)
{
	const struct session *current = context;
	int ended = q_sessions_delete_others(store, current->user_id, current->id, why);
	if (ended <= 0)
		return ended;
	TRY(audit_user(store, current, AUDIT_SESSION_ENDED, current->user_id, NULL, why));
	return sessions_say_ended(store, current->user_id, why);
}

int sessions_end_others(struct store *store, const struct session *current, struct problem *why)
{
	struct session by = *current;
	return store_write(store, end_others, &by, why);
}

/* --- the password ----------------------------------------------------------------------------- */

/* *hash_r is the hash that was compared. */
static int check_password(struct arena *arena, struct store *store, const struct session *session,
			  const char *password, const char **hash_r, struct problem *why)
{
	struct guess guess = {.name = session->username,
			      .user_id = session->user_id,
			      .session_id = session->id,
			      .caller = session->caller};
	int found = q_user_password(arena, store, session->user_id, hash_r, why);
	if (found <= 0)
		return found < 0 ? -1 : problem_set(why, PROBLEM_TOKEN_INVALID);
	return guess_password(arena, store, &guess, password, *hash_r, why);
}

int account_check_password(struct arena *arena, struct store *store, const struct session *session,
			   const char *password, struct problem *why)
{
	const char *hash;
	return check_password(arena, store, session, password, &hash, why);
}

static const struct field confirmation_rows[] = {
	FIELD(struct confirmation, password, TEXT, .secret = true, .min = 1, .max = 128,
	      .help = "Your password; required when the login is older than five minutes."),
};
const struct fields confirmation_fields = FIELDS(struct confirmation, confirmation_rows);

int account_confirm(struct arena *arena, struct store *store, const struct session *session,
		    const char *password, struct problem *why)
{
	if (!password && clock_now() - session->created_at > FRESH_LOGIN)
		return problem_set(why, PROBLEM_PASSWORD_REQUIRED);
	if (!password)
		return 0;
	int right = account_check_password(arena, store, session, password, why);
	return right == 0 ? problem_say(why, PROBLEM_PASSWORD_REQUIRED,
					"This is not your current password")
			  : right;
}

int account_confirm_email(struct arena *arena, struct store *store, const struct session *session,
			  const char *password, struct problem *why)
{
	const char *who = arena_printf(arena, "%" PRId64, session->user_id);
	TRY(account_confirm(arena, store, session, password, why));
	return attempt_count(store, "email", who, EMAIL_CHANGES, CLOCK_DAY, why);
}

int account_prepare_password(struct arena *arena, struct store *store,
			     const struct session *session, const char *old, const char *password,
			     struct password_change **change_r, struct problem *why)
{
	struct password_change *change = arena_alloc(arena, sizeof(*change));
	struct q_user_profile profile = {0};
	int right = old ? check_password(arena, store, session, old, &change->before, why) : 0;
	if (right <= 0)
		return right < 0 ? -1
				 : problem_field(arena, why, "body", "old_password",
						 "Value error, this is not the current password");
	TRY(q_user_profile(arena, store, session->user_id, &profile, why));
	TRY(new_password_check(arena, "password", password, session->username, profile.email, why));
	TRY(password_hash(password, change->hash, why));
	*change_r = change;
	return 0;
}

struct renewal {
	const struct session *current;
	const struct password_change *change;
};

static int set_password(struct store *store, void *context, struct problem *why)
{
	const struct renewal *r = context;
	int64_t user_id = r->current->user_id;
	int changed = q_user_renew_password(store, user_id, r->change->before, r->change->hash,
					    clock_now(), why);
	if (changed <= 0) /* the password has changed meanwhile */
		return changed < 0 ? -1 : problem_set(why, PROBLEM_TOKEN_INVALID);
	TRY(q_sessions_delete_others(store, user_id, r->current->id, why));
	TRY(audit_user(store, r->current, AUDIT_PASSWORD_CHANGED, user_id, NULL, why));
	return sessions_say_ended(store, user_id, why);
}

int account_set_password(struct store *store, const struct session *current,
			 const struct password_change *change, struct problem *why)
{
	struct renewal r = {.current = current, .change = change};
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
	FIELD(struct privacy, contact, CHOICE, .choices = circles,
	      .help = "Which users may invite you, share with you and address your twin."),
	FIELD(struct privacy, discoverable, TRISTATE,
	      .help = "Whether you are suggested to similar users."),
};
const struct fields privacy_fields = FIELDS(struct privacy, privacy_rows);

static const struct property privacy_properties[] = {
	PROPERTY("presence", TEXT), PROPERTY("relationships", TEXT), PROPERTY("network", TEXT),
	PROPERTY("contact", TEXT),  PROPERTY("discoverable", BOOL),
};
const struct shape privacy_shape = SHAPE("Privacy", privacy_properties);

int privacy_show(struct store *store, int64_t user_id, struct buf *out, struct problem *why)
{
	int found = q_user_privacy(store, user_id, out, why);
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
	int64_t circle;
	TRY(presence_circle(store, c->user_id, &circle, why));
	TRY(q_user_set_privacy(store, c->user_id, p->presence, p->relationships, p->network,
			       p->contact, p->discoverable, clock_now(), why));
	TRY(presence_tell_circle(store, c->user_id, circle, why));
	return account_tell(store, c->user_id, ACCOUNT_PRIVACY, 0, false, why);
}

int privacy_set(struct store *store, int64_t user_id, const struct privacy *privacy,
		struct problem *why)
{
	struct privacy_change c = {user_id, privacy};
	return store_write(store, set_privacy, &c, why);
}

/* --- others ----------------------------------------------------------------------------------- */

int user_profile(struct store *store, const struct session *viewer, int64_t user_id,
		 struct buf *out, struct problem *why)
{
	int found =
		q_user_seen(store, viewer->user_id, user_id, is_administrator(viewer), out, why);
	return found == 0 ? problem_set(why, PROBLEM_USER_NOT_FOUND) : found;
}

int user_as_stranger(struct store *store, int64_t user_id, struct buf *out, struct problem *why)
{
	const int64_t stranger = 0; /* ids count up from 1: nothing ties this viewer to a user */
	int found = q_user_seen(store, stranger, user_id, false, out, why);
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
	int last = q_user_is_last_owner(store, user_id, why);
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
	struct q_user_standing user;
	int found = q_user_standing(m->arena, store, m->user_id, &user, why);
	if (found <= 0)
		return found < 0 ? -1 : problem_set(why, PROBLEM_USER_NOT_FOUND);
	bool owner = strcmp(m->viewer->role, "owner") == 0;
	if (!owner && (strcmp(user.role, "user") != 0 || change->role))
		return problem_say(why, PROBLEM_FORBIDDEN,
				   "Only an owner of the realm may do this");
	if (change->role && strcmp(change->role, user.role) != 0) {
		TRY(check_not_last_owner(store, m->user_id, why));
		TRY(user_set_role(store, m->viewer, m->user_id, change->role, why));
	}
	if (change->is_active < 0 || change->is_active == user.is_active)
		return 0;
	if (!change->is_active)
		TRY(check_not_last_owner(store, m->user_id, why));
	return user_set_active(store, m->viewer, m->user_id, change->is_active, why);
}

int user_moderate(struct arena *arena, struct store *store, const struct session *viewer,
		  int64_t user_id, const struct user_moderation *change, struct problem *why)
{
	struct moderation m = {arena, viewer, user_id, change};
	if (!is_administrator(viewer))
		return problem_set(why, PROBLEM_FORBIDDEN);
	return store_write(store, moderate, &m, why);
}
