/*
 * check and rebuild: recount every stored counter.
 *
 * A table says for each counter how a difference is found, reported and repaired. Both commands go
 * through all rows in small steps. A check is one statement, so it sees one state of the database.
 * A repair is one transaction, which finds the difference again before it changes anything. So both
 * can run while the realm runs.
 */
#include <sysexits.h>

#include "base/arena.h"
#include "base/json_out.h"
#include "ctl/ctl.h"
#include "store/check.h"
#include "store/ids.h"
#include "store/lead.h"
#include "store/queries.h"

enum kind { ROOMS, MESSAGES, KNOWLEDGE, USERS, TAGS, KIND__COUNT };

#define FEW 1200    /* rows in a step */
#define FEW_TAGS 12 /* a tag may have many users */
#define ALL INT64_MAX
#define MOST 1000 /* reported findings of a counter */
#define MENDS 3

/* Later counters are derived from earlier ones. */
static const struct recount {
	enum kind kind;
	int64_t step;
	int (*check)(struct store *, int64_t first, int64_t end,
		     int (*each)(const char *finding, void *context, struct problem *why),
		     void *context, struct problem *);
	int (*mends[MENDS])(struct store *, int64_t first, int64_t end, struct problem *);
} recounts[] = {
	{ROOMS, FEW, q_check_participants, {q_mend_participants}},
	{ROOMS, ALL, q_check_room_seq, {0}},
	{MESSAGES, FEW, q_check_reactions, {q_mend_reactions}},
	{KNOWLEDGE, FEW, q_check_votes, {q_mend_votes}},
	{KNOWLEDGE, FEW, q_check_shares, {q_mend_shares}},
	{KNOWLEDGE,
	 FEW,
	 q_check_tagging,
	 {q_mend_tagging_tags, q_mend_tagging_less, q_mend_tagging_more}},
	{KNOWLEDGE, FEW, q_check_scores, {q_mend_scores}},
	{USERS, FEW, q_check_user_tags, {q_mend_user_tags, q_mend_user_tags_away}},
	{TAGS, FEW_TAGS, q_check_uses, {q_mend_uses}},
	{TAGS, FEW_TAGS, q_check_tag_users, {q_mend_tag_users_away, q_mend_tag_users}},
	{USERS, FEW, q_check_user_counts, {q_mend_user_counts_missing, q_mend_user_counts}},
	{USERS, IDS_RANGE, q_check_tag_counts, {q_mend_tag_counts_away, q_mend_tag_counts}},
};
#define RECOUNTS (sizeof(recounts) / sizeof(*recounts))

struct recounting {
	struct store *store;
	const char *title;
	bool mends;
	struct leader *leader; /* NULL for check, or if another process leads the maintenance */
	const struct recount *recount;
	int64_t ends[KIND__COUNT], from; /* the step's first row */
	int findings, reported;          /* of the step, and of the whole counter */
	struct buf *found, *mended;      /* lists of sentences */
};

static void add_finding(void *context, const char *what)
{
	struct recounting *r = context;
	bool can = r->mends && r->recount && r->recount->mends[0];
	r->findings++;
	if (++r->reported <= MOST)
		jw_text(can ? r->mended : r->found, what);
	else if (r->reported == MOST + 1)
		jw_text(can ? r->mended : r->found, "and more of this kind");
}

static int add_difference(const char *finding, void *context, struct problem *why)
{
	(void)why;
	add_finding(context, finding);
	return 0;
}

static int64_t step_end(const struct recounting *r)
{
	return r->recount->step == ALL ? ALL : r->from + r->recount->step;
}

static int mend(struct store *store, void *context, struct problem *why)
{
	const struct recounting *r = context;
	for (int i = 0; i < MENDS && r->recount->mends[i]; i++)
		TRY(r->recount->mends[i](store, r->from, step_end(r), why));
	return 0;
}

/* When no realm runs, the write-ahead log has to be kept small here. */
static int mend_step(struct recounting *r, struct problem *why)
{
	struct checkpoint done;
	TRY(store_write(r->store, mend, r, why));
	return r->leader ? leader_checkpoint(r->leader, &done, why) : 0;
}

static int64_t steps_of(const struct recounting *r, const struct recount *recount)
{
	return r->ends[recount->kind] / recount->step + 1;
}

static int recount_all(struct recounting *r, struct problem *why)
{
	int64_t done = 0, total = 0;
	for (size_t i = 0; i < RECOUNTS; i++)
		total += steps_of(r, &recounts[i]);
	for (size_t i = 0; i < RECOUNTS; i++) {
		r->recount = &recounts[i];
		r->reported = 0;
		for (int64_t step = 0; step < steps_of(r, r->recount); step++) {
			r->from = step ? step * r->recount->step : 0;
			r->findings = 0;
			TRY(r->recount->check(r->store, r->from, step_end(r), add_difference, r,
					      why));
			if (r->mends && r->findings > 0)
				TRY(mend_step(r, why));
			progress(r->title, (int)++done, (int)total);
		}
	}
	return 0;
}

static int start(struct ctl *ctl, struct recounting *r, struct problem *why)
{
	r->store = ctl->store;
	r->found = buf_in(ctl->arena);
	r->mended = buf_in(ctl->arena);
	jw_open(r->found, '[');
	jw_open(r->mended, '[');
	struct q_recount_ends ends;
	TRY(q_recount_ends(ctl->store, &ends, why));
	r->ends[ROOMS] = ends.rooms;
	r->ends[MESSAGES] = ends.messages;
	r->ends[KNOWLEDGE] = ends.knowledge;
	r->ends[USERS] = ends.users;
	r->ends[TAGS] = ends.tags;
	return 0;
}

static void put_list(struct ctl *ctl, const char *name, struct buf *list)
{
	jw_close(list, ']');
	jw_key(ctl->out, name);
	jw_raw(ctl->out, list->data, list->len);
}

static int run_check(struct ctl *ctl, struct problem *why)
{
	struct recounting r = {.title = "check"};
	TRY(start(ctl, &r, why));
	TRY(store_check(ctl->store, add_finding, &r, why));
	TRY(recount_all(&r, why));
	bool intact = r.found->len == 1;
	jw_open(ctl->out, '{');
	jw_kv_bool(ctl->out, "intact", intact);
	put_list(ctl, "findings", r.found);
	jw_close(ctl->out, '}');
	return intact ? 0 : EX_DATAERR;
}

static int run_rebuild(struct ctl *ctl, struct problem *why)
{
	struct recounting r = {.title = "rebuild", .mends = true};
	TRY(start(ctl, &r, why));
	TRY(store_lead(ctl->settings.database, (int)ctl->settings.store_wait_ms, &r.leader, why));
	int result = recount_all(&r, why);
	store_resign(&r.leader);
	TRY(result);
	bool intact = r.found->len == 1;
	jw_open(ctl->out, '{');
	jw_kv_bool(ctl->out, "intact", intact);
	put_list(ctl, "repaired", r.mended);
	put_list(ctl, "findings", r.found);
	jw_close(ctl->out, '}');
	return intact ? 0 : EX_DATAERR;
}

const struct command recount_commands[] = {
	{"check", "",
	 "Check the database for damage.\n\n"
	 "Reads the whole file, follows every reference, and recounts every counter. Prints\n"
	 "each finding, and exits with 65 if there is one.",
	 .needs = NEEDS_REALM, .run = run_check},
	{"rebuild", "",
	 "Repair wrong counters.\n\n"
	 "Recounts as check does and corrects what differs, also while the realm runs.\n"
	 "Prints what it repaired and what it cannot repair; exits with 65 if something is\n"
	 "left.",
	 .needs = NEEDS_REALM, .run = run_rebuild},
	{0},
};
