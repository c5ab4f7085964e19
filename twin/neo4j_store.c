/* Neo4j as a store: see neo4j_store.h. */
#include "twin/neo4j_store.h"

#include <jansson.h>
#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "base/json_out.h"
#include "base/memory.h"
#include "provider/failure.h"
#include "provider/neo4j.h"
#include "realm/path_questions.h"
#include "realm/projection.h"
#include "twin/sync.h"

#define MOST_ROWS 1000 /* of a batch; 32 tags of a row are 400 bytes */

struct neo4j_store {
	struct neo4j *neo4j;
	struct neo4j_work *work; /* NULL: none */
	struct sync *sync;
};

/*
 * The statements for each kind: $rows has what the realm has now, or the ids of what is gone. An
 * end of a relationship may come in a later batch, so MERGE makes a node for it.
 */
static const struct {
	enum projected_kind kind;
	bool is_removal;
	const char *text;
} writings[] = {
	{PROJECTED_USER, false,
	 "UNWIND $rows AS r MERGE (u:Aeon:User {id: r.id}) SET u.active = r.active, u.open = "
	 "r.open"},
	{PROJECTED_USER, true, "UNWIND $rows AS r MATCH (u:Aeon:User {id: r.id}) DETACH DELETE u"},
	{PROJECTED_KNOWS, false,
	 "UNWIND $rows AS r MERGE (a:Aeon:User {id: r.id}) MERGE (b:Aeon:User {id: r.other}) "
	 "MERGE (a)-[k:KNOWS]->(b) SET k.friend = r.friend, k.strength = r.strength"},
	{PROJECTED_KNOWS, true,
	 "UNWIND $rows AS r MATCH (:Aeon:User {id: r.id})-[k:KNOWS]->(:Aeon:User {id: r.other}) "
	 "DELETE k"},
	{PROJECTED_KNOWLEDGE, false,
	 "UNWIND $rows AS r MATCH (:Aeon:Knowledge {id: r.id})-[m:MENTIONS]->(c:Concept) "
	 "WHERE NOT c.id IN r.tags DELETE m"},
	{PROJECTED_KNOWLEDGE, false,
	 "UNWIND $rows AS r MERGE (u:Aeon:User {id: r.creator}) MERGE (k:Aeon:Knowledge {id: "
	 "r.id}) "
	 "MERGE (u)-[:SHARED]->(k) WITH k, r UNWIND r.tags AS tag MERGE (c:Aeon:Concept {id: tag}) "
	 "MERGE (k)-[:MENTIONS]->(c)"},
	{PROJECTED_KNOWLEDGE, true,
	 "UNWIND $rows AS r MATCH (k:Aeon:Knowledge {id: r.id}) DETACH DELETE k"},
};
#define WRITINGS (sizeof(writings) / sizeof(*writings))

#define MAKE_MARKER "MERGE (m:Aeon:Marker) SET m.marker = $marker, m.upto = $upto"
/* A store that was emptied or replaced meanwhile gets no marker for what it lacks. */
#define MOVE_MARKER                                                                                \
	"MATCH (m:Aeon:Marker) WHERE m.marker = $marker AND m.upto >= $since "                     \
	"SET m.upto = $upto RETURN m.upto"

/* The marker goes first: without it nothing else is trusted. */
static const char *const clearings[] = {
	"MATCH (m:Aeon:Marker) DELETE m",
	"MATCH (n:Aeon) CALL (n) { DETACH DELETE n } IN TRANSACTIONS OF 1000 ROWS",
	"CREATE CONSTRAINT aeon_user IF NOT EXISTS FOR (n:User) REQUIRE n.id IS UNIQUE",
	"CREATE CONSTRAINT aeon_knowledge IF NOT EXISTS FOR (n:Knowledge) REQUIRE n.id IS UNIQUE",
	"CREATE CONSTRAINT aeon_concept IF NOT EXISTS FOR (n:Concept) REQUIRE n.id IS UNIQUE",
};
#define CLEARINGS (sizeof(clearings) / sizeof(*clearings))

static int contents(void *self, struct arena *arena, struct store *store,
		    struct sync_contents *contents_r, struct problem *why)
{
	(void)self, (void)arena, (void)store, (void)why;
	*contents_r = (struct sync_contents){NEO4J_CONTENTS, MOST_ROWS};
	return 1;
}

static void marker_read(void *context, const struct failure *failure, const json_t *rows)
{
	struct neo4j_store *s = context;
	const json_t *row = json_array_get(rows, 0);
	s->work = NULL;
	if (rows)
		sync_marker_is(s->sync,
			       json_array_size(rows) == 1
				       ? json_string_value(json_array_get(row, 0))
				       : NULL,
			       json_integer_value(json_array_get(row, 1)));
	else
		sync_failed(s->sync, failure);
}

static void work_done(void *context, const struct failure *failure, const json_t *rows)
{
	struct neo4j_store *s = context;
	s->work = NULL;
	if (rows)
		sync_done(s->sync);
	else
		sync_failed(s->sync, failure);
}

static void read_marker(void *self)
{
	struct neo4j_store *s = self;
	struct neo4j_statement statement = {NEO4J_READ_MARKER, {0}};
	s->work = neo4j_run(s->neo4j, &statement, 1, marker_read, s);
}

static struct neo4j_statement put_marker(const char *text, const char *marker, int64_t since,
					 int64_t upto)
{
	struct neo4j_statement statement = {text, {0}};
	jw_open(&statement.parameters, '{');
	jw_kv_text(&statement.parameters, "marker", marker);
	jw_kv_int(&statement.parameters, "since", since);
	jw_kv_int(&statement.parameters, "upto", upto);
	jw_close(&statement.parameters, '}');
	return statement;
}

static void clear(void *self, const char *marker)
{
	struct neo4j_store *s = self;
	struct neo4j_statement statements[CLEARINGS + 1];
	for (size_t i = 0; i < CLEARINGS; i++)
		statements[i] = (struct neo4j_statement){clearings[i], {0}};
	statements[CLEARINGS] = put_marker(MAKE_MARKER, marker, 0, 0);
	s->work = neo4j_run(s->neo4j, statements, CLEARINGS + 1, work_done, s);
}

static void batch_written(void *context, const struct failure *failure, const json_t *rows)
{
	struct failure lost = *failure;
	if (rows && json_array_size(rows) != 1)
		failure_say(&lost, FAILURE_BAD_ANSWER, "Its data is not what was written to it");
	work_done(context, &lost, lost.code == FAILURE_NONE ? rows : NULL);
}

/* The row as the realm has it now, as JSON; NULL: Neo4j may not hold it. */
static int read_rows(struct arena *arena, struct store *store, const struct projection_batch *batch,
		     const char **rows, struct problem *why)
{
	for (size_t i = 0; i < batch->count; i++)
		TRY(projected_graph(arena, store, &batch->rows[i], &rows[i], why));
	return 0;
}

static void put_row(struct buf *out, const struct projected *row, const char *json)
{
	if (json) {
		jw_raw(out, json, strlen(json));
		return;
	}
	jw_open(out, '{');
	jw_kv_int(out, "id", row->id);
	jw_kv_int(out, "other", row->other);
	jw_close(out, '}');
}

/* Writes the parameters of a writing. Returns whether it has any row. */
static bool write_parameters(struct buf *out, size_t writing, const struct projection_batch *batch,
			     const char *const *rows)
{
	bool any = false;
	jw_open(out, '{');
	jw_key(out, "rows");
	jw_open(out, '[');
	for (size_t i = 0; i < batch->count; i++) {
		if (batch->rows[i].kind != writings[writing].kind ||
		    writings[writing].is_removal != !rows[i])
			continue;
		put_row(out, &batch->rows[i], rows[i]);
		any = true;
	}
	jw_close(out, ']');
	jw_close(out, '}');
	return any;
}

static int write(void *self, struct store *store, const struct projection_batch *batch,
		 const char *marker, struct problem *why)
{
	struct neo4j_store *s = self;
	struct arena *arena = arena_new();
	const char **rows = arena_alloc(arena, (batch->count + 1) * sizeof(*rows));
	struct neo4j_statement statements[WRITINGS + 1] = {0};
	size_t count = 0;
	int result = read_rows(arena, store, batch, rows, why);
	for (size_t i = 0; result == 0 && i < WRITINGS; i++) {
		struct buf parameters = {0};
		if (write_parameters(&parameters, i, batch, rows))
			statements[count++] =
				(struct neo4j_statement){writings[i].text, parameters};
		else
			buf_free(&parameters);
	}
	arena_free(&arena);
	if (result < 0)
		return -1;
	statements[count++] = put_marker(MOVE_MARKER, marker, batch->since, batch->upto);
	s->work = neo4j_run(s->neo4j, statements, count, batch_written, s);
	return 0;
}

static void cancel(void *self)
{
	struct neo4j_store *s = self;
	neo4j_cancel(&s->work);
}

static const struct sync_store functions = {
	.name = GRAPH_STORE,
	.kinds = PATH_KINDS | 1u << PROJECTED_KNOWLEDGE,
	.contents = contents,
	.read_marker = read_marker,
	.clear = clear,
	.write = write,
	.cancel = cancel,
};

struct neo4j_store *neo4j_store_new(struct store *store, struct neo4j *neo4j, int number)
{
	struct neo4j_store *s = xcalloc(1, sizeof(*s));
	s->neo4j = neo4j;
	s->sync = sync_new(store, number, &functions, s);
	return s;
}

void neo4j_store_free(struct neo4j_store **store)
{
	struct neo4j_store *old = *store;
	*store = NULL;
	if (!old)
		return;
	sync_free(&old->sync);
	free(old);
}

int neo4j_store_look(struct neo4j_store *store, struct problem *why)
{
	return sync_look(store->sync, why);
}
