/* A language model behind an OpenAI-compatible server: see llm.h. */
#include "provider/llm.h"

#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/json_out.h"
#include "base/memory.h"
#include "provider/dialect.h"
#include "provider/provider.h"

#define END_US (CLOCK_SECOND / 5)   /* until the connection's end, when all has come */
#define USAGE_US (5 * CLOCK_SECOND) /* until the usage, when the whole text has come */

struct llm {
	struct provider *provider;
	char *model;
	struct dialect dialect;
};

struct llm_call {
	struct llm *llm;
	struct llm_ports ports;
	void *context;
	struct provider_call *provider_call;
	struct completion completion;
	struct dialect dialect;
	struct buf messages; /* the request's parts, to write it again in another dialect */
	char *model;
	int64_t most_tokens;
	size_t request_bytes;
	double temperature;
	bool is_streamed, is_receiving, is_cancelled;
};

struct llm *llm_new(struct provider *provider, const char *model)
{
	struct llm *llm = xcalloc(1, sizeof(*llm));
	llm->provider = provider;
	llm->model = xstrdup(model);
	return llm;
}

void llm_free(struct llm **llm)
{
	if (!*llm)
		return;
	provider_free(&(*llm)->provider);
	free((*llm)->model);
	free(*llm);
	*llm = NULL;
}

const struct provider *llm_provider(const struct llm *llm)
{
	return llm->provider;
}

const char *llm_model(const struct llm *llm)
{
	return llm->model;
}

static void write_messages(struct buf *out, const struct llm_request *request)
{
	jw_open(out, '[');
	for (size_t i = 0; i < request->count; i++) {
		jw_open(out, '{');
		jw_kv_text(out, "role", request->messages[i].role);
		jw_kv_text(out, "content", request->messages[i].text);
		jw_close(out, '}');
	}
	jw_close(out, ']');
}

static void write_body(struct buf *out, const struct llm_call *call)
{
	const struct dialect *dialect = &call->dialect;
	jw_open(out, '{');
	jw_kv_text(out, "model", call->model);
	jw_key(out, "messages");
	jw_raw(out, call->messages.data, call->messages.len);
	jw_kv_int(out,
		  dialect->without_max_completion_tokens ? "max_tokens" : "max_completion_tokens",
		  call->most_tokens);
	if (call->temperature >= 0 && !dialect->without_temperature) {
		jw_key(out, "temperature");
		jw_real(out, call->temperature);
	}
	jw_kv_bool(out, "stream", call->is_streamed);
	if (call->is_streamed && !dialect->without_stream_options) {
		jw_open_key(out, "stream_options");
		jw_kv_bool(out, "include_usage", true);
		jw_close(out, '}');
	}
	jw_close(out, '}');
}

static void call_free(struct llm_call *call)
{
	completion_free(&call->completion);
	buf_free(&call->messages);
	free(call->model);
	free(call);
}

static void call_delta(void *context, const char *text, size_t bytes)
{
	struct llm_call *call = context;
	if (!call->is_cancelled && call->ports.delta)
		call->ports.delta(call->context, text, bytes);
}

static enum failure_code call_receive(void *context, const char *content_type, const char *bytes,
				      size_t count)
{
	struct llm_call *call = context;
	call->is_receiving = true;
	enum failure_code code = completion_receive(&call->completion, content_type, bytes, count);
	call->is_receiving = false;
	if (call->is_cancelled)
		call_free(call);
	else if (bytes && call->completion.is_finished)
		provider_expect_end(call->provider_call,
				    call->completion.is_done ? END_US : USAGE_US);
	return code;
}

static void call_send(struct llm_call *call);

/* What the provider says, and whether it can be true: a token has a byte at least. */
static struct usage checked_usage(const struct llm_call *call)
{
	struct usage usage = call->completion.usage;
	if (usage.prompt > (int64_t)call->request_bytes || usage.completion > call->most_tokens)
		usage.is_plausible = false;
	return usage;
}

/* Whether the text is whole, although the connection did not end as it should. */
static bool is_whole(const struct llm_call *call, const struct failure *failure)
{
	return call->completion.is_finished &&
	       (failure->code == FAILURE_CUT || failure->code == FAILURE_TOO_SLOW);
}

static void call_done(void *context, const struct failure *failure, bool is_charged)
{
	struct llm_call *call = context;
	call->provider_call = NULL;
	if (dialect_learn(&call->dialect, failure)) {
		dialect_learn(&call->llm->dialect, failure);
		call_send(call);
		return;
	}
	struct llm_answer answer = {
		.failure = *failure,
		.text = buf_text(&call->completion.text),
		.bytes = call->completion.text.len,
		.model = call->completion.model,
		.finish = call->completion.finish,
		.usage = checked_usage(call),
		.is_charged = is_charged,
	};
	if (is_whole(call, failure)) {
		answer.failure.code = FAILURE_NONE;
		failure_set(&answer.failure, completion_check(&call->completion));
	}
	call->ports.done(call->context, &answer);
	call_free(call);
}

static void call_send(struct llm_call *call)
{
	static const struct provider_ports ports = {.receive = call_receive, .done = call_done};
	struct buf body = {0};
	write_body(&body, call);
	call->request_bytes = body.len;
	call->provider_call = provider_ask(call->llm->provider, "POST", "/chat/completions", &body,
					   COMPLETION_MOST_BYTES, &ports, call);
}

static struct llm_call *call_new(struct llm *llm, const struct llm_request *request)
{
	struct llm_call *call = xcalloc(1, sizeof(*call));
	call->llm = llm;
	call->dialect = llm->dialect;
	call->model = xstrdup(request->model ? request->model : llm->model);
	call->most_tokens = request->most_tokens;
	call->temperature = request->temperature;
	call->is_streamed = request->is_streamed;
	write_messages(&call->messages, request);
	completion_init(&call->completion, call_delta, call);
	return call;
}

struct llm_call *llm_ask(struct llm *llm, const struct llm_request *request,
			 const struct llm_ports *ports, void *context)
{
	struct llm_call *call = call_new(llm, request);
	call->ports = *ports;
	call->context = context;
	call_send(call);
	return call;
}

size_t llm_request_bytes(struct llm *llm, const struct llm_request *request)
{
	struct buf body = {0};
	struct llm_call *call = call_new(llm, request);
	write_body(&body, call);
	size_t bytes = body.len;
	buf_free(&body);
	call_free(call);
	return bytes;
}

void llm_cancel(struct llm_call **call)
{
	struct llm_call *old = *call;
	*call = NULL;
	if (!old || old->is_cancelled)
		return;
	provider_cancel(&old->provider_call);
	old->is_cancelled = true;
	if (!old->is_receiving)
		call_free(old);
}
