/* The user commands: accounts on the command line. */
#include <string.h>
#include <sysexits.h>

#include <jansson.h>

#include "base/arena.h"
#include "base/json_out.h"
#include "ctl/ctl.h"
#include "realm/erase.h"
#include "realm/export.h"
#include "realm/sessions.h"
#include "realm/new_password.h"
#include "realm/recovery.h"
#include "realm/registration.h"
#include "realm/totp.h"
#include "realm/users.h"

/* The rules for names, emails and passwords are those of a registration. */
static int decode_user(struct ctl *ctl, const char *name, const char *email, const char *password,
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

/* Answers the user, and a generated password. */
static int show_user(struct ctl *ctl, int64_t id, const char *generated, struct problem *why)
{
	TRY(user_show(ctl->store, id, ctl->out, why));
	if (generated) {
		ctl->out->len--; /* remove the object's bracket, because the password follows */
		jw_kv_text(ctl->out, "password", generated);
		jw_close(ctl->out, '}');
	}
	return 0;
}

static int run_add(struct ctl *ctl, struct problem *why)
{
	bool generated;
	struct user_new user;
	int64_t id;
	if (ctl->role && !role_exists(ctl->role))
		return EX_USAGE;
	const char *password = new_password(ctl, &generated);
	if (!password)
		return EX_USAGE;
	TRY(decode_user(ctl, ctl->args[0], ctl->args[1], password, &user, why));
	TRY(user_add(ctl->arena, ctl->store, &user, ctl->role ? ctl->role : "user", &id, why));
	return show_user(ctl, id, generated ? password : NULL, why);
}

static int run_password(struct ctl *ctl, struct problem *why)
{
	bool generated;
	struct user_new user;
	int64_t id;
	TRY(user_id_of(ctl->store, ctl->args[0], &id, why));
	const char *password = new_password(ctl, &generated);
	if (!password)
		return EX_USAGE;
	TRY(decode_user(ctl, ctl->args[0], "any@example.org", password, &user, why));
	TRY(new_password_check(ctl->arena, "password", password, ctl->args[0], NULL, why));
	TRY(user_set_password(ctl->store, &operator_session, id, password, why));
	return show_user(ctl, id, generated ? password : NULL, why);
}

static int run_role(struct ctl *ctl, struct problem *why)
{
	int64_t id;
	if (!role_exists(ctl->args[1]))
		return EX_USAGE;
	TRY(user_id_of(ctl->store, ctl->args[0], &id, why));
	TRY(user_set_role(ctl->store, &operator_session, id, ctl->args[1], why));
	return show_user(ctl, id, NULL, why);
}

static int run_totp_off(struct ctl *ctl, struct problem *why)
{
	int64_t id;
	TRY(user_id_of(ctl->store, ctl->args[0], &id, why));
	TRY(totp_end(ctl->store, &operator_session, id, why));
	return show_user(ctl, id, NULL, why);
}

static int run_reset(struct ctl *ctl, struct problem *why)
{
	int64_t id;
	TRY(user_id_of(ctl->store, ctl->args[0], &id, why));
	return recovery_grant(ctl->store, &operator_session, id, ctl->out, why);
}

static int set_active(struct ctl *ctl, bool active, struct problem *why)
{
	int64_t id;
	TRY(user_id_of(ctl->store, ctl->args[0], &id, why));
	TRY(user_set_active(ctl->store, &operator_session, id, active, why));
	return show_user(ctl, id, NULL, why);
}

static int run_disable(struct ctl *ctl, struct problem *why)
{
	return set_active(ctl, false, why);
}

static int run_enable(struct ctl *ctl, struct problem *why)
{
	return set_active(ctl, true, why);
}

static int list_pending(struct ctl *ctl, struct page *page, struct buf *out, void *context,
			struct problem *why)
{
	(void)context;
	return users_pending(ctl->store, &operator_session, page, out, why);
}

static int run_pending(struct ctl *ctl, struct problem *why)
{
	return write_all_pages(ctl, list_pending, NULL, why);
}

static int run_approve(struct ctl *ctl, struct problem *why)
{
	int64_t id;
	TRY(user_id_of(ctl->store, ctl->args[0], &id, why));
	TRY(user_approve(ctl->store, &operator_session, id, why));
	return show_user(ctl, id, NULL, why);
}

/* Finishes an erasure, also when the realm does not run. */
static int finish_erasure(struct ctl *ctl, struct problem *why)
{
	int more = 1;
	while (more > 0)
		TRY(more = erase_step(ctl->store, why));
	TRY(store_sync(ctl->store, why));
	jw_open(ctl->out, '{');
	jw_kv_text(ctl->out, "erased", ctl->args[0]);
	jw_close(ctl->out, '}');
	return 0;
}

static int run_reject(struct ctl *ctl, struct problem *why)
{
	int64_t id;
	TRY(user_id_of(ctl->store, ctl->args[0], &id, why));
	TRY(user_reject(ctl->arena, ctl->store, &operator_session, id, why));
	return finish_erasure(ctl, why);
}

static int run_erase(struct ctl *ctl, struct problem *why)
{
	int64_t id;
	TRY(user_id_of(ctl->store, ctl->args[0], &id, why));
	if (!ctl->force)
		return refuse(EX_USAGE,
			      "an erased account cannot be restored; confirm with --force");
	TRY(user_erase(ctl->arena, ctl->store, &operator_session, id, why));
	return finish_erasure(ctl, why);
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
	TRY(user_export(ctl->arena, ctl->store, &operator_session, id, ctl->out, print_part, NULL,
			why));
	putchar('\n');
	return 0;
}

static int list_page(struct ctl *ctl, struct page *page, struct buf *out, void *context,
		     struct problem *why)
{
	(void)context;
	return users_list(ctl->store, 0, page, out, why);
}

static int run_list(struct ctl *ctl, struct problem *why)
{
	return write_all_pages(ctl, list_page, NULL, why);
}

const struct command user_commands[] = {
	{"user add", "NAME EMAIL",
	 "Create an account.\n\n"
	 "Asks for the password, or reads it from the standard input (--password-stdin), or\n"
	 "generates and prints it (--generate). Make the first owner of a realm with --role owner.",
	 .takes = TAKES_PASSWORD | TAKES_ROLE, .args = 2, .needs = NEEDS_REALM, .run = run_add},
	{"user list", "", "List the accounts, newest first.", .needs = NEEDS_REALM, .run = run_list,
	 .columns = "id username email role is_active created_at"},
	{"user password", "NAME", "Set a new password.\n\nThis ends all logins of the account.",
	 .takes = TAKES_PASSWORD, .args = 1, .needs = NEEDS_REALM, .run = run_password},
	{"user reset", "NAME",
	 "Make a code with which a user sets a new password.\n\n"
	 "It is valid for a day, and once. The user enters it in the web client, or sends it to\n"
	 "POST /api/v1/users/password/reset.",
	 .args = 1, .needs = NEEDS_REALM, .run = run_reset},
	{"user role", "NAME ROLE", "Set a user's role: owner, admin or user.", .args = 2,
	 .needs = NEEDS_REALM, .run = run_role},
	{"user pending", "", "List the accounts that wait for approval.", .needs = NEEDS_REALM,
	 .run = run_pending, .columns = "id username email created_at"},
	{"user approve", "NAME", "Let an account in that waits for approval.", .args = 1,
	 .needs = NEEDS_REALM, .run = run_approve},
	{"user reject", "NAME", "Erase an account that waits for approval.", .args = 1,
	 .needs = NEEDS_REALM, .run = run_reject},
	{"user totp-off", "NAME", "Switch off the second factor of a user who has lost it.",
	 .args = 1, .needs = NEEDS_REALM, .run = run_totp_off},
	{"user disable", "NAME",
	 "Disable an account.\n\nThis ends its logins; its messages and knowledge stay.", .args = 1,
	 .needs = NEEDS_REALM, .run = run_disable},
	{"user enable", "NAME", "Enable a disabled account.", .args = 1, .needs = NEEDS_REALM,
	 .run = run_enable},
	{"user export", "NAME", "Print all data about a user, as JSON.", .args = 1,
	 .needs = NEEDS_REALM, .run = run_export},
	{"user erase", "NAME",
	 "Erase an account and its data.\n\n"
	 "This cannot be undone. Its messages in rooms stay, as a deleted user's.",
	 .takes = TAKES_FORCE, .args = 1, .needs = NEEDS_REALM, .run = run_erase},
	{0},
};
