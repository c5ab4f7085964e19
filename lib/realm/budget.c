/*
 * Budgets: see budget.h.
 *
 * A bucket is one number: the time at which it is full again (the theoretical arrival time of the
 * generic cell rate algorithm). A time further away than a bucket can be empty is of another boot,
 * of other settings or of a stranger, and counts as the emptiest bucket.
 *
 * The users' buckets are a table of sets, as in a processor's cache. A user without an entry gets
 * the one of its set that has been full for the longest time, so a table that is full forgets
 * first the users that lose nothing. Two processes that add a user at the same moment may make two
 * entries; the first one of the set counts.
 */
#include "config.h"

#include "realm/budget.h"

#include <fcntl.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/memory.h"
#include "base/shared.h"
#include "realm/settings.h"

#define LAYOUT 1
#define SETS 4096
#define WAYS 8
#define SLOTS 256 /* processes whose requests in work are counted */

#define WEIGHT_BYTES 1024                  /* of a text weigh one */
#define WEIGHT_CPU_US (CLOCK_SECOND / 500) /* a request that weighs one takes less */
#define IN_WORK_RETRY_MS 1000
#define MINUTE (60 * CLOCK_SECOND)

struct bucket {
	_Atomic int64_t user_id; /* 0: free */
	_Atomic int64_t full_at, reach_full_at;
	_Atomic int64_t heavy; /* the slot, from 1, of the heavy request in work; 0: none */
};

struct table {
	struct bucket buckets[SETS][WAYS];
	_Atomic int64_t in_work[SLOTS]; /* the user that a process works for; 0: none */
};

struct budgets {
	struct table *table, *own; /* own: what must be freed, or NULL */
	int fd;                    /* of the file; -1: other processes are not counted */
	int slot;                  /* of this process; -1: none yet */
	struct bucket *heavy;      /* of the user with a heavy request in this process, or NULL */
};

/* How a bucket fills, in microseconds. */
struct flow {
	int64_t one;  /* for a weight of one */
	int64_t full; /* for the whole bucket */
};

/* --- the file --------------------------------------------------------------------------------- */

/* For the locks of the slots. Returns -1 when the table is only of this process. */
static int open_locks(const char *run_dir)
{
	char path[4096];
	snprintf(path, sizeof(path), "%s/" BUDGET_FILE, run_dir);
	return open(path, O_RDWR | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC);
}

struct budgets *budgets_open(const char *run_dir)
{
	struct budgets *budgets = xcalloc(1, sizeof(*budgets));
	budgets->slot = -1;
	budgets->fd = -1;
	if (run_dir) {
		budgets->table = shared_map(run_dir, BUDGET_FILE, sizeof(struct table), LAYOUT);
		budgets->fd = open_locks(run_dir);
	} else {
		budgets->table = budgets->own = xcalloc(1, sizeof(struct table));
	}
	return budgets;
}

void budgets_close(struct budgets **budgets)
{
	if (!*budgets)
		return;
	if ((*budgets)->fd >= 0)
		close((*budgets)->fd);
	free((*budgets)->own);
	free(*budgets);
	*budgets = NULL;
}

/* --- buckets ---------------------------------------------------------------------------------- */

static struct flow flow_of(int64_t rate, int64_t burst, int64_t period)
{
	int64_t one = period / rate;
	return (struct flow){.one = one, .full = burst * one};
}

/* A network has a negative number. */
static struct flow weight_flow(const struct settings *settings, int64_t user_id)
{
	if (user_id < 0)
		return flow_of(settings->network_rate, settings->network_burst, CLOCK_SECOND);
	return flow_of(settings->user_rate, settings->user_burst, CLOCK_SECOND);
}

static struct flow reach_flow(const struct settings *settings)
{
	return flow_of(settings->reach_rate, settings->reach_burst, MINUTE);
}

/* An empty bucket may owe as much again, for what was paid afterwards. */
static int64_t latest(const struct flow *flow, int64_t now)
{
	return now + 2 * flow->full;
}

/* A request that weighs more than a bucket needs a full one. */
static int64_t cost_of(const struct flow *flow, int64_t weight)
{
	int64_t cost = weight * flow->one;
	return cost < flow->full ? cost : flow->full;
}

/* The time at which the bucket is full, which is now at the earliest. */
static int64_t time_full(const struct flow *flow, int64_t stored, int64_t now)
{
	return stored < now ? now : stored < latest(flow, now) ? stored : latest(flow, now);
}

/*
 * Takes the weight, and returns 0; else returns after how many microseconds the bucket has it.
 * Sets the time at which the bucket is full then.
 */
static int64_t bucket_take(_Atomic int64_t *bucket, const struct flow *flow, int64_t weight,
			   int64_t now, int64_t *full_at_r)
{
	int64_t stored = atomic_load(bucket), cost = cost_of(flow, weight);
	for (;;) {
		int64_t from = time_full(flow, stored, now);
		int64_t wait = cost > 0 ? from + cost - now - flow->full : 0;
		*full_at_r = wait > 0 ? from : from + cost;
		/* A time that is too far away is corrected, so that it comes nearer. */
		if ((wait > 0 && from == stored) ||
		    atomic_compare_exchange_weak(bucket, &stored, *full_at_r))
			return wait > 0 ? wait : 0;
	}
}

/* Takes the cost even if the bucket has less; a negative cost is given back. */
static void bucket_owe(_Atomic int64_t *bucket, const struct flow *flow, int64_t cost, int64_t now)
{
	int64_t stored = atomic_load(bucket), then;
	do
		then = time_full(flow, stored, now) + cost;
	while (!atomic_compare_exchange_weak(bucket, &stored, time_full(flow, then, now)));
}

static struct bucket *set_of(struct table *table, int64_t user_id)
{
	uint64_t hash = (uint64_t)user_id * UINT64_C(0x9e3779b97f4a7c15); /* Fibonacci hashing */
	return table->buckets[(hash >> 32) % SETS];
}

static struct bucket *bucket_of(struct budgets *budgets, const struct flow *flow, int64_t user_id,
				int64_t now)
{
	struct bucket *set = set_of(budgets->table, user_id);
	for (;;) {
		struct bucket *oldest = NULL;
		int64_t oldest_at = 0, oldest_user = 0;
		for (struct bucket *at = set; at < set + WAYS; at++) {
			int64_t holder = atomic_load(&at->user_id);
			int64_t full_at = atomic_load(&at->full_at);
			if (holder == user_id)
				return at;
			if (!holder || full_at > latest(flow, now))
				full_at = INT64_MIN;
			if (oldest && full_at >= oldest_at)
				continue;
			oldest = at;
			oldest_at = full_at;
			oldest_user = holder;
		}
		if (!atomic_compare_exchange_strong(&oldest->user_id, &oldest_user, user_id))
			continue;
		atomic_store(&oldest->full_at, now);
		atomic_store(&oldest->reach_full_at, now);
		return oldest;
	}
}

/* --- requests --------------------------------------------------------------------------------- */

int64_t budget_of_network(const char *network)
{
	uint64_t hash = UINT64_C(0xcbf29ce484222325); /* FNV-1a */
	for (const char *at = network; *at; at++)
		hash = (hash ^ (unsigned char)*at) * UINT64_C(0x100000001b3);
	return (int64_t)(hash | UINT64_C(1) << 63);
}

int64_t budget_weight_of(size_t bytes)
{
	return (int64_t)(bytes / WEIGHT_BYTES);
}

static struct budget_left left_of(const struct flow *flow, int64_t full_at, int64_t now)
{
	int64_t limit = flow->full / flow->one;
	int64_t missing = (full_at - now + flow->one - 1) / flow->one;
	return (struct budget_left){
		.limit = limit,
		.remaining = missing < limit ? limit - missing : 0,
		.reset_s = (full_at - now + CLOCK_SECOND - 1) / CLOCK_SECOND,
	};
}

static int refuse(int64_t wait, int64_t reach_wait, struct problem *why)
{
	if (wait >= reach_wait)
		problem_set(why, PROBLEM_RATE_LIMITED);
	else
		problem_say(why, PROBLEM_RATE_LIMITED,
			    "Too many requests that reach other users. Try again later.");
	why->retry_after_ms = (int)((wait > reach_wait ? wait : reach_wait) / 1000) + 1;
	return -1;
}

int budget_take(struct budgets *budgets, const struct settings *settings, int64_t user_id,
		struct budget_cost cost, struct budget_left *left_r, struct problem *why)
{
	const struct flow flow = weight_flow(settings, user_id), reach = reach_flow(settings);
	int64_t now = clock_monotonic(), reach_wait = 0, then, reach_then = now;
	struct bucket *bucket = bucket_of(budgets, &flow, user_id, now);
	int64_t wait = bucket_take(&bucket->full_at, &flow, cost.weight, now, &then);
	if (cost.reaches)
		reach_wait = bucket_take(&bucket->reach_full_at, &reach, 1, now, &reach_then);
	/* The other bucket has refused, so the first one gets its weight back. */
	if (wait == 0 && reach_wait > 0)
		bucket_owe(&bucket->full_at, &flow, -cost_of(&flow, cost.weight), now);
	if (wait > 0 && reach_wait == 0 && cost.reaches)
		bucket_owe(&bucket->reach_full_at, &reach, -cost_of(&reach, 1), now);
	if (left_r) {
		struct budget_left smaller = left_of(&reach, reach_then, now);
		*left_r = left_of(&flow, then, now);
		if (cost.reaches && smaller.remaining < left_r->remaining)
			*left_r = smaller;
	}
	return wait > 0 || reach_wait > 0 ? refuse(wait, reach_wait, why) : 0;
}

void budget_settle(struct budgets *budgets, const struct settings *settings, int64_t user_id,
		   int64_t weight, int64_t cpu_us)
{
	const struct flow flow = weight_flow(settings, user_id);
	int64_t now = clock_monotonic(), rest = cpu_us / WEIGHT_CPU_US - weight;
	if (rest > 0)
		bucket_owe(&bucket_of(budgets, &flow, user_id, now)->full_at, &flow,
			   cost_of(&flow, rest), now);
}

/* --- requests in work ------------------------------------------------------------------------- */

/* A process has the lock of its slot's byte as long as it lives. */
static bool slot_lock(const struct budgets *budgets, int slot, int command, short *type)
{
	struct flock lock = {.l_type = F_WRLCK, .l_whence = SEEK_SET, .l_start = slot, .l_len = 1};
	bool done = fcntl(budgets->fd, command, &lock) == 0;
	*type = lock.l_type;
	return done;
}

static void slot_take(struct budgets *budgets)
{
	short type;
	for (int slot = 0; slot < SLOTS && budgets->slot < 0; slot++)
		if (slot_lock(budgets, slot, F_OFD_SETLK, &type))
			budgets->slot = slot;
}

/* Frees the slot when its process has died in work. */
static bool slot_is_alive(struct budgets *budgets, int slot)
{
	short type;
	if (!slot_lock(budgets, slot, F_OFD_GETLK, &type) || type != F_UNLCK)
		return true;
	atomic_store(&budgets->table->in_work[slot], 0);
	return false;
}

/* The holder counts while it lives and works for the user. */
static bool heavy_take(struct budgets *budgets, struct bucket *bucket, int64_t user_id)
{
	int64_t me = budgets->slot + 1, holder = atomic_load(&bucket->heavy);
	do {
		if (holder > 0 && holder <= SLOTS && holder != me &&
		    atomic_load(&budgets->table->in_work[holder - 1]) == user_id &&
		    slot_is_alive(budgets, (int)holder - 1))
			return false;
	} while (!atomic_compare_exchange_weak(&bucket->heavy, &holder, me));
	budgets->heavy = bucket;
	return true;
}

bool budget_enter_heavy(struct budgets *budgets, const struct settings *settings, int64_t user_id)
{
	const struct flow flow = weight_flow(settings, user_id);
	if (budgets->slot < 0 ||
	    heavy_take(budgets, bucket_of(budgets, &flow, user_id, clock_monotonic()), user_id))
		return true;
	budget_leave(budgets);
	return false;
}

int budget_enter(struct budgets *budgets, const struct settings *settings, int64_t user_id,
		 struct problem *why)
{
	int64_t others = 0;
	if (budgets->fd >= 0 && budgets->slot < 0)
		slot_take(budgets);
	if (budgets->slot < 0)
		return 0;
	atomic_store(&budgets->table->in_work[budgets->slot], user_id);
	for (int slot = 0; slot < SLOTS; slot++)
		if (slot != budgets->slot &&
		    atomic_load(&budgets->table->in_work[slot]) == user_id &&
		    slot_is_alive(budgets, slot))
			others++;
	if (others < settings->user_requests)
		return 0;
	budget_leave(budgets);
	why->retry_after_ms = IN_WORK_RETRY_MS;
	return problem_say(why, PROBLEM_RATE_LIMITED,
			   "Too many of your requests are in work. Try again later.");
}

void budget_leave(struct budgets *budgets)
{
	int64_t me = budgets->slot + 1;
	if (budgets->heavy)
		atomic_compare_exchange_strong(&budgets->heavy->heavy, &me, 0);
	budgets->heavy = NULL;
	if (budgets->slot >= 0)
		atomic_store(&budgets->table->in_work[budgets->slot], 0);
}
