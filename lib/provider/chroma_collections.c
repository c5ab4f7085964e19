/* ChromaDB over HTTP, its collections and their markers: see chroma.h. */
#include "provider/chroma.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/json_out.h"
#include "base/memory.h"
#include "provider/chroma_work.h"
#include "provider/provider.h"
#include "realm/settings.h"

#define MARKER "aeon_marker"
#define UPTO "aeon_upto"
#define MOST_LISTED 1000 /* collections */
#define TOTAL_US (20 * CLOCK_SECOND)

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

/* --- collections ------------------------------------------------------------------------------ */

bool chroma_keep_id(struct chroma_work *work, const json_t *collection)
{
	enum chroma_part part = STAILQ_FIRST(&work->steps)->part;
	const char *id = json_string_value(json_object_get(collection, "id"));
	size_t bytes = id ? strlen(id) : 0;
	if (bytes == 0 || bytes >= CHROMA_ID || strspn(id, "0123456789abcdefABCDEF-") != bytes) {
		chroma_answer_is_bad(work);
		return false;
	}
	memcpy(work->chroma->ids[part], id, bytes + 1);
	return true;
}

static void read_id(struct chroma_work *work, const json_t *collection)
{
	chroma_keep_id(work, collection);
}

struct chroma_step *chroma_add_find(struct chroma_work *work, enum chroma_part part,
				    void (*read)(struct chroma_work *, const json_t *))
{
	char path[CHROMA_NAME + 1];
	snprintf(path, sizeof(path), "/%s", work->chroma->names[part]);
	return chroma_step_add(work, "GET", path, part, read);
}

void chroma_need_id(struct chroma_work *work, enum chroma_part part)
{
	if (!work->chroma->ids[part][0])
		chroma_add_find(work, part, read_id);
}

struct chroma_marker chroma_marker_of(const json_t *collection)
{
	const json_t *metadata = json_object_get(collection, "metadata");
	return (struct chroma_marker){
		json_string_value(json_object_get(metadata, MARKER)),
		json_integer_value(json_object_get(metadata, UPTO)),
	};
}

static void read_marker(struct chroma_work *work, const json_t *collection)
{
	struct chroma_answer *answer = &work->answer;
	if (!collection || !chroma_keep_id(work, collection))
		return;
	const struct chroma_marker marker = chroma_marker_of(collection);
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
	struct chroma_work *work = chroma_work_new(chroma, done, context);
	for (int part = 0; part < CHROMA_PART__COUNT; part++)
		chroma_add_find(work, (enum chroma_part)part, read_marker)->may_be_absent = true;
	chroma_work_start(work);
	return work;
}

void chroma_write_marker(struct buf *body, const char *name, const char *marker, int64_t upto)
{
	jw_open_key(body, name);
	jw_kv_text(body, MARKER, marker);
	jw_kv_int(body, UPTO, upto);
	jw_close(body, '}');
}

static void add_create(struct chroma_work *work, enum chroma_part part)
{
	struct buf *body = &chroma_step_add(work, "POST", "", part, read_id)->body;
	jw_open(body, '{');
	jw_kv_text(body, "name", work->chroma->names[part]);
	jw_open_key(body, "configuration");
	jw_open_key(body, "hnsw");
	jw_kv_text(body, "space", "cosine");
	jw_close(body, '}');
	jw_close(body, '}');
	chroma_write_marker(body, "metadata", work->marker, 0);
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
		chroma_answer_is_bad(work);
		return;
	}
	json_array_foreach(list, at, collection) {
		char path[CHROMA_NAME + 1];
		const char *name = json_string_value(json_object_get(collection, "name"));
		if (!is_ours(name))
			continue;
		snprintf(path, sizeof(path), "/%s", name);
		chroma_step_add(work, "DELETE", path, CHROMA_KNOWLEDGE, NULL)->may_be_absent = true;
	}
	for (int part = 0; part < CHROMA_PART__COUNT; part++)
		add_create(work, (enum chroma_part)part);
}

struct chroma_work *chroma_clear(struct chroma *chroma, const char *marker, chroma_done *done,
				 void *context)
{
	struct chroma_work *work = chroma_work_new(chroma, done, context);
	char path[40];
	snprintf(work->marker, sizeof(work->marker), "%s", marker);
	snprintf(path, sizeof(path), "?limit=%d", MOST_LISTED);
	chroma_step_add(work, "GET", path, CHROMA_KNOWLEDGE, read_list);
	chroma_work_start(work);
	return work;
}

static void read_ping(struct chroma_work *work, const json_t *answer)
{
	if (!json_is_array(answer))
		chroma_answer_is_bad(work);
}

struct chroma_work *chroma_ping(struct chroma *chroma, chroma_done *done, void *context)
{
	struct chroma_work *work = chroma_work_new(chroma, done, context);
	chroma_step_add(work, "GET", "?limit=1", CHROMA_KNOWLEDGE, read_ping);
	chroma_work_start(work);
	return work;
}
