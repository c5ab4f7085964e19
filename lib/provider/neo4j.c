/* Neo4j over HTTP: see neo4j.h. */
#include "provider/neo4j.h"

#include <assert.h>
#include <jansson.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/json_out.h"
#include "base/memory.h"
#include "provider/json_call.h"
#include "provider/provider.h"
#include "realm/settings.h"

#define QUERY "/db/neo4j/query/v2" /* the one database that Neo4j Community has */
#define MOST_BYTES (4 << 20)
#define MOST_VALUES 200000
#define TOTAL_US (30 * CLOCK_SECOND) /* the first statements after a start take 15 s */

struct neo4j {
	struct provider *provider;
};

struct neo4j_work {
	struct neo4j *neo4j;
	struct neo4j_statement statements[NEO4J_STATEMENTS];
	size_t count, next;
	struct json_call *call;
	neo4j_done *done;
	void *context;
};

/* The addresses of drivers. They are the ones that Neo4j shows first. */
static bool is_bolt(const char *uri)
{
	return strncmp(uri, "bolt", 4) == 0 || strncmp(uri, "neo4j", 5) == 0;
}

int neo4j_new(struct http *http, const struct settings *settings, struct neo4j **neo4j_r,
	      struct problem *why)
{
	*neo4j_r = NULL;
	if (!settings->neo4j_uri[0])
		return 0;
	if (is_bolt(settings->neo4j_uri))
		return problem_say(why, PROBLEM_CONFIG,
				   "neo4j_uri: bolt:// and neo4j:// are not spoken here; give the "
				   "address of Neo4j's HTTP server, such as http://127.0.0.1:7474");
	const struct provider_options options = {
		.url = settings->neo4j_uri,
		.user = settings->neo4j_user,
		.key = settings->neo4j_password,
		.first_byte_us = TOTAL_US,
		.stall_us = TOTAL_US,
		.total_us = TOTAL_US,
		.most_calls = 4,
		.most_queued = 16,
		.attempts = 1, /* the caller tries again, from the marker on */
	};
	struct provider *provider;
	struct problem wrong = {0};
	if (provider_new(http, &options, &provider, &wrong) < 0)
		return problem_say(why, PROBLEM_CONFIG, "neo4j_uri: %.300s", wrong.detail);
	*neo4j_r = xcalloc(1, sizeof(**neo4j_r));
	(*neo4j_r)->provider = provider;
	return 0;
}

void neo4j_free(struct neo4j **neo4j)
{
	struct neo4j *old = *neo4j;
	*neo4j = NULL;
	if (!old)
		return;
	provider_free(&old->provider);
	free(old);
}

const struct provider *neo4j_provider(const struct neo4j *neo4j)
{
	return neo4j->provider;
}

static void work_free(struct neo4j_work *work)
{
	for (size_t i = 0; i < work->count; i++)
		buf_free(&work->statements[i].parameters);
	free(work);
}

void neo4j_cancel(struct neo4j_work **work)
{
	struct neo4j_work *old = *work;
	*work = NULL;
	if (!old)
		return;
	json_cancel(&old->call);
	work_free(old);
}

/* The rows of an answer; NULL: it is not that of a statement that has succeeded. */
static const json_t *rows_of(const json_t *answer)
{
	const json_t *rows = json_object_get(json_object_get(answer, "data"), "values");
	size_t at;
	json_t *row;
	if (!json_is_array(rows) || json_array_size(json_object_get(answer, "errors")) > 0)
		return NULL;
	json_array_foreach(rows, at, row)
		if (!json_is_array(row))
			return NULL;
	return rows;
}

static void work_next(struct neo4j_work *work);

static void statement_done(void *context, const struct failure *failure, json_t *answer)
{
	struct neo4j_work *work = context;
	struct failure result = *failure;
	const json_t *rows = NULL;
	work->call = NULL;
	if (result.code == FAILURE_NONE && !(rows = rows_of(answer)))
		failure_say(&result, FAILURE_BAD_ANSWER, "Its answer is not that of Neo4j");
	if (result.code == FAILURE_NONE && work->next < work->count) {
		work_next(work);
		return;
	}
	work->done(work->context, &result, rows);
	work_free(work);
}

static void work_next(struct neo4j_work *work)
{
	struct neo4j_statement *statement = &work->statements[work->next++];
	struct buf body = {0};
	jw_open(&body, '{');
	jw_kv_text(&body, "statement", statement->text);
	if (statement->parameters.len) {
		jw_key(&body, "parameters");
		jw_raw(&body, statement->parameters.data, statement->parameters.len);
	}
	jw_close(&body, '}');
	const struct json_request request = {.method = "POST",
					     .path = QUERY,
					     .body = &body,
					     .most_bytes = MOST_BYTES,
					     .most_values = MOST_VALUES};
	work->call = json_ask(work->neo4j->provider, &request, statement_done, work);
}

struct neo4j_work *neo4j_run(struct neo4j *neo4j, struct neo4j_statement *statements, size_t count,
			     neo4j_done *done, void *context)
{
	assert(count > 0 && count <= NEO4J_STATEMENTS);
	struct neo4j_work *work = xcalloc(1, sizeof(*work));
	work->neo4j = neo4j;
	memcpy(work->statements, statements, count * sizeof(*statements));
	work->count = count;
	work->done = done;
	work->context = context;
	for (size_t i = 0; i < count; i++)
		statements[i].parameters = (struct buf){0};
	work_next(work);
	return work;
}
