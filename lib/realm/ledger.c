/* The ledger: see ledger.h. */
#include "realm/ledger.h"

#include "base/clock.h"
#include "realm/settings.h"
#include "store/queries.h"
#include "store/store.h"

struct reserving {
	const struct settings *settings;
	const struct ledger_call *call;
	int64_t now, id;
};

static int64_t ceiling(const struct reserving *r, int64_t tokens)
{
	return r->call->is_background ? tokens / LEDGER_BACKGROUND_PART : tokens;
}

/* What this asker may use of the twin's tokens. */
static int64_t twin_ceiling(const struct reserving *r)
{
	int64_t all = ceiling(r, r->settings->tokens_per_twin);
	return r->call->asker_id == r->call->twin_id ? all : all - all / LEDGER_OWNERS_PART;
}

static int reserve(struct store *store, void *context, struct problem *why)
{
	struct reserving *r = context;
	const struct ledger_call *call = r->call;
	struct q_spend_of_day spent;
	r->id = 0;
	TRY(q_spend_of_day(store, r->now / CLOCK_DAY, call->twin_id, call->asker_id, &spent, why));
	if (call->tokens > ceiling(r, r->settings->tokens_per_day) - spent.realm ||
	    call->tokens > twin_ceiling(r) - spent.twin ||
	    call->tokens > ceiling(r, r->settings->tokens_per_asker) - spent.asker)
		return 0;
	return q_call_insert(store, call->twin_id, call->asker_id, call->turn_id, call->provider,
			     call->model, call->tokens, r->now, &r->id, why);
}

int ledger_reserve(struct store *store, const struct settings *settings,
		   const struct ledger_call *call, int64_t *id_r, int64_t *until_r,
		   struct problem *why)
{
	struct reserving r = {.settings = settings, .call = call, .now = clock_now()};
	TRY(store_write(store, reserve, &r, why));
	*id_r = r.id;
	*until_r = r.now - r.now % CLOCK_DAY + CLOCK_DAY;
	return r.id > 0;
}

int ledger_left_in_background(struct store *store, const struct settings *settings,
			      int64_t *tokens_r, struct problem *why)
{
	struct q_spend_of_day spent;
	TRY(q_spend_of_day(store, clock_now() / CLOCK_DAY, 0, 0, &spent, why));
	*tokens_r = settings->tokens_per_day / LEDGER_BACKGROUND_PART - spent.realm;
	return 0;
}

struct settling {
	int64_t id, spent;
};

static int settle(struct store *store, void *context, struct problem *why)
{
	const struct settling *s = context;
	return q_call_settle(store, s->id, s->spent, why);
}

int ledger_settle(struct store *store, int64_t id, int64_t spent, struct problem *why)
{
	struct settling s = {id, spent};
	TRY(store_write_unsynced(store, settle, &s, why));
	return 0;
}
