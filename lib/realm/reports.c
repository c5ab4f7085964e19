/* Reports: see reports.h. */
#include "realm/reports.h"

#include <inttypes.h>
#include <string.h>

#include "base/arena.h"
#include "base/clock.h"
#include "realm/audit.h"
#include "realm/events.h"
#include "realm/removal.h"
#include "realm/session.h"
#include "store/queries.h"

#define MOST_OPEN 50 /* of one user */

static const char *const kinds[] = {"message", "knowledge", "interaction", "room", "user", NULL};
static const char *const states[] = {"open", "taken", "done", "rejected", NULL};

static const struct field new_rows[] = {
	FIELD(struct report_new, kind, CHOICE, .required = true, .choices = kinds,
	      .help = "Kind of the thing."),
	FIELD(struct report_new, id, TEXT, .required = true, .min = 1, .max = 36,
	      .help = "Id of the thing, as text."),
	FIELD(struct report_new, reason, TEXT, .required = true, .min = 1, .max = REASON_MAX,
	      .help = "The problem, in words; only administrators see it."),
};
const struct fields report_new_fields = FIELDS(struct report_new, new_rows);

static const struct field change_rows[] = {
	FIELD(struct report_change, state, CHOICE, .required = true, .choices = states,
	      .help = "open, taken by you, done or rejected."),
	FIELD(struct report_change, note, TEXT, .min = 1, .max = REASON_MAX,
	      .help = "The outcome, in words; the reporter sees it."),
};
const struct fields report_change_fields = FIELDS(struct report_change, change_rows);

static const struct field filter_rows[] = {
	FIELD(struct report_filter, state, CHOICE, .choices = states, .help = "Only this state."),
};
const struct fields report_filter_fields = FIELDS(struct report_filter, filter_rows);

#define REPORT_PROPERTIES                                                                          \
	PROPERTY("id", INT), PROPERTY("kind", TEXT),                                               \
		PROPERTY("object", TEXT, .help = "Id of the thing."), PROPERTY("reason", TEXT),    \
		PROPERTY("state", TEXT, .help = "open, taken, done or rejected."),                 \
		PROPERTY("note", TEXT, .nullable = true, .help = "The outcome, in words."),        \
		PROPERTY("created_at", TIME), PROPERTY("updated_at", TIME)

static const struct property report_properties[] = {REPORT_PROPERTIES};
const struct shape report_shape = SHAPE("Report", report_properties);

static const struct property moderated_properties[] = {
	REPORT_PROPERTIES,
	PROPERTY("reporter_id", INT),
	PROPERTY("reporter_name", TEXT),
	PROPERTY("reporter_full_name", TEXT, .nullable = true),
	PROPERTY("author_id", INT, .nullable = true, .help = "null: the realm itself."),
	PROPERTY("author_name", TEXT, .nullable = true),
	PROPERTY("author_full_name", TEXT, .nullable = true),
	PROPERTY("assignee_id", INT, .nullable = true),
	PROPERTY("assignee_name", TEXT, .nullable = true),
	PROPERTY("assignee_full_name", TEXT, .nullable = true),
	PROPERTY("excerpt", TEXT, .nullable = true,
		 .help = "Beginning of the thing; null: it is gone."),
	PROPERTY("is_removed", BOOL, .help = "Whether an administrator removed it."),
};
const struct shape moderated_report_shape = SHAPE("ModeratedReport", moderated_properties);

static const struct property created_properties[] = {
	PROPERTY("id", INT, .help = "Id of the report."),
	PROPERTY("kind", TEXT, .help = "Kind of the reported thing."),
};
const struct shape report_created_shape = SHAPE("ReportCreated", created_properties);

/* --- by users --------------------------------------------------------------------------------- */

struct reporting {
	struct arena *arena;
	int64_t reporter, id;
	const struct report_new *input;
};

static int create(struct store *store, void *context, struct problem *why)
{
	struct reporting *r = context;
	const struct report_new *input = r->input;
	int64_t author, open;
	int found = q_report_open(store, r->reporter, input->kind, input->id, &r->id, why);
	if (found != 0)
		return found < 0 ? -1 : 0;
	found = q_thing_visible(store, r->reporter, input->kind, input->id, &author, why);
	if (found <= 0)
		return found < 0 ? -1 : problem_set(why, PROBLEM_NOT_FOUND);
	if (author == r->reporter)
		return problem_field(r->arena, why, "body", "id", "Value error, this is your own");
	TRY(q_reports_open_of(store, r->reporter, &open, why));
	if (open >= MOST_OPEN)
		return problem_set(why, PROBLEM_TOO_MANY_REPORTS);
	TRY(q_report_insert(store, r->reporter, input->kind, input->id, author, input->reason,
			    clock_now(), &r->id, why));
	TRY(q_report_tell(store, event_name(EVENT_REPORT_CREATED), r->id, clock_now(), why));
	return 1;
}

int report_create(struct arena *arena, struct store *store, const struct session *reporter,
		  const struct report_new *input, int64_t *id_r, struct problem *why)
{
	struct reporting r = {.arena = arena, .reporter = reporter->user_id, .input = input};
	int created = store_write(store, create, &r, why);
	*id_r = r.id;
	return created;
}

int report_show(struct store *store, const struct session *reporter, int64_t id, struct buf *out,
		struct problem *why)
{
	int found = q_report_own(store, reporter->user_id, id, out, why);
	return found == 0 ? problem_set(why, PROBLEM_NOT_FOUND) : found;
}

int reports_list(struct store *store, const struct session *reporter, struct page *page,
		 struct buf *out, struct problem *why)
{
	return q_reports_own(store, reporter->user_id, page_int(page), page_limit(page), page, out,
			     why);
}

/* --- by administrators ------------------------------------------------------------------------ */

int reports_queue(struct store *store, const struct session *viewer,
		  const struct report_filter *filter, struct page *page, struct buf *out,
		  struct problem *why)
{
	if (!is_administrator(viewer))
		return problem_set(why, PROBLEM_FORBIDDEN);
	return q_report_list(store, viewer->user_id, filter->state, page_int(page),
			     page_limit(page), page, out, why);
}

int report_show_moderated(struct store *store, const struct session *viewer, int64_t id,
			  struct buf *out, struct problem *why)
{
	int found = q_report_one(store, viewer->user_id, id, out, why);
	return found == 0 ? problem_set(why, PROBLEM_NOT_FOUND) : found;
}

struct deciding {
	struct arena *arena;
	const struct session *by;
	int64_t id;
	const struct report_change *change;
};

static int tell_reporter(struct store *store, const struct deciding *d, int64_t reporter,
			 struct problem *why)
{
	struct buf *data = buf_in(d->arena);
	TRY(q_report_own(store, reporter, d->id, data, why));
	struct event event = {
		.kind = EVENT_REPORT_DECIDED, .user_id = reporter, .data = data->data};
	return event_append(store, &event, why);
}

static int decide(struct store *store, void *context, struct problem *why)
{
	const struct deciding *d = context;
	const char *state = d->change->state;
	struct q_report_for_change report;
	int64_t by = d->by->user_id, now = clock_now();
	int found = q_report_for_change(d->arena, store, by, d->id, &report, why);
	if (found <= 0)
		return found < 0 ? -1 : problem_set(why, PROBLEM_NOT_FOUND);
	bool is_open = strcmp(state, "open") == 0, changed = strcmp(state, report.state) != 0;
	bool decided = strcmp(state, "done") == 0 || strcmp(state, "rejected") == 0;
	if (!decided && report.again)
		return problem_set(why, PROBLEM_REPORTED_AGAIN);
	TRY(q_report_update(store, d->id, state, is_open ? 0 : by, d->change->note, now, why));
	TRY(audit(store,
		  &(struct audit_entry){.action = AUDIT_REPORT_HANDLED,
					.caller = d->by->caller,
					.actor = by,
					.kind = "report",
					.object = arena_printf(d->arena, "%" PRId64, d->id),
					.detail = state},
		  why));
	return changed && decided ? tell_reporter(store, d, report.reporter, why) : 0;
}

int report_change(struct arena *arena, struct store *store, const struct session *by, int64_t id,
		  const struct report_change *change, struct problem *why)
{
	struct deciding d = {arena, by, id, change};
	if (!is_administrator(by))
		return problem_set(why, PROBLEM_FORBIDDEN);
	return store_write(store, decide, &d, why);
}
