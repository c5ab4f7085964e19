/*
 * check and rebuild: recount every stored counter.
 *
 * A table says for each counter how a difference is found, reported and repaired. Both commands go
 * through all rows in small steps. A check is one statement, so it sees one state of the database.
 * A repair is one transaction, which finds the difference again before it changes anything. So both
 * can run while the realm runs.
 */
#include <sysexits.h>

#include <jansson.h>

#include "base/arena.h"
#include "base/json_out.h"
#include "ctl/ctl.h"
#include "store/check.h"
#include "store/ids.h"
#include "realm/notes.h"
#include "store/lead.h"
#include "store/queries.h"

enum kind { ROOMS, MESSAGES, KNOWLEDGE, USERS, TAGS, KIND__COUNT };

#define ROWS 1200   /* of a step */
#define TAG_ROWS 12 /* of a step; a tag may have many users */
#define ALL INT64_MAX
#define MOST_FINDINGS 1000 /* of one counter */
#define REPAIRS 3

/* Later counters are derived from earlier ones. */
static const struct recount {
	enum kind kind;
	int64_t step;
	int (*check)(struct store *, int64_t first, int64_t end,
		     int (*each)(const char *finding, void *context, struct problem *why),
		     void *context, struct problem *);
	int (*repairs[REPAIRS])(struct store *, int64_t first, int64_t end, struct problem *);
} recounts[] = {
	{ROOMS, ROWS, q_check_participants, {q_repair_participants}},
	{ROOMS, ALL, q_check_room_seq, {0}},
	{MESSAGES, ROWS, q_check_reactions, {q_repair_reactions}},
	{KNOWLEDGE, ROWS, q_check_votes, {q_repair_votes}},
	{KNOWLEDGE, ROWS, q_check_shares, {q_repair_shares}},
	{KNOWLEDGE, ROWS, q_check_cites, {q_repair_cites}},
	{KNOWLEDGE,
	 ROWS,
	 q_check_tagging,
	 {q_repair_tagging_tags, q_repair_tagging_delete, q_repair_tagging_insert}},
	{KNOWLEDGE, ROWS, q_check_scores, {q_repair_scores}},
	{USERS, ROWS, q_check_user_tags, {q_repair_user_tags, q_repair_user_tags_delete}},
	{TAGS, TAG_ROWS, q_check_uses, {q_repair_uses}},
	{TAGS, TAG_ROWS, q_check_tag_users, {q_repair_tag_users_delete, q_repair_tag_users}},
	{USERS, ROWS, q_check_user_counts, {q_repair_user_counts_insert, q_repair_user_counts}},
	{USERS, ALL, q_check_text_bytes, {q_repair_text_bytes}},
	{USERS, IDS_RANGE, q_check_tag_counts, {q_repair_tag_counts_delete, q_repair_tag_counts}},
};
#define RECOUNTS (sizeof(recounts) / sizeof(*recounts))

struct recounting {
	struct store *store;
	const char *title;
	bool repairs;
	struct leader *leader; /* NULL for check, or if another process leads the maintenance */
	const struct recount *recount;
	int64_t ends[KIND__COUNT], from; /* the step's first row */
	int findings, reported;          /* of the step, and of the whole counter */
	struct buf *found, *repaired;    /* lists of sentences */
};

static void add_finding(void *context, const char *what)
{
	struct recounting *r = context;
	bool can = r->repairs && r->recount && r->recount->repairs[0];
	r->findings++;
	if (++r->reported <= MOST_FINDINGS)
		jw_text(can ? r->repaired : r->found, what);
	else if (r->reported == MOST_FINDINGS + 1)
		jw_text(can ? r->repaired : r->found, "There are more findings of this kind.");
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

static int repair_rows(struct store *store, void *context, struct problem *why)
{
	const struct recounting *r = context;
	for (int i = 0; i < REPAIRS && r->recount->repairs[i]; i++)
		TRY(r->recount->repairs[i](store, r->from, step_end(r), why));
	return 0;
}

/* When no realm runs, the write-ahead log has to be kept small here. */
static int repair_step(struct recounting *r, struct problem *why)
{
	struct checkpoint done;
	TRY(store_write(r->store, repair_rows, r, why));
	return r->leader ? health_checkpoint(LEADER_CTL, r->leader, &done, why) : 0;
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
			if (r->repairs && r->findings > 0)
				TRY(repair_step(r, why));
			progress(r->title, (int)++done, (int)total);
		}
	}
	return 0;
}

static int recount_start(struct ctl *ctl, struct recounting *r, struct problem *why)
{
	r->store = ctl->store;
	r->found = buf_in(ctl->arena);
	r->repaired = buf_in(ctl->arena);
	jw_open(r->found, '[');
	jw_open(r->repaired, '[');
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

/* Whether other stores, such as ChromaDB, have what they should. */
static void compare_stores(struct ctl *ctl, struct recounting *r)
{
	size_t at;
	json_t *finding, *findings;
	r->recount = NULL;
	r->reported = 0;
	if (!ctl->settings.chroma_host[0] && !ctl->settings.neo4j_uri[0])
		return;
	findings = json_loads(ask_probe(ctl, "stores"), 0, NULL);
	if (!findings)
		add_finding(r, "aeon-probe, which compares the stores, does not run.");
	json_array_foreach(findings, at, finding)
		add_finding(r, json_string_value(finding));
	json_decref(findings);
}

static int run_check(struct ctl *ctl, struct problem *why)
{
	struct recounting r = {.title = "check"};
	TRY(recount_start(ctl, &r, why));
	TRY(store_check(ctl->store, add_finding, &r, why));
	TRY(recount_all(&r, why));
	compare_stores(ctl, &r);
	bool intact = r.found->len == 1;
	jw_open(ctl->out, '{');
	jw_kv_bool(ctl->out, "intact", intact);
	put_list(ctl, "findings", r.found);
	jw_close(ctl->out, '}');
	return intact ? 0 : EX_DATAERR;
}

static int run_rebuild(struct ctl *ctl, struct problem *why)
{
	struct recounting r = {.title = "rebuild", .repairs = true};
	TRY(recount_start(ctl, &r, why));
	TRY(store_lead(ctl->settings.database, (int)ctl->settings.store_wait_ms, &r.leader, why));
	int result = recount_all(&r, why);
	store_resign(&r.leader);
	TRY(result);
	bool intact = r.found->len == 1;
	jw_open(ctl->out, '{');
	jw_kv_bool(ctl->out, "intact", intact);
	put_list(ctl, "repaired", r.repaired);
	put_list(ctl, "findings", r.found);
	jw_close(ctl->out, '}');
	return intact ? 0 : EX_DATAERR;
}

const struct command recount_commands[] = {
	{"check", "",
	 "Check the database for damage.\n\n"
	 "Reads the whole file, follows every reference, recounts every counter, and compares\n"
	 "what ChromaDB and Neo4j have, if configured. Prints each finding, and exits with 65 if\n"
	 "there is one.",
	 .needs = NEEDS_REALM, .run = run_check},
	{"rebuild", "",
	 "Repair wrong counters.\n\n"
	 "Recounts like check, and corrects each difference. The realm may run meanwhile.\n"
	 "Prints each repair and each finding that it cannot repair, and exits with 65 if there\n"
	 "is such a finding.",
	 .needs = NEEDS_REALM, .run = run_rebuild},
	{0},
};
