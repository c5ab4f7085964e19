/* ChromaDB over HTTP, the rows of its collections: see chroma.h. */
#include "provider/chroma.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/json_out.h"
#include "base/memory.h"
#include "base/vector.h"
#include "provider/chroma_work.h"

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
	struct buf *body = &chroma_step_add(work, "POST", "/*/delete", part, NULL)->body;
	jw_open(body, '{');
	write_ids(body, batch, part, false);
	jw_close(body, '}');
}

static void add_upsert(struct chroma_work *work, const struct chroma_batch *batch,
		       enum chroma_part part)
{
	struct buf *body = &chroma_step_add(work, "POST", "/*/upsert", part, NULL)->body;
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
	if (!chroma_keep_id(work, collection))
		return;
	const struct chroma_marker marker = chroma_marker_of(collection);
	if (!marker.text || strcmp(marker.text, work->marker) != 0 || marker.upto < work->since)
		failure_say(&work->answer.failure, FAILURE_BAD_ANSWER,
			    "Its data is not what was written to it");
}

struct chroma_work *chroma_write(struct chroma *chroma, const struct chroma_batch *batch,
				 chroma_done *done, void *context)
{
	struct chroma_work *work = chroma_work_new(chroma, done, context);
	snprintf(work->marker, sizeof(work->marker), "%s", batch->marker);
	work->since = batch->since;
	for (int part = 0; part < CHROMA_PART__COUNT; part++)
		chroma_add_find(work, (enum chroma_part)part, check_marker);
	for (int part = 0; part < CHROMA_PART__COUNT; part++) {
		if (count_rows(batch, (enum chroma_part)part, false))
			add_delete(work, batch, (enum chroma_part)part);
		if (count_rows(batch, (enum chroma_part)part, true))
			add_upsert(work, batch, (enum chroma_part)part);
	}
	for (int part = 0; part < CHROMA_PART__COUNT; part++) {
		struct buf *body =
			&chroma_step_add(work, "PUT", "/*", (enum chroma_part)part, NULL)->body;
		jw_open(body, '{');
		chroma_write_marker(body, "new_metadata", batch->marker, batch->upto);
		jw_close(body, '}');
	}
	chroma_work_start(work);
	return work;
}

/* Reads texts that are numbers above 0. Others are not ours. */
static void read_ids(struct chroma_work *work, const json_t *ids)
{
	size_t at;
	json_t *id;
	if (!json_is_array(ids)) {
		chroma_answer_is_bad(work);
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
	struct chroma_work *work = chroma_work_new(chroma, done, context);
	chroma_need_id(work, part);
	struct buf *body = &chroma_step_add(work, "POST", "/*/query", part, read_found)->body;
	jw_open(body, '{');
	jw_key(body, "query_embeddings"), jw_open(body, '[');
	write_vector(body, vector, dimension);
	jw_close(body, ']');
	jw_kv_int(body, "n_results", (int64_t)(most < CHROMA_FOUND ? most : CHROMA_FOUND));
	jw_key(body, "include"), jw_open(body, '['), jw_close(body, ']');
	jw_close(body, '}');
	chroma_work_start(work);
	return work;
}

static void read_page(struct chroma_work *work, const json_t *answer)
{
	read_ids(work, json_object_get(answer, "ids"));
}

struct chroma_work *chroma_ids(struct chroma *chroma, enum chroma_part part, size_t from,
			       chroma_done *done, void *context)
{
	struct chroma_work *work = chroma_work_new(chroma, done, context);
	chroma_need_id(work, part);
	struct buf *body = &chroma_step_add(work, "POST", "/*/get", part, read_page)->body;
	jw_open(body, '{');
	jw_kv_int(body, "limit", CHROMA_PAGE);
	jw_kv_int(body, "offset", (int64_t)from);
	jw_key(body, "include"), jw_open(body, '['), jw_close(body, ']');
	jw_close(body, '}');
	chroma_work_start(work);
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
	struct chroma_work *work = chroma_work_new(chroma, done, context);
	chroma_need_id(work, part);
	struct buf *body = &chroma_step_add(work, "POST", "/*/get", part, read_vector)->body;
	jw_open(body, '{');
	jw_key(body, "ids"), jw_open(body, '['), write_id(body, id), jw_close(body, ']');
	jw_key(body, "include"), jw_open(body, '[');
	jw_text(body, "embeddings");
	jw_close(body, ']');
	jw_close(body, '}');
	chroma_work_start(work);
	return work;
}
