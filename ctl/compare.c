/*
 * Compares what other stores hold with what they should hold: see compare.h.
 *
 * All ids are compared, and of some vectors the numbers. The realm may run meanwhile, so a
 * difference counts when it is found again and nothing has changed in between.
 */
#include "ctl/compare.h"

#include <math.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#include "base/arena.h"
#include "base/json_out.h"
#include "provider/chroma.h"
#include "provider/configured.h"
#include "provider/http.h"
#include "provider/provider.h"
#include "realm/leaving.h"
#include "realm/live_settings.h"
#include "realm/projection.h"
#include "realm/realm.h"
#include "realm/settings.h"
#include "realm/vectors.h"
#include "store/queries.h"
#include "store/store.h"

#define SAMPLES 20       /* vectors of a collection */
#define MOST_REPORTED 50 /* differences of a kind */
#define EQUAL 0.9999     /* least cosine of a vector with itself */
#define PAGE 500         /* ids of one query */
#define TRIES 20         /* until a running realm stands still for a moment */
#define BETWEEN_NS 500000000

struct comparison {
	struct arena *arena;
	struct http *http;
	struct store *store;
	struct chroma *chroma;
	struct vector_model model;
	enum leaving leaving;
	struct buf *findings; /* a JSON array that is open */
	int count;
	bool is_done;
	struct failure failure;
	struct buf *ids; /* of int64_t: what has come */
	struct buf *numbers;
};

static const struct {
	const char *name;
	enum chroma_part part;
	enum projected_kind kind;
} parts[] = {
	{"knowledge", CHROMA_KNOWLEDGE, PROJECTED_KNOWLEDGE_VECTOR},
	{"memory", CHROMA_MEMORIES, PROJECTED_MEMORY_VECTOR},
};
#define PARTS (sizeof(parts) / sizeof(*parts))

__attribute__((format(printf, 2, 3))) static void add_finding(struct comparison *c,
							      const char *format, ...)
{
	char text[600];
	va_list args;
	va_start(args, format);
	vsnprintf(text, sizeof(text), format, args);
	va_end(args);
	jw_text(c->findings, text);
	c->count++;
}

/* --- what the store says ---------------------------------------------------------------------- */

static bool is_done(void *context)
{
	return ((struct comparison *)context)->is_done;
}

static void answered(void *context, const struct chroma_answer *answer)
{
	struct comparison *c = context;
	c->is_done = true;
	c->failure = answer->failure;
	buf_clear(c->ids);
	buf_add(c->ids, answer->ids, answer->count * sizeof(*answer->ids));
	buf_clear(c->numbers);
	if (answer->vector)
		buf_add(c->numbers, answer->vector, answer->dimension * sizeof(float));
}

/* Runs until the operation has ended. Returns whether it went well. */
static bool finish(struct comparison *c)
{
	http_run(c->http, is_done, c);
	c->is_done = false;
	if (c->failure.code != FAILURE_NONE)
		add_finding(c, "ChromaDB: %s.", c->failure.detail);
	return c->failure.code == FAILURE_NONE;
}

static int by_id(const void *one, const void *two)
{
	int64_t a = *(const int64_t *)one, b = *(const int64_t *)two;
	return a < b ? -1 : a > b;
}

static size_t id_count(const struct buf *ids)
{
	return ids->len / sizeof(int64_t);
}

static const int64_t *sorted(struct buf *ids)
{
	if (ids->len)
		qsort(ids->data, id_count(ids), sizeof(int64_t), by_id);
	return (const int64_t *)(const void *)buf_text(ids);
}

static bool read_theirs(struct comparison *c, enum chroma_part part, struct buf *theirs)
{
	do {
		chroma_ids(c->chroma, part, id_count(theirs), answered, c);
		if (!finish(c))
			return false;
		buf_add(theirs, c->ids->data, c->ids->len);
	} while (id_count(c->ids) == CHROMA_PAGE);
	return true;
}

/* --- what it should have ---------------------------------------------------------------------- */

static int add_id(int64_t id, void *context, struct problem *why)
{
	(void)why;
	buf_add(context, &id, sizeof(id));
	return 0;
}

/* Whether the store should have it, and its vector. */
static int should_have(struct comparison *c, struct arena *arena, enum projected_kind kind,
		       int64_t id, struct projected_vector *vector_r, struct problem *why)
{
	const struct projected row = {kind, id, 0};
	return projected_vector(arena, c->store, c->model.id, c->model.dimension, &row, c->leaving,
				vector_r, why);
}

static int read_ours(struct comparison *c, enum projected_kind kind, struct buf *ours,
		     struct problem *why)
{
	struct arena *arena = arena_new();
	struct buf *page = buf_in(c->arena);
	int64_t after = 0;
	int result = 0;
	do {
		buf_clear(page);
		result = q_projected_ids(c->store, projected_kind_name(kind), after, PAGE, add_id,
					 page, why);
		const int64_t *ids = (const int64_t *)(const void *)buf_text(page);
		for (size_t i = 0; i < id_count(page) && result >= 0; i++) {
			struct projected_vector vector;
			arena_reset(arena);
			result = should_have(c, arena, kind, after = ids[i], &vector, why);
			if (result > 0)
				buf_add(ours, &ids[i], sizeof(ids[i]));
		}
	} while (result >= 0 && id_count(page) == PAGE);
	arena_free(&arena);
	return result < 0 ? -1 : 0;
}

/* --- the comparison --------------------------------------------------------------------------- */

static void compare_ids(struct comparison *c, const char *name, struct buf *ours,
			struct buf *theirs)
{
	size_t mine = id_count(ours), other = id_count(theirs), missing = 0, wrong = 0;
	const int64_t *a = sorted(ours), *b = sorted(theirs);
	for (size_t i = 0, j = 0; i < mine || j < other;) {
		if (j == other || (i < mine && a[i] < b[j])) {
			if (++missing <= MOST_REPORTED)
				add_finding(c, "ChromaDB: the vector of %s %lld is missing.", name,
					    (long long)a[i]);
			i++;
		} else if (i == mine || b[j] < a[i]) {
			if (++wrong <= MOST_REPORTED)
				add_finding(c,
					    "ChromaDB: the vector of %s %lld is there, but should "
					    "not be.",
					    name, (long long)b[j]);
			j++;
		} else {
			i++, j++;
		}
	}
	if (missing > MOST_REPORTED || wrong > MOST_REPORTED)
		add_finding(
			c, "ChromaDB: of %zu vectors of %s, %zu are missing, and %zu are too many.",
			mine, name, missing, wrong);
}

/* ChromaDB may bring a vector to another length. */
static bool has_direction(const struct buf *numbers, const struct projected_vector *vector)
{
	const float *theirs = (const float *)(const void *)buf_text(numbers);
	double product = 0, square = 0, other = 0;
	if (numbers->len != vector->dimension * sizeof(*theirs))
		return false;
	for (size_t i = 0; i < vector->dimension; i++) {
		product += (double)theirs[i] * vector->numbers[i];
		square += (double)theirs[i] * (double)theirs[i];
		other += (double)vector->numbers[i] * vector->numbers[i];
	}
	return product > EQUAL * sqrt(square * other);
}

static int compare_samples(struct comparison *c, size_t part, const struct buf *ours,
			   struct problem *why)
{
	size_t count = id_count(ours), step = count / SAMPLES + 1;
	const int64_t *ids = (const int64_t *)(const void *)buf_text(ours);
	for (size_t i = 0; i < count; i += step) {
		struct projected_vector vector;
		int found = should_have(c, c->arena, parts[part].kind, ids[i], &vector, why);
		TRY(found);
		chroma_vector(c->chroma, parts[part].part, ids[i], answered, c);
		if (!finish(c))
			return 0;
		/* One that is missing has been reported. */
		if (found && c->numbers->len && !has_direction(c->numbers, &vector))
			add_finding(c, "ChromaDB: the vector of %s %lld is another one.",
				    parts[part].name, (long long)ids[i]);
	}
	return 0;
}

static int compare_all(struct comparison *c, struct problem *why)
{
	for (size_t i = 0; i < PARTS; i++) {
		struct buf *ours = buf_in(c->arena), *theirs = buf_in(c->arena);
		if (!read_theirs(c, parts[i].part, theirs))
			return 0;
		TRY(read_ours(c, parts[i].kind, ours, why));
		compare_ids(c, parts[i].name, ours, theirs);
		TRY(compare_samples(c, i, ours, why));
	}
	return 0;
}

static int add_behind(const struct sync_state *state, void *context, struct problem *why)
{
	struct comparison *c = context;
	(void)why;
	add_finding(c, "ChromaDB: %lld changes are not in it yet%s%s.", (long long)state->behind,
		    state->failure ? ": " : "", state->failure ? state->failure : "");
	return 0;
}

/* Compares while nothing changes: a difference of a moment is none. */
static int compare_chroma(struct comparison *c, struct problem *why)
{
	size_t beginning = c->findings->len;
	int current = 0;
	for (int i = 0; i < TRIES; i++) {
		struct sync_position before, after;
		TRY(sync_position(c->arena, c->store, "chroma", &before, why));
		TRY(current = sync_is_current(c->store, "chroma", ~0u, why));
		if (current > 0) {
			c->findings->data[c->findings->len = beginning] = '\0';
			c->count = 0;
			TRY(compare_all(c, why));
			TRY(sync_position(c->arena, c->store, "chroma", &after, why));
			if (c->count == 0 || before.upto == after.upto)
				return 0;
		}
		nanosleep(&(struct timespec){.tv_nsec = BETWEEN_NS}, NULL);
	}
	return current > 0 ? 0 : sync_states(c->store, add_behind, c, why);
}

static int compare(struct comparison *c, const struct settings *settings, struct problem *why)
{
	struct providers providers;
	struct live_settings live;
	TRY(realm_open(settings, STORE_SERVE, &c->store, why));
	live_settings_start(&live, settings);
	TRY(live_settings_refresh(c->store, &live, why));
	TRY(providers_new(c->http, settings, &providers, why));
	int found = vectors_model(c->arena, c->store, &c->model, why);
	if (providers.chroma && found > 0) {
		c->chroma = providers.chroma;
		c->leaving =
			leaving_to(&live.now, provider_is_local(chroma_provider(providers.chroma)));
		chroma_use(c->chroma, c->model.passage);
		found = compare_chroma(c, why);
	}
	providers_free(&providers);
	return found;
}

void compare_stores(struct http *http, const struct settings *settings, struct buf *findings)
{
	struct comparison c = {.arena = arena_new(), .http = http, .findings = findings};
	struct problem why = {0};
	c.ids = buf_in(c.arena);
	c.numbers = buf_in(c.arena);
	if (compare(&c, settings, &why) < 0)
		add_finding(&c, "%s%s%s", why.detail, why.cause[0] ? ": " : "", why.cause);
	store_close(&c.store);
	arena_free(&c.arena);
}
