/* stats, reindex, checkpoint and config. */
#include <string.h>
#include <sys/stat.h>
#include <sysexits.h>

#include "base/arena.h"
#include "base/json_out.h"
#include "ctl/ctl.h"
#include "realm/erase.h"
#include "realm/notes.h"
#include "store/lead.h"
#include "store/queries.h"

/* --- stats --------------------------------------------------------------------------------- */

static int run_stats(struct ctl *ctl, struct problem *why)
{
	struct stat file = {0};
	stat(ctl->settings.database, &file);
	TRY(q_realm_stats(ctl->store, ctl->out, why));
	jw_reopen(ctl->out);
	jw_kv_int(ctl->out, "database_bytes", file.st_size);
	jw_kv_int(ctl->out, "wal_bytes", store_log_bytes(ctl->settings.database));
	jw_close(ctl->out, '}');
	return 0;
}

/* --- reindex ------------------------------------------------------------------------------- */

static int reindex(struct store *store, void *context, struct problem *why)
{
	(void)context;
	TRY(q_repair_search(store, why));
	TRY(q_repair_unindexed(store, why));
	TRY(q_repair_room_search(store, why));
	TRY(q_repair_text_words(store, why));
	TRY(q_repair_public_words(store, why));
	TRY(q_repair_rooms_words(store, why));
	TRY(q_repair_texts_waiting(store, why));
	return 0;
}

static int run_reindex(struct ctl *ctl, struct problem *why)
{
	if (ctl->refilled)
		return refill(ctl, ctl->refilled, why);
	return store_write(ctl->store, reindex, NULL, why);
}

/* --- checkpoint ---------------------------------------------------------------------------- */

static int run_checkpoint(struct ctl *ctl, struct problem *why)
{
	struct leader *leader;
	struct checkpoint done = {0}, more;
	int opened =
		store_lead(ctl->settings.database, (int)ctl->settings.store_wait_ms, &leader, why);
	if (opened == 0)
		return refuse(EX_TEMPFAIL, "the running realm checkpoints this database itself");
	TRY(opened);
	int result = health_checkpoint(LEADER_CTL, leader, &done, why);
	while (result >= 0 && (result = erase_from_files(ctl->store, leader, why)) > 0)
		result = health_checkpoint(LEADER_CTL, leader, &more, why);
	store_resign(&leader);
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

const struct command maintenance_commands[] = {
	{"stats", "", "Count users, rooms and messages.", .needs = NEEDS_REALM, .run = run_stats},
	{"reindex", "",
	 "Rebuild the search index, or fill a store again.\n\n"
	 "Use it when searches give wrong results. Writes wait until it is done.\n"
	 "Texts keep their vectors: no model is asked for them again.",
	 .takes = TAKES_STORE, .needs = NEEDS_REALM, .run = run_reindex},
	{"checkpoint", "",
	 "Move the write-ahead log into the database file.\n\n"
	 "A running realm does this itself; then this command exits with 75.",
	 .needs = NEEDS_REALM, .run = run_checkpoint},
	{"config", "", "Print all settings with their defaults, as a configuration file.",
	 .needs = NEEDS_NOTHING, .run = run_config},
	{0},
};
