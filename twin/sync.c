/* Keeps other stores up to date: see sync.h. */
#include "twin/sync.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "base/clock.h"
#include "base/log.h"
#include "base/memory.h"
#include "provider/failure.h"
#include "realm/projection.h"
#include "store/store.h"

#define LEASE (60 * CLOCK_SECOND) /* longer than any request to a store may take */
#define RENEW (LEASE / 2)
#define LOOK_AT_MARKER (60 * CLOCK_SECOND)
#define FIRST_PAUSE CLOCK_SECOND
#define LONGEST_PAUSE (60 * CLOCK_SECOND)
#define MARKER_MOST 400   /* bytes */
#define MOST_REJECTIONS 3 /* in a row; then the store cannot be as it should */

enum sync_step { SYNC_IDLE, SYNC_READING_MARKER, SYNC_CLEARING, SYNC_WRITING };

struct sync {
	struct store *store;
	int number;
	const struct sync_store *other;
	void *self;
	enum sync_step step;
	char marker[MARKER_MOST]; /* that it should have */
	int64_t round, upto;      /* that the database has noted */
	int64_t next_upto;        /* of the batch in work */
	size_t most;
	int64_t lease_until, paused_until, pause;
	int64_t look_at; /* when its marker is read next; 0: now */
	int rejections;
};

struct sync *sync_new(struct store *store, int number, const struct sync_store *other, void *self)
{
	struct sync *sync = xcalloc(1, sizeof(*sync));
	sync->store = store;
	sync->number = number;
	sync->other = other;
	sync->self = self;
	return sync;
}

void sync_free(struct sync **sync)
{
	struct sync *old = *sync;
	*sync = NULL;
	if (!old)
		return;
	old->other->cancel(old->self);
	free(old);
}

/* --- what is to be done ----------------------------------------------------------------------- */

/* Holds the lease: 1, 0 while another process has it, or -1. */
static int hold_lease(struct sync *sync, struct problem *why)
{
	int64_t now = clock_now();
	if (now < sync->lease_until - RENEW)
		return 1;
	int mine = sync_claim(sync->store, sync->other->name, sync->number, now + LEASE, why);
	if (mine > 0 && sync->lease_until < now)
		sync->look_at = 0; /* another process may have written meanwhile */
	sync->lease_until = mine > 0 ? now + LEASE : 0;
	return mine;
}

/* What the store should hold: 1, 0 when that is nothing, or -1. */
static int read_position(struct store *store, void *context, struct problem *why)
{
	struct sync *sync = context;
	struct arena *arena = arena_new();
	struct sync_contents contents = {0};
	struct sync_position position = {0};
	char marker[MARKER_MOST];
	int result = sync->other->contents(sync->self, arena, store, &contents, why);
	if (result > 0 && sync_position(arena, store, sync->other->name, &position, why) < 0)
		result = -1;
	if (result > 0) {
		snprintf(marker, sizeof(marker), "%s %s", position.marker, contents.text);
		if (strcmp(marker, sync->marker) != 0)
			sync->look_at = 0;
		memcpy(sync->marker, marker, sizeof(marker));
		sync->round = position.round;
		sync->upto = position.upto;
		sync->most = contents.most;
	}
	arena_free(&arena);
	return result;
}

/* Begins to write the next batch. */
static int write_next(struct store *store, void *context, struct problem *why)
{
	struct sync *sync = context;
	struct arena *arena = arena_new();
	struct projection_batch batch;
	int result = projection_read(arena, store, sync->other->kinds, sync->upto, sync->most,
				     &batch, why);
	if (result == 0) {
		sync->next_upto = batch.upto;
		if (batch.upto > sync->upto)
			result = sync->other->write(sync->self, store, &batch, sync->marker, why);
		if (result == 0 && batch.upto > sync->upto)
			sync->step = SYNC_WRITING;
	}
	arena_free(&arena);
	return result;
}

int sync_look(struct sync *sync, struct problem *why)
{
	int64_t now = clock_monotonic();
	if (sync->step != SYNC_IDLE || now < sync->paused_until)
		return 0;
	int ready = hold_lease(sync, why);
	if (ready > 0)
		ready = store_read(sync->store, read_position, sync, why);
	if (ready <= 0)
		return ready;
	if (now < sync->look_at)
		return store_read(sync->store, write_next, sync, why);
	sync->step = SYNC_READING_MARKER;
	sync->other->read_marker(sync->self);
	return 0;
}

/* --- how it has ended ------------------------------------------------------------------------- */

/* The next step. A failure of the database ends nothing: the next look begins again. */
static void go_on(struct sync *sync, int result, struct problem *why)
{
	sync->step = SYNC_IDLE;
	if (result < 0 || sync_look(sync, why) < 0)
		log_problem(LOG_LEVEL_WARN, "sync_failed", why);
}

static int note_upto(struct sync *sync, int64_t upto, struct problem *why)
{
	int mine =
		sync_advance(sync->store, sync->other->name, sync->number, sync->round, upto, why);
	if (mine == 0)
		sync->lease_until = 0;
	return mine;
}

/* The database knows first that nothing is confirmed, so no change is forgotten meanwhile. */
static void clear(struct sync *sync)
{
	struct problem why = {0};
	if (note_upto(sync, 0, &why) <= 0) {
		go_on(sync, why.code ? -1 : 0, &why);
		return;
	}
	log_info("store_filled_again", LOG_TEXT("store", sync->other->name));
	sync->step = SYNC_CLEARING;
	sync->other->clear(sync->self, sync->marker);
}

static void has_answered(struct sync *sync)
{
	sync->pause = 0;
	sync->look_at = clock_monotonic() + LOOK_AT_MARKER;
}

void sync_marker_is(struct sync *sync, const char *marker, int64_t upto)
{
	struct problem why = {0};
	if (!marker || strcmp(marker, sync->marker) != 0 || upto < sync->upto ||
	    sync->rejections >= MOST_REJECTIONS) {
		clear(sync);
		return;
	}
	has_answered(sync);
	go_on(sync, 0, &why);
}

void sync_done(struct sync *sync)
{
	struct problem why = {0};
	int64_t upto = sync->step == SYNC_WRITING ? sync->next_upto : 0;
	has_answered(sync);
	sync->rejections = 0;
	go_on(sync, note_upto(sync, upto, &why), &why);
}

void sync_failed(struct sync *sync, const struct failure *failure)
{
	struct problem why = {0};
	const char *name = sync->other->name;
	if (sync->pause == 0)
		log_warn("store_failed", LOG_TEXT("store", name),
			 LOG_TEXT("reason", failure_info(failure->code)->name),
			 LOG_TEXT("detail", failure->detail));
	sync->rejections += sync->step == SYNC_WRITING && failure->code == FAILURE_REJECTED;
	sync->step = SYNC_IDLE;
	sync->look_at = 0;
	sync->pause = sync->pause ? sync->pause * 2 : FIRST_PAUSE;
	if (sync->pause > LONGEST_PAUSE)
		sync->pause = LONGEST_PAUSE;
	sync->paused_until = clock_monotonic() + sync->pause;
	if (sync_fail(sync->store, name, sync->number, failure->detail, &why) < 0)
		log_problem(LOG_LEVEL_WARN, "sync_failed", &why);
}
