/* Moderation on the command line: the operator may do what an owner of the realm may. */
#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "base/fields.h"
#include "base/json_out.h"
#include "ctl/ctl.h"
#include "realm/moderation.h"
#include "realm/removal.h"
#include "realm/reports.h"
#include "realm/sessions.h"
#include "realm/suspension.h"
#include "realm/users.h"

/* The rules are those of the API. A pair without a value is left out. */
static int decode(struct ctl *ctl, const struct fields *fields, struct pair *pairs, size_t count,
		  void *out, struct problem *why)
{
	struct buf *faults = buf_in(ctl->arena);
	size_t given = 0;
	for (size_t i = 0; i < count; i++)
		if (pairs[i].value) {
			pairs[given] = pairs[i];
			pairs[given++].bytes = strlen(pairs[i].value);
		}
	fields_from_pairs(ctl->arena, fields, pairs, given, "body", out, faults);
	return faults_raise(faults, why);
}

static void say(struct ctl *ctl, const char *what, const char *value)
{
	jw_open(ctl->out, '{');
	jw_kv_text(ctl->out, what, value);
	jw_close(ctl->out, '}');
}

/* --- users --- */

static int run_suspend(struct ctl *ctl, struct problem *why)
{
	struct pair pairs[] = {
		{.name = "reason", .value = ctl->args[1]},
		{.name = "until", .value = ctl->until},
		{.name = "remove_content", .value = ctl->remove_content ? "true" : NULL}};
	struct suspension suspension;
	int64_t id;
	TRY(decode(ctl, &suspension_fields, pairs, 3, &suspension, why));
	TRY(user_id_of(ctl->store, ctl->args[0], &id, why));
	TRY(user_suspend(ctl->arena, ctl->store, &operator_session, id, &suspension, why));
	say(ctl, "suspended", ctl->args[0]);
	return 0;
}

static int run_unsuspend(struct ctl *ctl, struct problem *why)
{
	int64_t id;
	TRY(user_id_of(ctl->store, ctl->args[0], &id, why));
	TRY(user_unsuspend(ctl->arena, ctl->store, &operator_session, id, why));
	say(ctl, "unsuspended", ctl->args[0]);
	return 0;
}

static int suspension_page(struct ctl *ctl, struct page *page, struct buf *out, void *context,
			   struct problem *why)
{
	(void)context;
	return suspensions_list(ctl->store, &operator_session, page, out, why);
}

static int run_suspended(struct ctl *ctl, struct problem *why)
{
	return write_all_pages(ctl, suspension_page, NULL, why);
}

/* --- things --- */

static int run_remove(struct ctl *ctl, struct problem *why)
{
	struct pair pairs[] = {{.name = "kind", .value = ctl->args[0]},
			       {.name = "id", .value = ctl->args[1]},
			       {.name = "reason", .value = ctl->args[2]}};
	struct removal removal;
	TRY(decode(ctl, &removal_fields, pairs, 3, &removal, why));
	TRY(thing_remove(ctl->arena, ctl->store, &operator_session, &removal, why));
	say(ctl, "removed", ctl->args[1]);
	return 0;
}

static int run_restore(struct ctl *ctl, struct problem *why)
{
	struct pair pairs[] = {{.name = "kind", .value = ctl->args[0]},
			       {.name = "id", .value = ctl->args[1]}};
	struct removal removal;
	TRY(decode(ctl, &restoring_fields, pairs, 2, &removal, why));
	TRY(thing_restore(ctl->arena, ctl->store, &operator_session, &removal, why));
	say(ctl, "restored", ctl->args[1]);
	return 0;
}

static int removal_page(struct ctl *ctl, struct page *page, struct buf *out, void *context,
			struct problem *why)
{
	const struct removal_filter all = {0};
	(void)context;
	return removals_list(ctl->store, &operator_session, &all, page, out, why);
}

static int run_removals(struct ctl *ctl, struct problem *why)
{
	return write_all_pages(ctl, removal_page, NULL, why);
}

static int run_close(struct ctl *ctl, struct problem *why)
{
	TRY(room_set_closed(ctl->arena, ctl->store, &operator_session, ctl->args[0], true,
			    ctl->args[1], why));
	say(ctl, "closed", ctl->args[0]);
	return 0;
}

static int run_open(struct ctl *ctl, struct problem *why)
{
	TRY(room_set_closed(ctl->arena, ctl->store, &operator_session, ctl->args[0], false, NULL,
			    why));
	say(ctl, "opened", ctl->args[0]);
	return 0;
}

/* --- reports --- */

static int report_page(struct ctl *ctl, struct page *page, struct buf *out, void *context,
		       struct problem *why)
{
	const struct report_filter all = {0};
	(void)context;
	return reports_queue(ctl->store, &operator_session, &all, page, out, why);
}

static int run_reports(struct ctl *ctl, struct problem *why)
{
	return write_all_pages(ctl, report_page, NULL, why);
}

static int run_report(struct ctl *ctl, struct problem *why)
{
	struct pair pairs[] = {{.name = "state", .value = ctl->args[1]}};
	struct report_change change;
	int64_t id = strtoll(ctl->args[0], NULL, 10);
	TRY(decode(ctl, &report_change_fields, pairs, 1, &change, why));
	TRY(report_change(ctl->arena, ctl->store, &operator_session, id, &change, why));
	TRY(report_show_moderated(ctl->store, &operator_session, id, ctl->out, why));
	return 0;
}

const struct command moderation_commands[] = {
	{"user suspend", "NAME REASON",
	 "Suspend a user.\n\n"
	 "All logins of the user end, and none is possible until the end of the suspension\n"
	 "(--until TIME, such as 2026-12-31T00:00:00Z; without it, until 'user unsuspend').\n"
	 "--remove-content also removes all messages, knowledge and interactions of the user.",
	 .takes = TAKES_SUSPENSION, .args = 2, .needs = NEEDS_REALM, .run = run_suspend},
	{"user unsuspend", "NAME", "End a suspension.", .args = 1, .needs = NEEDS_REALM,
	 .run = run_unsuspend},
	{"user suspended", "", "List the suspended users.", .needs = NEEDS_REALM,
	 .run = run_suspended},
	{"remove", "KIND ID REASON",
	 "Remove a room, message, knowledge or interaction for everybody.\n\n"
	 "It can be restored for some days (the setting removed_days).",
	 .args = 3, .needs = NEEDS_REALM, .run = run_remove},
	{"restore", "KIND ID", "Restore a removed thing.", .args = 2, .needs = NEEDS_REALM,
	 .run = run_restore},
	{"removals", "", "List the removed things that can be restored.", .needs = NEEDS_REALM,
	 .run = run_removals, .columns = "removed_at kind object author_name remover_name reason"},
	{"close", "ROOM REASON", "Close a room: nobody can write in it or join it.", .args = 2,
	 .needs = NEEDS_REALM, .run = run_close},
	{"open", "ROOM", "Open a closed room.", .args = 1, .needs = NEEDS_REALM, .run = run_open},
	{"reports", "", "List the reports of users, newest first.", .needs = NEEDS_REALM,
	 .run = run_reports,
	 .columns = "id created_at state kind object author_name reporter_name reason"},
	{"report", "ID STATE",
	 "Decide a report: open, taken, done or rejected.\n\nThe reporter is told the outcome.",
	 .args = 2, .needs = NEEDS_REALM, .run = run_report},
	{0},
};
