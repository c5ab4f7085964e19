/* The audit log: see audit.h. */
#include "realm/audit.h"

#include <inttypes.h>
#include <stdio.h>

#include "base/buf.h"
#include "base/clock.h"
#include "base/log.h"
#include "realm/session.h"
#include "store/queries.h"

#define MERGED_WITHIN (600 * CLOCK_SECOND) /* fail2ban looks at as much by default */
#define MOST_MERGED 100                    /* entries of one action within that time */
#define MOST_LINES 10                      /* of one entry; fail2ban needs fewer */

#define ACTION_NAME(constant, name, help) name,
static const char *const action_names[] = {AUDIT_ACTIONS(ACTION_NAME) NULL};
_Static_assert(sizeof(action_names) / sizeof(*action_names) == AUDIT__COUNT + 1, "one name each");

static const struct field filter_rows[] = {
	FIELD(struct audit_filter, actor, INT, .min = 1, .max = 9e15,
	      .help = "Only actions of the user with this id."),
	FIELD(struct audit_filter, action, CHOICE, .choices = action_names,
	      .help = "Only this action."),
	FIELD(struct audit_filter, since, TIME, .help = "Only entries since then."),
};
const struct fields audit_filter_fields = FIELDS(struct audit_filter, filter_rows);

static const struct property entry_properties[] = {
	PROPERTY("id", INT),
	PROPERTY("created_at", TIME),
	PROPERTY("action", TEXT),
	PROPERTY(
		"actor_id", INT, .nullable = true,
		.help = "The user who did it. null: nobody was signed in, or the operator did it."),
	PROPERTY("actor_name", TEXT, .nullable = true),
	PROPERTY("actor_full_name", TEXT, .nullable = true),
	PROPERTY("address", TEXT, .nullable = true,
		 .help = "Address of the client. local: `aeonctl` on the server."),
	PROPERTY("kind", TEXT, .nullable = true, .help = "Kind of the thing that it is about."),
	PROPERTY("object", TEXT, .nullable = true, .help = "Id of that thing."),
	PROPERTY("detail", TEXT, .nullable = true),
	PROPERTY("times", INT, .help = "How often it happened within ten minutes."),
};
const struct shape audit_entry_shape = SHAPE("AuditEntry", entry_properties);

static void write_line(const char *line)
{
	log_line(LOG_LEVEL_INFO, "audit", line);
}

/* A failed login is a warning, so that its line is written when `log_level` is `warn`. */
static void write_warning(const char *line)
{
	log_line(LOG_LEVEL_WARN, "audit", line);
}

static const char *address_of(const struct audit_entry *entry)
{
	if (!entry->caller)
		return "local";
	return entry->caller->address && *entry->caller->address ? entry->caller->address : NULL;
}

static const char *network_of(const struct audit_entry *entry)
{
	return entry->caller && entry->caller->network && *entry->caller->network
		       ? entry->caller->network
		       : NULL;
}

/* The line has ids and no text that a user wrote. */
static void tell(struct store *store, const struct audit_entry *entry, int64_t times)
{
	char actor[24] = "-";
	struct buf line = {0};
	if (entry->actor)
		snprintf(actor, sizeof(actor), "%" PRId64, entry->actor);
	log_fields(&line,
		   (const struct log_field[]){LOG_TEXT("action", action_names[entry->action]),
					      LOG_TEXT("address", address_of(entry)),
					      LOG_TEXT("actor", actor),
					      LOG_TEXT("kind", entry->kind),
					      LOG_TEXT("object", entry->object),
					      LOG_INT("times", times),
					      {0}});
	store_tell(store, entry->action == AUDIT_LOGIN_FAILED ? write_warning : write_line,
		   buf_text(&line));
	buf_free(&line);
}

int audit(struct store *store, const struct audit_entry *entry, struct problem *why)
{
	TRY(q_audit_append(store, clock_now(), action_names[entry->action], entry->actor,
			   address_of(entry), network_of(entry), entry->kind, entry->object,
			   entry->detail, why));
	tell(store, entry, 1);
	return 0;
}

int audit_user(struct store *store, const struct session *by, enum audit_action action,
	       int64_t user_id, const char *detail, struct problem *why)
{
	char object[24];
	snprintf(object, sizeof(object), "%" PRId64, user_id);
	return audit(store,
		     &(struct audit_entry){.action = action,
					   .caller = by->caller,
					   .actor = by->user_id,
					   .kind = "user",
					   .object = object,
					   .detail = detail},
		     why);
}

int audit_merged(struct store *store, const struct audit_entry *entry, struct problem *why)
{
	static const struct caller unnamed = {"", "", NULL};
	const char *name = action_names[entry->action];
	int64_t since = clock_now() - MERGED_WITHIN, count, times;
	struct audit_entry other = *entry;
	int found =
		q_audit_repeat(store, name, since, network_of(entry), entry->object, &times, why);
	if (found == 0) {
		TRY(q_audit_recent(store, name, since, &count, why));
		if (count < MOST_MERGED)
			return audit(store, entry, why);
		other.caller = &unnamed;
		other.kind = other.object = NULL;
		found = q_audit_repeat(store, name, since, NULL, NULL, &times, why);
	}
	TRY(found);
	if (found == 0)
		return audit(store, &other, why);
	if (times <= MOST_LINES)
		tell(store, entry, times);
	return 0;
}

int audit_list(struct store *store, const struct session *viewer, const struct audit_filter *filter,
	       struct page *page, struct buf *out, struct problem *why)
{
	if (!is_administrator(viewer))
		return problem_set(why, PROBLEM_FORBIDDEN);
	return q_audit_list(store, filter->actor, filter->action, filter->since, page_int(page),
			    page_limit(page), page, out, why);
}
