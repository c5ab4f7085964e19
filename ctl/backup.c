/* backup: a copy of the database while the realm runs. */
#include "store/backup.h"

#include <sys/stat.h>

#include "base/json_out.h"
#include "ctl/ctl.h"

static void show_progress(int done, int total)
{
	progress("backup", done, total);
}

static int run_backup(struct ctl *ctl, struct problem *why)
{
	struct backup backup = {
		.file = ctl->args[0], .replace = ctl->force, .progress = show_progress};
	struct stat made = {0};
	TRY(store_backup(ctl->store, &backup, why));
	stat(backup.file, &made);
	jw_open(ctl->out, '{');
	jw_kv_text(ctl->out, "backup", backup.file);
	jw_kv_int(ctl->out, "bytes", made.st_size);
	jw_close(ctl->out, '}');
	return 0;
}

const struct command backup_commands[] = {
	{"backup", "FILE",
	 "Copy the database, also while the realm runs.\n\n"
	 "FILE appears only when the copy is complete. A restored copy begins a new epoch,\n"
	 "so that clients load their state again. Without --force an existing FILE is not\n"
	 "replaced.",
	 .takes = TAKES_FORCE, .args = 1, .needs = NEEDS_REALM, .run = run_backup},
	{0},
};
