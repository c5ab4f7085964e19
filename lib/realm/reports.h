/*
 * Reports: a user tells the administrators of something that should not be there, and hears what
 * came of it.
 *
 * A user can report everything that the user can see. The same thing is reported once until the
 * report is decided, and a user has at most 50 open reports. Only administrators who may moderate
 * the author handle a report, and nobody handles one about oneself (report_mine in
 * sql/fragments.sql). The author is never told.
 */
#ifndef REALM_REPORTS_H
#define REALM_REPORTS_H

#include "base/fields.h"
#include "store/shape.h"

struct arena;
struct session;

struct report_new {
	const char *kind; /* message, knowledge, interaction, room or user */
	const char *id;
	const char *reason;
};
extern const struct fields report_new_fields;

struct report_change {
	const char *state; /* open, taken, done or rejected */
	const char *note;  /* NULL: unchanged */
};
extern const struct fields report_change_fields;

struct report_filter {
	const char *state; /* NULL: all */
};
extern const struct fields report_filter_fields;

extern const struct shape report_shape;           /* for the reporter; also of report_decided */
extern const struct shape moderated_report_shape; /* for administrators */
extern const struct shape report_created_shape;

/*
 * Returns 1 for a new report, 0 when the same one is open already. PROBLEM_NOT_FOUND when the user
 * cannot see such a thing; PROBLEM_INVALID for one's own; PROBLEM_TOO_MANY_REPORTS. A
 * report_created event tells the administrators.
 */
int report_create(struct arena *arena, struct store *store, const struct session *reporter,
		  const struct report_new *input, int64_t *id_r, struct problem *why);

/* The user's own report, or all of them, the newest first. PROBLEM_NOT_FOUND. */
int report_show(struct store *store, const struct session *reporter, int64_t id, struct buf *out,
		struct problem *why);
int reports_list(struct store *store, const struct session *reporter, struct page *page,
		 struct buf *out, struct problem *why);

/* --- for administrators: PROBLEM_FORBIDDEN for others --- */

int reports_queue(struct store *store, const struct session *viewer,
		  const struct report_filter *filter, struct page *page, struct buf *out,
		  struct problem *why);

/*
 * The administrator who takes or decides a report becomes its assignee. A report_decided event
 * tells the reporter that it is done or rejected, with the note. PROBLEM_NOT_FOUND;
 * PROBLEM_REPORTED_AGAIN when the same thing was reported again meanwhile, and that report is open.
 */
int report_change(struct arena *arena, struct store *store, const struct session *by, int64_t id,
		  const struct report_change *change, struct problem *why);
int report_show_moderated(struct store *store, const struct session *viewer, int64_t id,
			  struct buf *out, struct problem *why);

#endif
