/* An embedder behind an OpenAI-compatible server: see embedder.h. */
#include "provider/embedder.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "base/json_out.h"
#include "base/memory.h"
#include "provider/dialect.h"
#include "provider/provider.h"

struct embedder {
	struct provider *provider;
	char *names[EMBEDDER_SIDE__COUNT], *prefixes[EMBEDDER_SIDE__COUNT];
	struct dialect dialect;
};

struct embedder_call {
	struct embedder *embedder;
	char *model;
	struct embedder_ports ports;
	void *context;
	struct provider_call *provider_call;
	struct arena *arena;
	struct dialect dialect;
	struct buf input, body; /* of the request and of the answer */
	struct embedding embedding;
	const char *detail; /* what is wrong with the answer, or NULL */
	size_t count;
};

struct embedder *embedder_new(struct provider *provider, const struct embedder_options *options)
{
	struct embedder *embedder = xcalloc(1, sizeof(*embedder));
	embedder->provider = provider;
	for (int side = 0; side < EMBEDDER_SIDE__COUNT; side++) {
		embedder->names[side] = xstrdup(options->models[side].name);
		embedder->prefixes[side] = xstrdup(options->models[side].prefix);
	}
	return embedder;
}

void embedder_free(struct embedder **embedder)
{
	struct embedder *old = *embedder;
	*embedder = NULL;
	if (!old)
		return;
	provider_free(&old->provider);
	for (int side = 0; side < EMBEDDER_SIDE__COUNT; side++) {
		free(old->names[side]);
		free(old->prefixes[side]);
	}
	free(old);
}

const struct provider *embedder_provider(const struct embedder *embedder)
{
	return embedder->provider;
}

struct embedder_model embedder_model(const struct embedder *embedder, enum embedder_side side)
{
	return (struct embedder_model){embedder->names[side], embedder->prefixes[side]};
}

static void write_input(struct buf *out, const char *prefix, const char *const *texts, size_t count)
{
	struct buf text = {0};
	jw_open(out, '[');
	for (size_t i = 0; i < count; i++) {
		buf_clear(&text);
		buf_printf(&text, "%s%s%s", prefix, prefix[0] ? " " : "", texts[i]);
		jw_text_n(out, text.data, text.len);
	}
	jw_close(out, ']');
	buf_free(&text);
}

static void call_free(struct embedder_call *call)
{
	buf_free(&call->input);
	buf_free(&call->body);
	arena_free(&call->arena);
	free(call->model);
	free(call);
}

static enum failure_code call_receive(void *context, const char *content_type, const char *bytes,
				      size_t count)
{
	struct embedder_call *call = context;
	(void)content_type; /* what is no JSON is found by reading it */
	if (!bytes)
		return embedding_read(call->arena, buf_text(&call->body), call->body.len,
				      call->count, &call->embedding, &call->detail);
	buf_add(&call->body, bytes, count);
	return FAILURE_NONE;
}

static void call_send(struct embedder_call *call);

static void call_done(void *context, const struct failure *failure, bool is_charged)
{
	struct embedder_call *call = context;
	call->provider_call = NULL;
	if (dialect_learn(&call->dialect, failure)) {
		dialect_learn(&call->embedder->dialect, failure);
		call_send(call);
		return;
	}
	struct embedder_answer answer = {.failure = *failure, .is_charged = is_charged};
	if (failure->code == FAILURE_NONE)
		answer.embedding = &call->embedding;
	if (failure->code == FAILURE_BAD_ANSWER && call->detail) {
		answer.failure.code = FAILURE_NONE;
		failure_say(&answer.failure, FAILURE_BAD_ANSWER, "%s", call->detail);
	}
	call->ports.done(call->context, &answer);
	call_free(call);
}

static void call_send(struct embedder_call *call)
{
	static const struct provider_ports ports = {.receive = call_receive, .done = call_done};
	struct buf body = {0};
	jw_open(&body, '{');
	jw_kv_text(&body, "model", call->model);
	jw_key(&body, "input");
	jw_raw(&body, call->input.data, call->input.len);
	if (!call->dialect.without_encoding_format)
		jw_kv_text(&body, "encoding_format", "base64");
	jw_close(&body, '}');
	call->provider_call = provider_ask(call->embedder->provider, "POST", "/embeddings", &body,
					   EMBEDDING_MOST_BYTES, &ports, call);
}

struct embedder_call *embedder_ask(struct embedder *embedder, const struct embedder_model *model,
				   const char *const *texts, size_t count,
				   const struct embedder_ports *ports, void *context)
{
	assert(count > 0 && count <= EMBEDDING_MOST_TEXTS);
	struct embedder_call *call = xcalloc(1, sizeof(*call));
	call->embedder = embedder;
	call->model = xstrdup(model->name);
	call->dialect = embedder->dialect;
	call->ports = *ports;
	call->context = context;
	call->count = count;
	call->arena = arena_new();
	write_input(&call->input, model->prefix, texts, count);
	call_send(call);
	return call;
}

void embedder_cancel(struct embedder_call **call)
{
	struct embedder_call *old = *call;
	*call = NULL;
	if (!old)
		return;
	provider_cancel(&old->provider_call);
	call_free(old);
}
