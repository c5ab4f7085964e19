/* The user commands: accounts without the web. */
#include <string.h>
#include <sysexits.h>

#include <jansson.h>

#include "base/arena.h"
#include "base/json_out.h"
#include "ctl/ctl.h"
#include "realm/erase.h"
#include "realm/export.h"
#include "realm/users.h"

/* The rules for names, emails and passwords are those of a registration. */
static int take_user(struct ctl *ctl, const char *name, const char *email, const char *password,
		     struct user_new *user, struct problem *why)
{
	const struct pair pairs[] = {{"username", name, strlen(name)},
				     {"email", email, strlen(email)},
				     {"password", password, strlen(password)}};
	struct buf *faults = buf_in(ctl->arena);
	fields_from_pairs(ctl->arena, &user_new_fields, pairs, 3, "body", user, faults);
	return faults_raise(faults, why);
}

static bool role_exists(const char *role)
{
	static const char *const roles[] = {"owner", "admin", "user"};
	for (size_t i = 0; i < sizeof(roles) / sizeof(*roles); i++)
		if (strcmp(roles[i], role) == 0)
			return true;
	refuse(EX_USAGE, "a role is owner, admin or user, not '%s'", role);
	return false;
}

/* The user as it is now, and the password if nobody knows it yet. */
static int show(struct ctl *ctl, int64_t id, const char *made, struct problem *why)
{
	TRY(user_show(ctl->store, id, ctl->out, why));
	if (made) {
		ctl->out->len--; /* reopens the object */
		jw_kv_text(ctl->out, "password", made);
		jw_close(ctl->out, '}');
	}
	return 0;
}

static int run_add(struct ctl *ctl, struct problem *why)
{
	bool made;
	struct user_new user;
	int64_t id;
	if (ctl->role && !role_exists(ctl->role))
		return EX_USAGE;
	const char *password = new_password(ctl, &made);
	if (!password)
		return EX_USAGE;
	TRY(take_user(ctl, ctl->args[0], ctl->args[1], password, &user, why));
	TRY(user_register(ctl->arena, ctl->store, &user, &id, why));
	if (ctl->role)
		TRY(user_set_role(ctl->store, id, ctl->role, why));
	return show(ctl, id, made ? password : NULL, why);
}

static int run_password(struct ctl *ctl, struct problem *why)
{
	bool made;
	struct user_new user;
	int64_t id;
	TRY(user_id_of(ctl->store, ctl->args[0], &id, why));
	const char *password = new_password(ctl, &made);
	if (!password)
		return EX_USAGE;
	TRY(take_user(ctl, ctl->args[0], "any@example.org", password, &user, why));
	TRY(user_set_password(ctl->store, id, password, why));
	return show(ctl, id, made ? password : NULL, why);
}

static int run_role(struct ctl *ctl, struct problem *why)
{
	int64_t id;
	if (!role_exists(ctl->args[1]))
		return EX_USAGE;
	TRY(user_id_of(ctl->store, ctl->args[0], &id, why));
	TRY(user_set_role(ctl->store, id, ctl->args[1], why));
	return show(ctl, id, NULL, why);
}

static int set_active(struct ctl *ctl, bool active, struct problem *why)
{
	int64_t id;
	TRY(user_id_of(ctl->store, ctl->args[0], &id, why));
	TRY(user_set_active(ctl->store, id, active, why));
	return show(ctl, id, NULL, why);
}

static int run_disable(struct ctl *ctl, struct problem *why)
{
	return set_active(ctl, false, why);
}

static int run_enable(struct ctl *ctl, struct problem *why)
{
	return set_active(ctl, true, why);
}

static int run_erase(struct ctl *ctl, struct problem *why)
{
	int64_t id;
	int more = 1;
	TRY(user_id_of(ctl->store, ctl->args[0], &id, why));
	if (!ctl->force)
		return refuse(EX_USAGE, "what is erased is gone for good: say --force");
	TRY(user_erase(ctl->arena, ctl->store, id, why));
	while (more > 0)
		TRY(more = erase_step(ctl->store, why));
	TRY(store_sync(ctl->store, why));
	jw_open(ctl->out, '{');
	jw_kv_text(ctl->out, "erased", ctl->args[0]);
	jw_close(ctl->out, '}');
	return 0;
}

static int print_part(struct buf *out, int done, int total, void *context, struct problem *why)
{
	(void)context, (void)why;
	progress("export", done, total);
	fwrite(out->data, 1, out->len, stdout);
	buf_clear(out);
	return 0;
}

static int run_export(struct ctl *ctl, struct problem *why)
{
	int64_t id;
	TRY(user_id_of(ctl->store, ctl->args[0], &id, why));
	TRY(user_export(ctl->arena, ctl->store, id, ctl->out, print_part, NULL, why));
	putchar('\n');
	return 0;
}

static int run_list(struct ctl *ctl, struct problem *why)
{
	struct page page = {.limit = 200};
	struct buf *part = buf_in(ctl->arena);
	jw_open(ctl->out, '[');
	do {
		char *after = *page.next ? arena_strdup(ctl->arena, page.next) : NULL;
		page.after = after;
		buf_clear(part);
		TRY(users_list(ctl->store, &page, part, why));
		if (part->len > 2)
			jw_raw(ctl->out, part->data + 1, part->len - 2);
	} while (*page.next);
	jw_close(ctl->out, ']');
	return 0;
}

const struct command user_commands[] = {
	{"user add", "NAME EMAIL",
	 "Add an account.\n\n"
	 "Asks for the password, unless it comes on the standard input or is made up\n"
	 "and printed. The first account of a realm is its owner.",
	 .takes = TAKES_PASSWORD | TAKES_ROLE, .args = 2, .needs = NEEDS_REALM, .run = run_add},
	{"user list", "", "List the accounts, newest first.", .needs = NEEDS_REALM, .run = run_list,
	 .columns = "id username email role is_active created_at"},
	{"user password", "NAME", "Set a new password.\n\nAll logins of the account end.",
	 .takes = TAKES_PASSWORD, .args = 1, .needs = NEEDS_REALM, .run = run_password},
	{"user role", "NAME ROLE", "Make somebody owner, admin or user.", .args = 2,
	 .needs = NEEDS_REALM, .run = run_role},
	{"user disable", "NAME", "Close an account.\n\nIts logins end; what it wrote stays.",
	 .args = 1, .needs = NEEDS_REALM, .run = run_disable},
	{"user enable", "NAME", "Open a closed account again.", .args = 1, .needs = NEEDS_REALM,
	 .run = run_enable},
	{"user export", "NAME", "Print everything that is held about somebody, as JSON.", .args = 1,
	 .needs = NEEDS_REALM, .run = run_export},
	{"user erase", "NAME",
	 "Erase an account for good.\n\n"
	 "All that it was and had goes; what it said in rooms stays, as of a deleted user.",
	 .takes = TAKES_FORCE, .args = 1, .needs = NEEDS_REALM, .run = run_erase},
	{0},
};
