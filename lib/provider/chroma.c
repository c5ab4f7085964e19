/*
 * ChromaDB over HTTP: see chroma.h.
 *
 * An operation is a list of steps. A step is a request and a function that reads its answer, which
 * may add steps. The paths of rows have the id of their collection, which is read by its name.
 */
#include "provider/chroma.h"

#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/queue.h>

#include "base/clock.h"
#include "base/json_out.h"
#include "base/memory.h"
#include "base/vector.h"
#include "provider/json_call.h"
#include "provider/provider.h"
#include "realm/settings.h"

#define COLLECTIONS "/api/v2/tenants/default_tenant/databases/default_database/collections"
#define MARKER "aeon_marker"
#define UPTO "aeon_upto"
#define MOST_LISTED 1000 /* collections */
#define MOST_BYTES (4 << 20)
#define MOST_VALUES 200000
#define TOTAL_US (20 * CLOCK_SECOND)
#define ID_BYTES 64

struct chroma {
	struct provider *provider;
	char names[CHROMA_PART__COUNT][CHROMA_NAME];
	char ids[CHROMA_PART__COUNT][ID_BYTES]; /* "": not known */
};

struct chroma_step {
	STAILQ_ENTRY(chroma_step) entry;
	const char *method;
	struct buf path, body;
	enum chroma_part part;
	void (*read)(struct chroma_work *work, const json_t *answer); /* NULL answer: 404 */
	bool may_be_absent;
};

struct chroma_work {
	struct chroma *chroma;
	STAILQ_HEAD(, chroma_step) steps;
	struct json_call *call;
	chroma_done *done;
	void *context;
	struct chroma_answer answer;
	char marker[400];
	int64_t since;
	int marked; /* collections */
};

/* --- the server ------------------------------------------------------------------------------- */

int chroma_new(struct http *http, const struct settings *settings, struct chroma **chroma_r,
	       struct problem *why)
{
	const char *host = settings->chroma_host;
	struct buf url = {0};
	*chroma_r = NULL;
	if (!host[0])
		return 0;
	buf_printf(&url, "%s%s:%lld", strstr(host, "://") ? "" : "http://", host,
		   (long long)settings->chroma_port);
	const struct provider_options options = {
		.url = url.data,
		.key = settings->chroma_token,
		.first_byte_us = TOTAL_US,
		.stall_us = TOTAL_US,
		.total_us = TOTAL_US,
		.most_calls = 4,
		.most_queued = 16,
		.attempts = 1, /* who asks tries again, from the marker on */
	};
	struct provider *provider;
	struct problem wrong = {0};
	int result = provider_new(http, &options, &provider, &wrong);
	buf_free(&url);
	if (result < 0)
		return problem_say(why, PROBLEM_CONFIG, "chroma_host: %.300s", wrong.detail);
	*chroma_r = xcalloc(1, sizeof(**chroma_r));
	(*chroma_r)->provider = provider;
	return 0;
}

void chroma_free(struct chroma **chroma)
{
	struct chroma *old = *chroma;
	*chroma = NULL;
	if (!old)
		return;
	provider_free(&old->provider);
	free(old);
}

const struct provider *chroma_provider(const struct chroma *chroma)
{
	return chroma->provider;
}

void chroma_use(struct chroma *chroma, const char *model)
{
	static const char *const parts[CHROMA_PART__COUNT] = {
		[CHROMA_KNOWLEDGE] = CHROMA_PREFIX "knowledge_",
		[CHROMA_MEMORIES] = CHROMA_PREFIX "memories_"};
	char name[CHROMA_NAME];
	for (int part = 0; part < CHROMA_PART__COUNT; part++) {
		/* A name ends with a letter or a number. */
		snprintf(name, sizeof(name) - 1, "%s%s", parts[part], model);
		for (char *at = name; *at; at++)
			if (!strchr("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
				    "0123456789._-",
				    *at))
				*at = '-';
		size_t end = strlen(name);
		while (end > 0 && strchr("._-", name[end - 1]))
			name[--end] = '\0';
		if (strcmp(name, chroma->names[part]) != 0)
			chroma->ids[part][0] = '\0';
		memcpy(chroma->names[part], name, sizeof(name));
	}
}

const char *chroma_name(const struct chroma *chroma, enum chroma_part part)
{
	return chroma->names[part];
}

/* --- steps ------------------------------------------------------------------------------------ */

static void step_free(struct chroma_step *step)
{
	buf_free(&step->path);
	buf_free(&step->body);
	free(step);
}

static void work_free(struct chroma_work *work)
{
	struct chroma_step *step;
	while ((step = STAILQ_FIRST(&work->steps))) {
		STAILQ_REMOVE_HEAD(&work->steps, entry);
		step_free(step);
	}
	free(work->answer.vector);
	free(work);
}

void chroma_cancel(struct chroma_work **work)
{
	struct chroma_work *old = *work;
	*work = NULL;
	if (!old)
		return;
	json_cancel(&old->call);
	work_free(old);
}

static void work_end(struct chroma_work *work)
{
	work->done(work->context, &work->answer);
	work_free(work);
}

static void work_next(struct chroma_work *work);

static void step_done(void *context, const struct failure *failure, json_t *answer)
{
	struct chroma_work *work = context;
	struct chroma_step *step = STAILQ_FIRST(&work->steps);
	bool is_absent = failure->status == 404 && step->may_be_absent;
	work->call = NULL;
	if (failure->code != FAILURE_NONE && !is_absent) {
		work->answer.failure = *failure;
		for (int part = 0; part < CHROMA_PART__COUNT; part++)
			work->chroma->ids[part][0] = '\0';
	} else if (step->read) {
		step->read(work, is_absent ? NULL : answer);
	}
	STAILQ_REMOVE_HEAD(&work->steps, entry);
	step_free(step);
	if (work->answer.failure.code != FAILURE_NONE || STAILQ_EMPTY(&work->steps))
		work_end(work);
	else
		work_next(work);
}

/* The path of a step on rows is complete only now, when the id of its collection is known. */
static void work_next(struct chroma_work *work)
{
	struct chroma_step *step = STAILQ_FIRST(&work->steps);
	struct buf path = {0};
	const char *rest = strchr(step->path.data, '*');
	if (rest)
		buf_printf(&path, "%.*s%s%s", (int)(rest - step->path.data), step->path.data,
			   work->chroma->ids[step->part], rest + 1);
	else
		buf_puts(&path, step->path.data);
	const struct json_request request = {.method = step->method,
					     .path = path.data,
					     .body = &step->body,
					     .most_bytes = MOST_BYTES,
					     .most_values = MOST_VALUES};
	work->call = json_ask(work->chroma->provider, &request, step_done, work);
	buf_free(&path);
}

static struct chroma_work *work_new(struct chroma *chroma, chroma_done *done, void *context)
{
	struct chroma_work *work = xcalloc(1, sizeof(*work));
	work->chroma = chroma;
	work->done = done;
	work->context = context;
	STAILQ_INIT(&work->steps);
	return work;
}

/* `path` follows that of all collections; '*' in it is the id of the collection. */
static struct chroma_step *step_add(struct chroma_work *work, const char *method, const char *path,
				    enum chroma_part part,
				    void (*read)(struct chroma_work *, const json_t *))
{
	struct chroma_step *step = xcalloc(1, sizeof(*step));
	step->method = method;
	step->part = part;
	step->read = read;
	buf_printf(&step->path, COLLECTIONS "%s", path);
	STAILQ_INSERT_TAIL(&work->steps, step, entry);
	return step;
}

static void answer_is_bad(struct chroma_work *work)
{
	failure_say(&work->answer.failure, FAILURE_BAD_ANSWER,
		    "Its answer is not that of ChromaDB");
}

/* --- collections ------------------------------------------------------------------------------ */

/* Keeps the id of the collection of the step. Returns whether there is one. */
static bool keep_id(struct chroma_work *work, const json_t *collection)
{
	enum chroma_part part = STAILQ_FIRST(&work->steps)->part;
	const char *id = json_string_value(json_object_get(collection, "id"));
	size_t bytes = id ? strlen(id) : 0;
	if (bytes == 0 || bytes >= ID_BYTES || strspn(id, "0123456789abcdefABCDEF-") != bytes) {
		answer_is_bad(work);
		return false;
	}
	memcpy(work->chroma->ids[part], id, bytes + 1);
	return true;
}

static void read_id(struct chroma_work *work, const json_t *collection)
{
	keep_id(work, collection);
}

static struct chroma_step *add_find(struct chroma_work *work, enum chroma_part part,
				    void (*read)(struct chroma_work *, const json_t *))
{
	char path[CHROMA_NAME + 1];
	snprintf(path, sizeof(path), "/%s", work->chroma->names[part]);
	return step_add(work, "GET", path, part, read);
}

/* The id must be known before a step on rows. */
static void need_id(struct chroma_work *work, enum chroma_part part)
{
	if (!work->chroma->ids[part][0])
		add_find(work, part, read_id);
}

struct collection_marker {
	const char *text; /* NULL: none */
	int64_t upto;
};

static struct collection_marker marker_of(const json_t *collection)
{
	const json_t *metadata = json_object_get(collection, "metadata");
	return (struct collection_marker){
		json_string_value(json_object_get(metadata, MARKER)),
		json_integer_value(json_object_get(metadata, UPTO)),
	};
}

static void read_marker(struct chroma_work *work, const json_t *collection)
{
	struct chroma_answer *answer = &work->answer;
	if (!collection || !keep_id(work, collection))
		return;
	const struct collection_marker marker = marker_of(collection);
	if (!marker.text || strlen(marker.text) >= sizeof(work->marker) ||
	    (work->marked > 0 && strcmp(marker.text, work->marker) != 0))
		return;
	if (work->marked == 0 || marker.upto < answer->upto)
		answer->upto = marker.upto;
	memcpy(work->marker, marker.text, strlen(marker.text) + 1);
	answer->marker = ++work->marked == CHROMA_PART__COUNT ? work->marker : NULL;
}

struct chroma_work *chroma_read_marker(struct chroma *chroma, chroma_done *done, void *context)
{
	struct chroma_work *work = work_new(chroma, done, context);
	for (int part = 0; part < CHROMA_PART__COUNT; part++)
		add_find(work, (enum chroma_part)part, read_marker)->may_be_absent = true;
	work_next(work);
	return work;
}

static void write_marker(struct buf *body, const char *name, const char *marker, int64_t upto)
{
	jw_open_key(body, name);
	jw_kv_text(body, MARKER, marker);
	jw_kv_int(body, UPTO, upto);
	jw_close(body, '}');
}

static void add_create(struct chroma_work *work, enum chroma_part part)
{
	struct buf *body = &step_add(work, "POST", "", part, read_id)->body;
	jw_open(body, '{');
	jw_kv_text(body, "name", work->chroma->names[part]);
	jw_open_key(body, "configuration");
	jw_open_key(body, "hnsw");
	jw_kv_text(body, "space", "cosine");
	jw_close(body, '}');
	jw_close(body, '}');
	write_marker(body, "metadata", work->marker, 0);
	jw_close(body, '}');
}

/* A name comes from the server, so it may be anything. */
static bool is_ours(const char *name)
{
	return name && strncmp(name, CHROMA_PREFIX, strlen(CHROMA_PREFIX)) == 0 &&
	       strlen(name) < CHROMA_NAME &&
	       strspn(name, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789._-") ==
		       strlen(name);
}

static void read_list(struct chroma_work *work, const json_t *list)
{
	size_t at;
	json_t *collection;
	if (!json_is_array(list)) {
		answer_is_bad(work);
		return;
	}
	json_array_foreach(list, at, collection) {
		char path[CHROMA_NAME + 1];
		const char *name = json_string_value(json_object_get(collection, "name"));
		if (!is_ours(name))
			continue;
		snprintf(path, sizeof(path), "/%s", name);
		step_add(work, "DELETE", path, CHROMA_KNOWLEDGE, NULL)->may_be_absent = true;
	}
	for (int part = 0; part < CHROMA_PART__COUNT; part++)
		add_create(work, (enum chroma_part)part);
}

struct chroma_work *chroma_clear(struct chroma *chroma, const char *marker, chroma_done *done,
				 void *context)
{
	struct chroma_work *work = work_new(chroma, done, context);
	char path[40];
	snprintf(work->marker, sizeof(work->marker), "%s", marker);
	snprintf(path, sizeof(path), "?limit=%d", MOST_LISTED);
	step_add(work, "GET", path, CHROMA_KNOWLEDGE, read_list);
	work_next(work);
	return work;
}

/* --- rows ------------------------------------------------------------------------------------- */

static void write_id(struct buf *body, int64_t id)
{
	char text[24];
	snprintf(text, sizeof(text), "%lld", (long long)id);
	jw_text(body, text);
}

static void write_vector(struct buf *body, const int8_t *vector, size_t dimension)
{
	jw_open(body, '[');
	for (size_t i = 0; i < dimension; i++)
		jw_int(body, vector[i]);
	jw_close(body, ']');
}

static bool is_of(const struct chroma_row *row, enum chroma_part part, bool has_vector)
{
	return row->part == part && (row->vector != NULL) == has_vector;
}

static size_t count_rows(const struct chroma_batch *batch, enum chroma_part part, bool has_vector)
{
	size_t found = 0;
	for (size_t i = 0; i < batch->count; i++)
		found += is_of(&batch->rows[i], part, has_vector);
	return found;
}

static void write_ids(struct buf *body, const struct chroma_batch *batch, enum chroma_part part,
		      bool has_vector)
{
	jw_key(body, "ids"), jw_open(body, '[');
	for (size_t i = 0; i < batch->count; i++)
		if (is_of(&batch->rows[i], part, has_vector))
			write_id(body, batch->rows[i].id);
	jw_close(body, ']');
}

static void add_delete(struct chroma_work *work, const struct chroma_batch *batch,
		       enum chroma_part part)
{
	struct buf *body = &step_add(work, "POST", "/*/delete", part, NULL)->body;
	jw_open(body, '{');
	write_ids(body, batch, part, false);
	jw_close(body, '}');
}

static void add_upsert(struct chroma_work *work, const struct chroma_batch *batch,
		       enum chroma_part part)
{
	struct buf *body = &step_add(work, "POST", "/*/upsert", part, NULL)->body;
	jw_open(body, '{');
	write_ids(body, batch, part, true);
	jw_key(body, "embeddings"), jw_open(body, '[');
	for (size_t i = 0; i < batch->count; i++)
		if (is_of(&batch->rows[i], part, true))
			write_vector(body, batch->rows[i].vector, batch->dimension);
	jw_close(body, ']');
	jw_key(body, "metadatas"), jw_open(body, '[');
	for (size_t i = 0; i < batch->count; i++)
		if (is_of(&batch->rows[i], part, true)) {
			jw_open(body, '{');
			jw_kv_int(body, "owner", batch->rows[i].owner);
			jw_close(body, '}');
		}
	jw_close(body, ']');
	jw_close(body, '}');
}

static void check_marker(struct chroma_work *work, const json_t *collection)
{
	if (!keep_id(work, collection))
		return;
	const struct collection_marker marker = marker_of(collection);
	if (!marker.text || strcmp(marker.text, work->marker) != 0 || marker.upto < work->since)
		failure_say(&work->answer.failure, FAILURE_BAD_ANSWER,
			    "Its data is not what was written to it");
}

struct chroma_work *chroma_write(struct chroma *chroma, const struct chroma_batch *batch,
				 chroma_done *done, void *context)
{
	struct chroma_work *work = work_new(chroma, done, context);
	snprintf(work->marker, sizeof(work->marker), "%s", batch->marker);
	work->since = batch->since;
	for (int part = 0; part < CHROMA_PART__COUNT; part++)
		add_find(work, (enum chroma_part)part, check_marker);
	for (int part = 0; part < CHROMA_PART__COUNT; part++) {
		if (count_rows(batch, (enum chroma_part)part, false))
			add_delete(work, batch, (enum chroma_part)part);
		if (count_rows(batch, (enum chroma_part)part, true))
			add_upsert(work, batch, (enum chroma_part)part);
	}
	for (int part = 0; part < CHROMA_PART__COUNT; part++) {
		struct buf *body = &step_add(work, "PUT", "/*", (enum chroma_part)part, NULL)->body;
		jw_open(body, '{');
		write_marker(body, "new_metadata", batch->marker, batch->upto);
		jw_close(body, '}');
	}
	work_next(work);
	return work;
}

/* Reads texts that are numbers above 0. Others are not ours. */
static void read_ids(struct chroma_work *work, const json_t *ids)
{
	size_t at;
	json_t *id;
	if (!json_is_array(ids)) {
		answer_is_bad(work);
		return;
	}
	json_array_foreach(ids, at, id) {
		char *end = NULL;
		const char *text = json_string_value(id);
		long long number = text ? strtoll(text, &end, 10) : 0;
		if (number > 0 && *end == '\0' && work->answer.count < CHROMA_PAGE)
			work->answer.ids[work->answer.count++] = number;
	}
}

static void read_found(struct chroma_work *work, const json_t *answer)
{
	read_ids(work, json_array_get(json_object_get(answer, "ids"), 0));
}

struct chroma_work *chroma_query(struct chroma *chroma, enum chroma_part part, const int8_t *vector,
				 size_t dimension, size_t most, chroma_done *done, void *context)
{
	struct chroma_work *work = work_new(chroma, done, context);
	need_id(work, part);
	struct buf *body = &step_add(work, "POST", "/*/query", part, read_found)->body;
	jw_open(body, '{');
	jw_key(body, "query_embeddings"), jw_open(body, '[');
	write_vector(body, vector, dimension);
	jw_close(body, ']');
	jw_kv_int(body, "n_results", (int64_t)(most < CHROMA_FOUND ? most : CHROMA_FOUND));
	jw_key(body, "include"), jw_open(body, '['), jw_close(body, ']');
	jw_close(body, '}');
	work_next(work);
	return work;
}

static void read_page(struct chroma_work *work, const json_t *answer)
{
	read_ids(work, json_object_get(answer, "ids"));
}

struct chroma_work *chroma_ids(struct chroma *chroma, enum chroma_part part, size_t from,
			       chroma_done *done, void *context)
{
	struct chroma_work *work = work_new(chroma, done, context);
	need_id(work, part);
	struct buf *body = &step_add(work, "POST", "/*/get", part, read_page)->body;
	jw_open(body, '{');
	jw_kv_int(body, "limit", CHROMA_PAGE);
	jw_kv_int(body, "offset", (int64_t)from);
	jw_key(body, "include"), jw_open(body, '['), jw_close(body, ']');
	jw_close(body, '}');
	work_next(work);
	return work;
}

static void read_vector(struct chroma_work *work, const json_t *answer)
{
	const json_t *vector = json_array_get(json_object_get(answer, "embeddings"), 0);
	size_t dimension = json_array_size(vector), at;
	json_t *number;
	if (dimension == 0 || dimension > VECTOR_MOST)
		return;
	work->answer.vector = xcalloc(dimension, sizeof(*work->answer.vector));
	work->answer.dimension = dimension;
	json_array_foreach(vector, at, number)
		work->answer.vector[at] = (float)json_number_value(number);
}

struct chroma_work *chroma_vector(struct chroma *chroma, enum chroma_part part, int64_t id,
				  chroma_done *done, void *context)
{
	struct chroma_work *work = work_new(chroma, done, context);
	need_id(work, part);
	struct buf *body = &step_add(work, "POST", "/*/get", part, read_vector)->body;
	jw_open(body, '{');
	jw_key(body, "ids"), jw_open(body, '['), write_id(body, id), jw_close(body, ']');
	jw_key(body, "include"), jw_open(body, '[');
	jw_text(body, "embeddings");
	jw_close(body, ']');
	jw_close(body, '}');
	work_next(work);
	return work;
}

static void read_ping(struct chroma_work *work, const json_t *answer)
{
	if (!json_is_array(answer))
		answer_is_bad(work);
}

struct chroma_work *chroma_ping(struct chroma *chroma, chroma_done *done, void *context)
{
	struct chroma_work *work = work_new(chroma, done, context);
	step_add(work, "GET", "?limit=1", CHROMA_KNOWLEDGE, read_ping);
	work_next(work);
	return work;
}
