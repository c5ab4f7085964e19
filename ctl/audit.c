/* audit: the audit log on the command line. */
#include <inttypes.h>
#include <string.h>

#include "base/arena.h"
#include "base/json_out.h"
#include "ctl/ctl.h"
#include "realm/audit.h"
#include "realm/sessions.h"
#include "realm/users.h"

static int decode_filter(struct ctl *ctl, struct audit_filter *filter, struct problem *why)
{
	struct pair pairs[2];
	size_t count = 0;
	if (ctl->action)
		pairs[count++] = (struct pair){"action", ctl->action, strlen(ctl->action)};
	if (ctl->since)
		pairs[count++] = (struct pair){"since", ctl->since, strlen(ctl->since)};
	struct buf *faults = buf_in(ctl->arena);
	fields_from_pairs(ctl->arena, &audit_filter_fields, pairs, count, "query", filter, faults);
	TRY(faults_raise(faults, why));
	return ctl->actor ? user_id_of(ctl->store, ctl->actor, &filter->actor, why) : 0;
}

static int list_page(struct ctl *ctl, struct page *page, struct buf *out, void *context,
		     struct problem *why)
{
	return audit_list(ctl->store, &operator_session, context, page, out, why);
}

static int run_audit(struct ctl *ctl, struct problem *why)
{
	struct audit_filter filter;
	TRY(decode_filter(ctl, &filter, why));
	return write_all_pages(ctl, list_page, &filter, why);
}

const struct command audit_commands[] = {
	{"audit", "",
	 "List the audit log, newest first.\n\n"
	 "--actor NAME shows what this user did, --action NAME only this action, and --since TIME\n"
	 "only entries since then, such as 2026-11-25T08:00:00Z.",
	 .takes = TAKES_FILTER, .needs = NEEDS_REALM, .run = run_audit,
	 .columns = "created_at action actor_name address kind object detail times"},
	{0},
};
