/* refill() of ctl.h: 'aeonctl reindex --chroma'. */
#include <string.h>
#include <sysexits.h>
#include <time.h>

#include "base/arena.h"
#include "base/json_out.h"
#include "ctl/ctl.h"
#include "realm/projection.h"
#include "realm/realm.h"

#define LOOK_NS 200000000

struct looking {
	const char *name;
	int64_t behind;
	const char *failure; /* in the arena, or NULL */
	struct arena *arena;
};

static int look_at(const struct sync_state *state, void *context, struct problem *why)
{
	struct looking *l = context;
	(void)why;
	if (strcmp(state->name, l->name) != 0)
		return 0;
	l->behind = state->behind;
	l->failure = state->failure ? arena_strdup(l->arena, state->failure) : NULL;
	return 1;
}

int refill(struct ctl *ctl, const char *store, struct problem *why)
{
	struct looking l = {.name = store, .arena = ctl->arena};
	int found = sync_refill(ctl->store, store, why);
	TRY(found);
	if (found == 0)
		return refuse(EX_CONFIG, "aeon-twin has never written to %s", store);
	TRY(sync_states(ctl->store, look_at, &l, why));
	int64_t all = l.behind;
	bool runs = realm_listeners(&ctl->settings, REALM_TWIN, ctl->settings.twins) != 0;
	while (runs && l.behind > 0 && !l.failure) {
		progress("reindex", (int)(all - l.behind), (int)all);
		nanosleep(&(struct timespec){.tv_nsec = LOOK_NS}, NULL);
		TRY(sync_states(ctl->store, look_at, &l, why));
	}
	progress("reindex", 1, 1);
	if (l.failure)
		return refuse(EX_UNAVAILABLE, "%s fails, and is filled when it works again: %s",
			      store, l.failure);
	jw_open(ctl->out, '{');
	jw_kv_int(ctl->out, "changes", all - l.behind);
	jw_kv_int(ctl->out, "left", l.behind);
	jw_close(ctl->out, '}');
	return 0;
}
