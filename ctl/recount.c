/*
 * check and rebuild: what is kept as a number, counted again.
 *
 * A table says for each kind of number where its rows end, how a difference is found and told, and
 * how it is mended. Both commands go through all rows a few at a time: a check is one statement, so
 * it sees one moment; mending is a transaction, which finds the difference again before it changes
 * anything. So both can run beside a realm that lives.
 */
#include <sysexits.h>

#include "base/arena.h"
#include "base/json_out.h"
#include "ctl/ctl.h"
#include "store/check.h"
#include "store/checkpoint.h"
#include "store/ids.h"

enum kind { ROOMS, MESSAGES, KNOWLEDGE, USERS, TAGS, KIND__COUNT };

#define FEW 1200    /* rows in a step */
#define FEW_TAGS 12 /* everybody may have one */
#define ALL INT64_MAX
#define MOST 1000 /* findings of a kind that are told */
#define MENDS 3

/* The numbers later in the table follow from those before. %s is the next column of a row. */
static const struct recount {
	enum kind kind;
	int64_t step;
	enum query check;
	const char *what;
	int mends;
	enum query mend[MENDS];
} recounts[] = {
	{ROOMS, FEW, Q_CHECK_PARTICIPANTS, "room %s: current_participants is %s, there are %s",
	 .mends = 1, .mend = {Q_MEND_PARTICIPANTS}},
	{ROOMS, ALL, Q_CHECK_ROOM_SEQ, "room %s: last_seq is %s, of %s entries", .mends = 0},
	{MESSAGES, FEW, Q_CHECK_REACTIONS, "message %s: reaction_count is %s, there are %s",
	 .mends = 1, .mend = {Q_MEND_REACTIONS}},
	{KNOWLEDGE, FEW, Q_CHECK_VOTES,
	 "knowledge %s: upvotes %s, downvotes %s, but %s up and %s down were cast", .mends = 1,
	 .mend = {Q_MEND_VOTES}},
	{KNOWLEDGE, FEW, Q_CHECK_SHARES, "knowledge %s: share_count is %s, there are %s",
	 .mends = 1, .mend = {Q_MEND_SHARES}},
	{KNOWLEDGE, FEW, Q_CHECK_TAGGING,
	 "knowledge %s: it has the tag %s or is found by it, but not both", .mends = 3,
	 .mend = {Q_MEND_TAGGING_TAGS, Q_MEND_TAGGING_LESS, Q_MEND_TAGGING_MORE}},
	{KNOWLEDGE, FEW, Q_CHECK_SCORES, "knowledge %s: its score by tag is %s, it has %s",
	 .mends = 1, .mend = {Q_MEND_SCORES}},
	{USERS, FEW, Q_CHECK_USER_TAGS, "user %s: %s %s items are counted with the tag %s, not %s",
	 .mends = 2, .mend = {Q_MEND_USER_TAGS, Q_MEND_USER_TAGS_AWAY}},
	{TAGS, FEW_TAGS, Q_CHECK_USES, "tag %s: uses is %s, there are %s", .mends = 1,
	 .mend = {Q_MEND_USES}},
	{TAGS, FEW_TAGS, Q_CHECK_TAG_USERS, "tag %s: its users are listed wrongly", .mends = 2,
	 .mend = {Q_MEND_TAG_USERS_AWAY, Q_MEND_TAG_USERS}},
	{USERS, FEW, Q_CHECK_USER_COUNTS, "user %s: wrong counts:%s", .mends = 2,
	 .mend = {Q_MEND_USER_COUNTS_MISSING, Q_MEND_USER_COUNTS}},
	{USERS, IDS_RANGE, Q_CHECK_TAG_COUNTS, "the users with %s tags are listed wrongly",
	 .mends = 2, .mend = {Q_MEND_TAG_COUNTS_AWAY, Q_MEND_TAG_COUNTS}},
};
#define RECOUNTS (sizeof(recounts) / sizeof(*recounts))

struct recounting {
	struct store *store;
	const char *title;
	bool mends;
	struct checkpointer *checkpointer; /* NULL: somebody else does it, or nothing is mended */
	const struct recount *recount;
	int64_t ends[KIND__COUNT], from; /* the step's first row */
	int findings, told;              /* of the step, and of the recount */
	struct buf *found, *mended;      /* lists of sentences */
};

static void add_finding(void *context, const char *what)
{
	struct recounting *r = context;
	bool can = r->mends && r->recount && r->recount->mends > 0;
	r->findings++;
	if (++r->told <= MOST)
		jw_text(can ? r->mended : r->found, what);
	else if (r->told == MOST + 1)
		jw_text(can ? r->mended : r->found, "and more of the kind");
}

/* `what` with its %s replaced by the row's columns. */
static int add_difference(const struct row *row, void *context, struct problem *why)
{
	struct recounting *r = context;
	struct buf line = {0};
	int column = 0;
	(void)why;
	for (const char *at = r->recount->what; *at; at++) {
		if (at[0] == '%' && at[1] == 's') {
			const char *text = row_text(row, column++, NULL);
			buf_puts(&line, text ? text : "?");
			at++;
		} else {
			buf_putc(&line, *at);
		}
	}
	add_finding(r, buf_text(&line));
	buf_free(&line);
	return 0;
}

static int64_t step_end(const struct recounting *r)
{
	return r->recount->step == ALL ? ALL : r->from + r->recount->step;
}

static int mend(struct store *store, void *context, struct problem *why)
{
	const struct recounting *r = context;
	for (int i = 0; i < r->recount->mends; i++)
		TRY(store_exec(store, why, r->recount->mend[i], "ll", r->from, step_end(r)));
	return 0;
}

/* Without a realm that runs, nobody else keeps the write-ahead log small. */
static int mend_step(struct recounting *r, struct problem *why)
{
	struct checkpoint done;
	TRY(store_write(r->store, mend, r, why));
	return r->checkpointer ? checkpointer_run(r->checkpointer, &done, why) : 0;
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
		r->told = 0;
		for (int64_t step = 0; step < steps_of(r, r->recount); step++) {
			r->from = step ? step * r->recount->step : 0;
			r->findings = 0;
			TRY(store_each(r->store, why, r->recount->check, add_difference, r, "ll",
				       r->from, step_end(r)));
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
	return store_get(NULL, ctl->store, why, Q_RECOUNT_ENDS, ">lllll", &r->ends[ROOMS],
			 &r->ends[MESSAGES], &r->ends[KNOWLEDGE], &r->ends[USERS], &r->ends[TAGS]);
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
	TRY(checkpointer_open(ctl->settings.database, (int)ctl->settings.store_wait_ms,
			      &r.checkpointer, why));
	int result = recount_all(&r, why);
	checkpointer_close(&r.checkpointer);
	TRY(result);
	bool intact = r.found->len == 1;
	jw_open(ctl->out, '{');
	jw_kv_bool(ctl->out, "intact", intact);
	put_list(ctl, "mended", r.mended);
	put_list(ctl, "findings", r.found);
	jw_close(ctl->out, '}');
	return intact ? 0 : EX_DATAERR;
}

const struct command recount_commands[] = {
	{"check", "",
	 "Look for damage.\n\n"
	 "Reads the whole file, follows every reference, and counts again what is kept\n"
	 "as a number. Names each difference, and ends with 65 if there is one.",
	 .needs = NEEDS_REALM, .run = run_check},
	{"rebuild", "",
	 "Mend what is kept as a number.\n\n"
	 "Counts again as check does, and puts right what differs; the realm may run\n"
	 "meanwhile. Names what it mended and what it cannot mend; ends with 65 if\n"
	 "something is left.",
	 .needs = NEEDS_REALM, .run = run_rebuild},
	{0},
};
