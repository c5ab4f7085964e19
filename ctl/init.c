/* init and migrate: create and migrate the database, and create the default rooms. */
#include <unistd.h>

#include "base/arena.h"
#include "base/json_out.h"
#include "ctl/ctl.h"
#include "realm/epoch.h"
#include "realm/events.h"
#include "realm/realm.h"
#include "realm/registration.h"
#include "realm/rooms.h"

static int migrate(struct ctl *ctl, struct problem *why)
{
	bool existed = access(ctl->settings.database, F_OK) == 0;
	TRY(realm_open(&ctl->settings, STORE_MIGRATE, &ctl->store, why));
	TRY(realm_note_boot(ctl->arena, ctl->store, why));
	jw_open(ctl->out, '{');
	jw_kv_text(ctl->out, "database", ctl->settings.database);
	jw_kv_bool(ctl->out, "created", !existed);
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
	char code[CODE_TEXT];
	int made, ownerless;
	TRY(made = rooms_make_default(ctl->arena, ctl->store, why));
	TRY(ownerless = setup_code_make(ctl->store, code, why));
	jw_kv_int(ctl->out, "rooms_made", made);
	if (ownerless)
		jw_kv_text(ctl->out, "setup_code", code);
	jw_close(ctl->out, '}');
	return 0;
}

const struct command realm_commands[] = {
	{"init", "",
	 "Create the database and the default rooms.\n\n"
	 "Existing data stays, so this can be called before every start. While the realm has no\n"
	 "owner, it also prints a new setup code: the user who registers with it is the owner.",
	 .needs = NEEDS_MIGRATED, .run = run_init},
	{"migrate", "",
	 "Migrate the database to this program's schema.\n\n"
	 "Each migration is one transaction. Stop programs of the older version first:\n"
	 "they fail afterwards.",
	 .needs = NEEDS_MIGRATED, .run = run_migrate},
	{0},
};
