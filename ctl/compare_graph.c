/*
 * Compares what Neo4j holds with what it should hold: see compare.h.
 *
 * All nodes and relationships are compared, with what Neo4j should know of them. The realm may run
 * meanwhile, so a difference counts when nothing has changed in between.
 */
#include <jansson.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

#include "base/arena.h"
#include "base/json_out.h"
#include "ctl/compare.h"
#include "provider/configured.h"
#include "provider/http.h"
#include "provider/neo4j.h"
#include "realm/path_questions.h"
#include "realm/projection.h"
#include "realm/realm.h"
#include "realm/settings.h"
#include "store/queries.h"
#include "store/store.h"

#define PAGE 5000        /* rows of one answer */
#define MOST_REPORTED 50 /* differences of a part */
#define TRIES 20         /* until a running realm stands still for a moment */
#define BETWEEN_NS 500000000

/* The parts of check_graph in sql/queries/projection.sql, and how Neo4j tells the same rows. */
static const struct {
	const char *name; /* with one id or two */
	const char *page;
} parts[] = {
	{"user %lld", "MATCH (u:Aeon:User) WHERE u.id > $id RETURN u.id, 0, "
		      "u.open + CASE WHEN u.active THEN 4 ELSE 0 END ORDER BY u.id LIMIT $most"},
	{"the relationship from user %lld to user %lld",
	 "MATCH (a:Aeon:User)-[k:KNOWS]->(b:Aeon:User) "
	 "WHERE a.id > $id OR (a.id = $id AND b.id > $other) RETURN a.id, b.id, "
	 "2 * toInteger(round(k.strength * 10)) + CASE WHEN k.friend THEN 1 ELSE 0 END "
	 "ORDER BY a.id, b.id LIMIT $most"},
	{"knowledge %lld", "MATCH (u:Aeon:User)-[:SHARED]->(k:Aeon:Knowledge) WHERE k.id > $id "
			   "RETURN k.id, 0, u.id ORDER BY k.id LIMIT $most"},
	{"of knowledge %lld tag %lld", "MATCH (k:Aeon:Knowledge)-[:MENTIONS]->(c:Aeon:Concept) "
				       "WHERE k.id > $id OR (k.id = $id AND c.id > $other) "
				       "RETURN k.id, c.id, 0 ORDER BY k.id, c.id LIMIT $most"},
};
#define PARTS (sizeof(parts) / sizeof(*parts))

struct graph_row {
	int64_t id, other, value;
};

struct graph_comparison {
	struct arena *arena;
	struct http *http;
	struct store *store;
	struct neo4j *neo4j;
	struct buf *findings; /* a JSON array that is open */
	int count;
	struct buf *theirs; /* struct graph_row */
	size_t page;        /* rows of the last answer */
	bool is_done;
	struct failure failure;
};

__attribute__((format(printf, 2, 3))) static void add_finding(struct graph_comparison *c,
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

static void answered(void *context, const struct failure *failure, const json_t *rows)
{
	struct graph_comparison *c = context;
	size_t at;
	json_t *row;
	c->is_done = true;
	c->failure = *failure;
	c->page = json_array_size(rows);
	json_array_foreach(rows, at, row) {
		const struct graph_row theirs = {json_integer_value(json_array_get(row, 0)),
						 json_integer_value(json_array_get(row, 1)),
						 json_integer_value(json_array_get(row, 2))};
		buf_add(c->theirs, &theirs, sizeof(theirs));
	}
}

static bool is_done(void *context)
{
	return ((struct graph_comparison *)context)->is_done;
}

static size_t row_count(const struct buf *rows)
{
	return rows->len / sizeof(struct graph_row);
}

static const struct graph_row *row_at(const struct buf *rows, size_t i)
{
	return (const struct graph_row *)(const void *)buf_text(rows) + i;
}

/* Returns whether all has come. */
static bool read_theirs(struct graph_comparison *c, size_t part)
{
	buf_clear(c->theirs);
	do {
		struct graph_row last = {0};
		struct neo4j_statement statement = {parts[part].page, {0}};
		if (c->theirs->len)
			last = *row_at(c->theirs, row_count(c->theirs) - 1);
		jw_open(&statement.parameters, '{');
		jw_kv_int(&statement.parameters, "id", last.id);
		jw_kv_int(&statement.parameters, "other", last.other);
		jw_kv_int(&statement.parameters, "most", PAGE);
		jw_close(&statement.parameters, '}');
		c->is_done = false;
		neo4j_run(c->neo4j, &statement, 1, answered, c);
		http_run(c->http, is_done, c);
		if (c->failure.code != FAILURE_NONE) {
			add_finding(c, "Neo4j: %s.", c->failure.detail);
			return false;
		}
	} while (c->page == PAGE);
	return true;
}

static int add_ours(const struct q_check_graph *row, void *context, struct problem *why)
{
	const struct graph_row ours = {row->id, row->other, row->value};
	(void)why;
	buf_add(context, &ours, sizeof(ours));
	return 0;
}

static int order(const struct graph_row *a, const struct graph_row *b)
{
	if (a->id != b->id)
		return a->id < b->id ? -1 : 1;
	return a->other < b->other ? -1 : a->other > b->other;
}

static void add_difference(struct graph_comparison *c, size_t part, const struct graph_row *row,
			   const char *what)
{
	char name[120];
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wformat-nonliteral"
	snprintf(name, sizeof(name), parts[part].name, (long long)row->id, (long long)row->other);
#pragma GCC diagnostic pop
	add_finding(c, "Neo4j: %s %s.", name, what);
}

static void compare_rows(struct graph_comparison *c, size_t part, const struct buf *ours)
{
	size_t mine = row_count(ours), others = row_count(c->theirs), different = 0;
	for (size_t i = 0, j = 0; i < mine || j < others;) {
		const struct graph_row *a = row_at(ours, i), *b = row_at(c->theirs, j);
		int which = j == others ? -1 : i == mine ? 1 : order(a, b);
		if ((which != 0 || a->value != b->value) && ++different <= MOST_REPORTED)
			add_difference(c, part, which > 0 ? b : a,
				       which < 0   ? "is missing"
				       : which > 0 ? "is there, but should not be"
						   : "is another one");
		i += which <= 0;
		j += which >= 0;
	}
	if (different > MOST_REPORTED)
		add_finding(c, "Neo4j: there are %zu such differences, of %zu.", different, mine);
}

static int compare_all(struct graph_comparison *c, struct problem *why)
{
	for (size_t part = 0; part < PARTS; part++) {
		struct buf *ours = buf_in(c->arena);
		if (!read_theirs(c, part))
			return 0;
		TRY(q_check_graph(c->store, (int64_t)part, add_ours, ours, why));
		compare_rows(c, part, ours);
	}
	return 0;
}

static int add_behind(const struct sync_state *state, void *context, struct problem *why)
{
	struct graph_comparison *c = context;
	(void)why;
	if (strcmp(state->name, GRAPH_STORE) == 0)
		add_finding(c, "Neo4j: %lld changes are not in it yet%s%s.",
			    (long long)state->behind, state->failure ? ": " : "",
			    state->failure ? state->failure : "");
	return 0;
}

/* Compares while nothing changes: a difference of a moment is none. */
static int compare_graph_now(struct graph_comparison *c, struct problem *why)
{
	size_t beginning = c->findings->len;
	int current = 0;
	for (int i = 0; i < TRIES; i++) {
		struct sync_position before, after;
		TRY(sync_position(c->arena, c->store, GRAPH_STORE, &before, why));
		TRY(current = sync_is_current(c->store, GRAPH_STORE, ~0u, why));
		if (current > 0) {
			c->findings->data[c->findings->len = beginning] = '\0';
			c->count = 0;
			TRY(compare_all(c, why));
			TRY(sync_position(c->arena, c->store, GRAPH_STORE, &after, why));
			if (c->count == 0 || before.upto == after.upto)
				return 0;
		}
		nanosleep(&(struct timespec){.tv_nsec = BETWEEN_NS}, NULL);
	}
	return current > 0 ? 0 : sync_states(c->store, add_behind, c, why);
}

static int compare(struct graph_comparison *c, const struct settings *settings, struct problem *why)
{
	struct providers providers;
	int result = 0;
	TRY(realm_open(settings, STORE_SERVE, &c->store, why));
	TRY(providers_new(c->http, settings, &providers, why));
	c->neo4j = providers.neo4j;
	if (c->neo4j)
		result = compare_graph_now(c, why);
	providers_free(&providers);
	return result;
}

void compare_graph(struct http *http, const struct settings *settings, struct buf *findings)
{
	struct graph_comparison c = {.arena = arena_new(), .http = http, .findings = findings};
	struct problem why = {0};
	c.theirs = buf_in(c.arena);
	if (compare(&c, settings, &why) < 0)
		add_finding(&c, "%s%s%s", why.detail, why.cause[0] ? ": " : "", why.cause);
	store_close(&c.store);
	arena_free(&c.arena);
}
