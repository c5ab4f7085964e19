/* stats, check, checkpoint and config: what an administrator asks of a realm. */
#include <string.h>
#include <sys/stat.h>
#include <sysexits.h>

#include "base/arena.h"
#include "base/json_out.h"
#include "ctl/ctl.h"
#include "store/check.h"
#include "store/checkpoint.h"
#include "store/shape.h"

/* --- stats --------------------------------------------------------------------------------- */

static const struct member stats_members[] = {
	MEMBER("users", INT),         MEMBER("disabled_users", INT), MEMBER("sessions", INT),
	MEMBER("rooms", INT),         MEMBER("participants", INT),   MEMBER("messages", INT),
	MEMBER("relationships", INT), MEMBER("knowledge", INT),      MEMBER("votes", INT),
	MEMBER("interactions", INT),  MEMBER("events", INT),
};
static const struct shape stats_shape = SHAPE("Stats", stats_members);

static int run_stats(struct ctl *ctl, struct problem *why)
{
	struct stat file = {0};
	stat(ctl->settings.database, &file);
	TRY(store_object_open(ctl->store, ctl->out, why, Q_REALM_STATS, &stats_shape, ""));
	jw_kv_int(ctl->out, "database_bytes", file.st_size);
	jw_kv_int(ctl->out, "wal_bytes", wal_bytes(ctl->settings.database));
	jw_close(ctl->out, '}');
	return 0;
}

/* --- check --------------------------------------------------------------------------------- */

/* Queries that give the counters which differ from a recount; %s is the next column of a row. */
static const struct recount {
	enum query query;
	const char *what;
} recounts[] = {
	{Q_CHECK_ROOM_COUNTS, "room %s: current_participants is %s, there are %s"},
	{Q_CHECK_ROOM_SEQ, "room %s: last_seq is %s, of %s entries"},
	{Q_CHECK_REACTIONS, "message %s: reaction_count is %s, there are %s"},
	{Q_CHECK_VOTES, "knowledge %s: upvotes %s, downvotes %s, but %s up and %s down were cast"},
	{Q_CHECK_TAGS, "knowledge %s: its tags differ from those it is found by"},
	{Q_CHECK_TAG_SCORES, "knowledge %s: its score differs from that of its tags"},
	{Q_CHECK_SHARES, "knowledge %s: share_count is %s, there are %s"},
	{Q_CHECK_TAG_USES, "tag %s: uses is %s, there are %s"},
	{Q_CHECK_USER_TAGS, "user %s, tag %s, %s: %s are counted, there are %s"},
};

struct checking {
	struct buf *out;
	const char *what;
	int findings;
};

static void add_finding(void *context, const char *what)
{
	struct checking *checking = context;
	checking->findings++;
	jw_text(checking->out, what);
}

/* `what` with its %s replaced by the row's columns. */
static int add_difference(const struct row *row, void *context, struct problem *why)
{
	struct checking *checking = context;
	struct buf line = {0};
	int column = 0;
	(void)why;
	for (const char *at = checking->what; *at; at++) {
		if (at[0] == '%' && at[1] == 's') {
			buf_puts(&line, row_text(row, column++, NULL));
			at++;
		} else {
			buf_putc(&line, *at);
		}
	}
	add_finding(checking, buf_text(&line));
	buf_free(&line);
	return 0;
}

static int run_check(struct ctl *ctl, struct problem *why)
{
	struct checking checking = {.out = buf_in(ctl->arena)};
	jw_open(checking.out, '[');
	TRY(store_check(ctl->store, add_finding, &checking, why));
	for (size_t i = 0; i < sizeof(recounts) / sizeof(*recounts); i++) {
		checking.what = recounts[i].what;
		TRY(store_each(ctl->store, why, recounts[i].query, add_difference, &checking, ""));
	}
	jw_close(checking.out, ']');
	jw_open(ctl->out, '{');
	jw_kv_bool(ctl->out, "sound", checking.findings == 0);
	jw_key(ctl->out, "findings");
	jw_raw(ctl->out, checking.out->data, checking.out->len);
	jw_close(ctl->out, '}');
	return checking.findings ? EX_DATAERR : 0;
}

/* --- rebuild ------------------------------------------------------------------------------- */

/* Whatever is kept besides what it was made of, in the order in which one needs the other. */
static const enum query mends[] = {
	Q_MEND_ROOM_COUNTS, Q_MEND_REACTIONS,  Q_MEND_VOTES,        Q_MEND_SHARES,
	Q_MEND_TAG_NAMES,   Q_MEND_TAGS_WRONG, Q_MEND_TAGS_MISSING, Q_MEND_USER_TAGS_CLEAR,
	Q_MEND_USER_TAGS,   Q_MEND_TAG_USES,   Q_MEND_SEARCH,       Q_MEND_ROOM_SEARCH,
};
#define MENDS (sizeof(mends) / sizeof(*mends))

/* In one transaction, so that nobody sees half of it. */
static int rebuild(struct store *store, void *context, struct problem *why)
{
	(void)context;
	for (size_t i = 0; i < MENDS; i++) {
		progress("rebuild", (int)i, (int)MENDS);
		TRY(store_exec(store, why, mends[i], ""));
	}
	progress("rebuild", (int)MENDS, (int)MENDS);
	return 0;
}

static int run_rebuild(struct ctl *ctl, struct problem *why)
{
	TRY(store_write(ctl->store, rebuild, NULL, why));
	return run_check(ctl, why);
}

/* --- checkpoint ---------------------------------------------------------------------------- */

static int run_checkpoint(struct ctl *ctl, struct problem *why)
{
	struct checkpointer *checkpointer;
	struct checkpoint done = {0};
	int opened = checkpointer_open(ctl->settings.database, (int)ctl->settings.store_wait_ms,
				       &checkpointer, why);
	if (opened == 0)
		return refuse(EX_TEMPFAIL, "a running program checkpoints this database already");
	TRY(opened);
	int result = checkpointer_run(checkpointer, &done, why);
	checkpointer_close(&checkpointer);
	TRY(result);
	jw_open(ctl->out, '{');
	jw_kv_int(ctl->out, "wal_pages", done.wal_pages);
	jw_kv_int(ctl->out, "moved_pages", done.moved_pages);
	jw_close(ctl->out, '}');
	return 0;
}

/* --- config -------------------------------------------------------------------------------- */

static int run_config(struct ctl *ctl, struct problem *why)
{
	(void)why;
	struct buf *file = buf_in(ctl->arena);
	settings_print(file);
	jw_open(ctl->out, '[');
	char *rest = file->data;
	while (rest && *rest)
		jw_text(ctl->out, strsep(&rest, "\n"));
	jw_close(ctl->out, ']');
	return 0;
}

const struct command upkeep_commands[] = {
	{"stats", "", "Count what there is.", .needs = NEEDS_REALM, .run = run_stats},
	{"rebuild", "",
	 "Make anew what is counted, and the search index.\n\n"
	 "For when check has found a difference. Others that write wait meanwhile. Then checks.",
	 .needs = NEEDS_REALM, .run = run_rebuild},
	{"check", "",
	 "Look for damage.\n\n"
	 "Reads the whole file, follows every reference, and counts again what is kept\n"
	 "as a number. Names each difference, and ends with 65 if there is one.",
	 .needs = NEEDS_REALM, .run = run_check},
	{"checkpoint", "",
	 "Move the write-ahead log into the database file.\n\n"
	 "A running realm does so by itself; then this ends with 75.",
	 .needs = NEEDS_REALM, .run = run_checkpoint},
	{"config", "", "Print all settings with their presets, as a configuration file.",
	 .needs = NEEDS_NOTHING, .run = run_config},
	{0},
};
