/* settings, set and unset: the settings that may change while the realm runs. */
#include <string.h>

#include "ctl/ctl.h"
#include "realm/live_settings.h"

static int show_settings(struct ctl *ctl, struct problem *why)
{
	struct live_settings live;
	live_settings_start(&live, &ctl->settings);
	TRY(live_settings_refresh(ctl->store, &live, why));
	return settings_list(ctl->store, &live, ctl->out, why);
}

static int run_set(struct ctl *ctl, struct problem *why)
{
	const struct setting_change change = {ctl->args[0], ctl->args[1]};
	TRY(settings_change(ctl->arena, ctl->store, NULL, &change, 1, why));
	return show_settings(ctl, why);
}

static int run_unset(struct ctl *ctl, struct problem *why)
{
	const struct setting_change change = {ctl->args[0], NULL};
	TRY(settings_change(ctl->arena, ctl->store, NULL, &change, 1, why));
	return show_settings(ctl, why);
}

#define COLUMNS "key value configured min max choices"

const struct command setting_commands[] = {
	{"settings", "", "List the settings that may change while the realm runs.",
	 .needs = NEEDS_REALM, .run = show_settings, .columns = COLUMNS},
	{"set", "KEY VALUE",
	 "Change a setting while the realm runs.\n\n"
	 "The value overrides aeon.conf. All programs use it within a second, without a restart.",
	 .args = 2, .needs = NEEDS_REALM, .run = run_set, .columns = COLUMNS},
	{"unset", "KEY", "Return a setting to the value of aeon.conf.", .args = 1,
	 .needs = NEEDS_REALM, .run = run_unset, .columns = COLUMNS},
	{0},
};
