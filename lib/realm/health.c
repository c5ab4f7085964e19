/* The health of a realm: see health.h. */
#include "realm/health.h"

#include <inttypes.h>
#include <libgen.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/statvfs.h>

#include "base/arena.h"
#include "base/clock.h"
#include "base/json_out.h"
#include "realm/feed.h"
#include "realm/programs.h"
#include "realm/projection.h"
#include "realm/realm.h"
#include "realm/settings.h"
#include "realm/turns.h"
#include "store/lead.h"
#include "store/queries.h"
#include "store/store.h"

#define FRESH_US (6 * CLOCK_SECOND)       /* above a bridge's five seconds between two leases */
#define PROBE_EVERY_US (2 * CLOCK_SECOND) /* of all processes together */
#define PROBE_WAIT_MS 500                 /* for the write lock; the caller waits meanwhile */
#define REMEMBER_US (10 * CLOCK_SECOND)   /* a failed write counts so long */
#define SILENT_US (10 * CLOCK_SECOND)       /* without the end of any write: one hangs */
#define UNMAINTAINED_US (30 * CLOCK_SECOND) /* a new leader needs some seconds */
#define LATE_US (60 * CLOCK_SECOND)         /* a turn that waits as long is late */
#define LEAST_FREE (INT64_C(4) << 20)       /* bytes; above what the largest requests write */
#define LARGEST_WAL (INT64_C(128) << 20)    /* bytes; up to half of it is kept for reuse */

#define HEARTBEAT "heartbeat" /* the row: its value is the time of its last write */

/* --- the notes -------------------------------------------------------------------------------- */

/* How long ago the task has ended, or the notes have begun. */
static int64_t since_end(const struct health_notes *notes, enum health_task task)
{
	int64_t good = notes->since_good[task], bad = notes->since_bad[task];
	int64_t last = notes->since_begun;
	if (good != HEALTH_UNKNOWN && (last == HEALTH_UNKNOWN || good < last))
		last = good;
	if (bad != HEALTH_UNKNOWN && (last == HEALTH_UNKNOWN || bad < last))
		last = bad;
	return last;
}

static bool ended_badly(const struct health_notes *notes, enum health_task task)
{
	int64_t good = notes->since_good[task], bad = notes->since_bad[task];
	return bad != HEALTH_UNKNOWN && (good == HEALTH_UNKNOWN || bad < good);
}

/* --- the parts -------------------------------------------------------------------------------- */

static const char *const part_names[HEALTH_PART__COUNT] = {
	[HEALTH_DATABASE] = "database",
	[HEALTH_WRITES] = "writes",
	[HEALTH_DISK] = "disk",
	[HEALTH_WAL] = "write-ahead log",
	[HEALTH_MAINTENANCE] = "maintenance",
	[HEALTH_BRIDGES] = "bridge",
	[HEALTH_TWINS] = "twins",
	[HEALTH_STORES] = "stores",
	[HEALTH_PROGRAMS] = "programs",
};

const char *health_part_name(enum health_part part)
{
	return part_names[part];
}

void health_reasons(const struct health *health, struct buf *out)
{
	jw_open(out, '[');
	for (int part = 0; part < HEALTH_PART__COUNT; part++) {
		char text[300];
		if (health->parts[part].good)
			continue;
		snprintf(text, sizeof(text), "%s: %s", part_names[part],
			 health->parts[part].reason);
		jw_text(out, text);
	}
	jw_close(out, ']');
}

__attribute__((format(printf, 3, 4))) static void
part_fails(struct health *health, enum health_part part, const char *format, ...)
{
	va_list args;
	va_start(args, format);
	vsnprintf(health->parts[part].reason, sizeof(health->parts[part].reason), format, args);
	va_end(args);
	health->parts[part].good = health->all_good = false;
}

static void task_fails(struct health *health, enum health_part part, enum health_task task)
{
#define HEALTH_NAME(constant, name) name,
	static const char *const names[] = {HEALTH_TASKS(HEALTH_NAME)};
	char cause[SHARED_TEXT];
	health_cause(task, cause);
	part_fails(health, part, "The last failed %s was %" PRId64 " s ago: %s", names[task],
		   health->notes.since_bad[task] / CLOCK_SECOND, cause);
}

static void check_database(struct health *health, struct store *store, struct problem *why)
{
	int64_t pos, started = clock_monotonic();
	bool good = store && events_head(store, &pos, why) >= 0;
	health->read_us = clock_monotonic() - started;
	if (!good)
		part_fails(health, HEALTH_DATABASE, "%s%s%s", why->detail,
			   why->cause[0] ? ": " : "", why->cause);
}

static int put_heartbeat(struct store *store, void *context, struct problem *why)
{
	char now[24];
	(void)context;
	snprintf(now, sizeof(now), "%" PRId64, clock_now());
	return q_meta_put(store, HEARTBEAT, now, why);
}

/* Writes the row, unless it was written a moment ago. */
static int beat(struct arena *arena, struct store *store, struct problem *why)
{
	const char *last = NULL;
	TRY(q_meta_get(arena, store, HEARTBEAT, &last, why));
	int64_t age = clock_now() - (last ? strtoll(last, NULL, 10) : 0);
	if (age >= 0 && age < PROBE_EVERY_US)
		return health_note(HEALTH_WRITE, 0, NULL);
	int before = store_set_wait(store, PROBE_WAIT_MS);
	int result = store_write(store, put_heartbeat, NULL, why);
	store_set_wait(store, before);
	return result;
}

static void probe(struct store *store)
{
	if (!health_claim_probe(PROBE_EVERY_US))
		return;
	struct problem why = {0};
	struct arena *arena = arena_new();
	beat(arena, store, &why); /* realm.c notes the result, like that of each write */
	arena_free(&arena);
}

static void check_writes(struct health *health, struct store *store)
{
	int64_t idle = since_end(&health->notes, HEALTH_WRITE);
	bool noted = health->notes.since_good[HEALTH_WRITE] != HEALTH_UNKNOWN ||
		     health->notes.since_bad[HEALTH_WRITE] != HEALTH_UNKNOWN;
	if (store && health->parts[HEALTH_DATABASE].good && (!noted || idle > FRESH_US)) {
		probe(store);
		health_read_notes(&health->notes);
		idle = since_end(&health->notes, HEALTH_WRITE);
	}
	int64_t bad = health->notes.since_bad[HEALTH_WRITE];
	if (ended_badly(&health->notes, HEALTH_WRITE) ||
	    (bad != HEALTH_UNKNOWN && bad < REMEMBER_US))
		task_fails(health, HEALTH_WRITES, HEALTH_WRITE);
	else if (idle > SILENT_US)
		part_fails(health, HEALTH_WRITES, "No write has ended for %" PRId64 " s",
			   idle / CLOCK_SECOND);
}

static void check_disk(struct health *health, const struct settings *settings)
{
	char path[4096];
	struct statvfs disk;
	snprintf(path, sizeof(path), "%s", settings->database);
	health->free_bytes = statvfs(dirname(path), &disk) == 0
				     ? (int64_t)disk.f_bavail * (int64_t)disk.f_frsize
				     : HEALTH_UNKNOWN;
	if (health->free_bytes != HEALTH_UNKNOWN && health->free_bytes < LEAST_FREE)
		part_fails(health, HEALTH_DISK, "Only %" PRId64 " KiB are free",
			   health->free_bytes >> 10);
	health->wal_bytes = store_log_bytes(settings->database);
	if (health->wal_bytes > LARGEST_WAL)
		part_fails(health, HEALTH_WAL,
			   "%" PRId64 " MiB: no process checkpoints, or a read never ends",
			   health->wal_bytes >> 20);
}

static void check_bridges(struct health *health, struct store *store,
			  const struct settings *settings)
{
	struct problem why = {0};
	int64_t started = clock_monotonic();
	uint32_t alive = realm_listeners(settings, REALM_BRIDGE, settings->ws_bridges);
	if (!store || bridges_live(store, alive, &health->bridges, &why) < 0 ||
	    health->bridges.live < settings->ws_bridges)
		part_fails(health, HEALTH_BRIDGES, "%" PRId64 " of %" PRId64 " are running",
			   health->bridges.live, settings->ws_bridges);
	health->bridges_us = clock_monotonic() - started;
}

static void check_twins(struct health *health, struct store *store, const struct settings *settings)
{
	struct problem why = {0};
	uint32_t alive = realm_listeners(settings, REALM_TWIN, settings->twins);
	int64_t due;
	health->twins = __builtin_popcount(alive);
	if (health->twins < settings->twins)
		part_fails(health, HEALTH_TWINS, "%" PRId64 " of %" PRId64 " are running",
			   health->twins, settings->twins);
	else if (store && settings->twins > 0 && turns_next_due(store, &due, &why) == 0 &&
		 due < clock_now() - LATE_US)
		part_fails(health, HEALTH_TWINS, "A turn has been waiting for %" PRId64 " s",
			   (clock_now() - due) / CLOCK_SECOND);
}

static int check_store(const struct sync_state *state, void *context, struct problem *why)
{
	struct health *health = context;
	bool all_good = health->all_good;
	(void)why;
	health->stores_behind += state->behind;
	if (state->failure)
		part_fails(health, HEALTH_STORES, "%s has failed for %" PRId64 " s: %s",
			   state->name, (clock_now() - state->failed_at) / CLOCK_SECOND,
			   state->failure);
	health->all_good = all_good;
	return 0;
}

static void check_programs(struct health *health, const struct settings *settings)
{
	struct arena *arena = arena_new();
	const char *down = programs_not_up(arena, settings);
	if (down)
		part_fails(health, HEALTH_PROGRAMS, "Not running: %s", down);
	arena_free(&arena);
}

static void check_maintenance(struct health *health, const struct settings *settings, bool has_pool)
{
	static const char *const programs[] = {
		[LEADER_NONE] = NULL,
		[LEADER_BRIDGE] = "bridge",
		[LEADER_CGI] = "cgi",
		[LEADER_CTL] = "aeonctl",
	};
	/* Where only CGI programs run, there is maintenance only when the write-ahead log is large.
	 */
	bool is_expected = settings->ws_bridges > 0 ? health->bridges.live > 0 : has_pool;
	int64_t idle = since_end(&health->notes, HEALTH_CHECKPOINT);
	if (idle < UNMAINTAINED_US)
		health->leader = programs[health->notes.leader];
	for (enum health_task task = HEALTH_CHECKPOINT; task < HEALTH_TASK__COUNT; task++)
		if (ended_badly(&health->notes, task) && health->parts[HEALTH_MAINTENANCE].good)
			task_fails(health, HEALTH_MAINTENANCE, task);
	if (is_expected && idle > UNMAINTAINED_US && health->parts[HEALTH_MAINTENANCE].good)
		part_fails(health, HEALTH_MAINTENANCE,
			   "No process has done the maintenance for %" PRId64 " s",
			   idle / CLOCK_SECOND);
}

void health_measure(struct store *store, const struct settings *settings, bool has_pool,
		    struct health *health_r, struct problem *why)
{
	*health_r = (struct health){.all_good = true};
	for (int part = 0; part < HEALTH_PART__COUNT; part++)
		health_r->parts[part].good = true;
	health_read_notes(&health_r->notes);
	check_database(health_r, store, why);
	check_writes(health_r, store);
	check_disk(health_r, settings);
	check_bridges(health_r, store, settings);
	check_twins(health_r, store, settings);
	if (store && health_r->parts[HEALTH_DATABASE].good)
		sync_states(store, check_store, health_r, why);
	check_maintenance(health_r, settings, has_pool);
	check_programs(health_r, settings);
}
