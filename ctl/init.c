/* init and migrate: the database made, brought up to date, and given its default rooms. */
#include <unistd.h>

#include "base/arena.h"
#include "base/json_out.h"
#include "ctl/ctl.h"
#include "realm/epoch.h"
#include "realm/events.h"
#include "realm/realm.h"
#include "realm/rooms.h"

static int migrate(struct ctl *ctl, struct problem *why)
{
	bool there = access(ctl->settings.database, F_OK) == 0;
	TRY(realm_open(&ctl->settings, STORE_MIGRATE, &ctl->store, why));
	TRY(realm_note_boot(ctl->arena, ctl->store, why));
	jw_open(ctl->out, '{');
	jw_kv_text(ctl->out, "database", ctl->settings.database);
	jw_kv_bool(ctl->out, "created", !there);
	return 0;
}

static int run_migrate(struct ctl *ctl, struct problem *why)
{
	TRY(migrate(ctl, why));
	jw_close(ctl->out, '}');
	return 0;
}

static int run_init(struct ctl *ctl, struct problem *why)
{
	TRY(migrate(ctl, why));
	int made = rooms_make_default(ctl->arena, ctl->store, why);
	jw_kv_int(ctl->out, "rooms_made", made < 0 ? 0 : made);
	jw_close(ctl->out, '}');
	return made < 0 ? -1 : 0;
}

const struct command realm_commands[] = {
	{"init", "",
	 "Make the database and the default rooms.\n\n"
	 "What is there already stays: it can be called before every start.",
	 .needs = NEEDS_MIGRATED, .run = run_init},
	{"migrate", "",
	 "Bring the database up to this program's schema.\n\n"
	 "Each step is a transaction of its own. Programs of the older version end\n"
	 "with an error afterwards, so stop them first.",
	 .needs = NEEDS_MIGRATED, .run = run_migrate},
	{0},
};
