/* A request whose answer is JSON: see json_call.h. */
#include "provider/json_call.h"

#include <jansson.h>
#include <stdlib.h>

#include "base/arena.h"
#include "base/json_in.h"
#include "base/memory.h"
#include "provider/provider.h"

struct json_call {
	struct arena *arena;
	struct provider_call *provider_call;
	struct buf body; /* of the answer */
	int most_values;
	json_t *answer;
	void (*done)(void *context, const struct failure *failure, json_t *answer);
	void *context;
};

static void call_free(struct json_call *call)
{
	buf_free(&call->body);
	arena_free(&call->arena);
	free(call);
}

static enum failure_code call_receive(void *context, const char *content_type, const char *bytes,
				      size_t count)
{
	struct json_call *call = context;
	(void)content_type; /* what is no JSON is found by reading it */
	if (bytes) {
		buf_add(&call->body, bytes, count);
		return FAILURE_NONE;
	}
	if (call->body.len == 0)
		return FAILURE_NONE;
	call->answer = json_in_value(call->arena, call->body.data, call->body.len,
				     call->most_values, buf_in(call->arena));
	return call->answer ? FAILURE_NONE : FAILURE_BAD_ANSWER;
}

static void call_done(void *context, const struct failure *failure, bool is_charged)
{
	struct json_call *call = context;
	(void)is_charged;
	call->done(call->context, failure, failure->code == FAILURE_NONE ? call->answer : NULL);
	call_free(call);
}

struct json_call *
json_ask(struct provider *provider, const struct json_request *request,
	 void (*done)(void *context, const struct failure *failure, json_t *answer), void *context)
{
	static const struct provider_ports ports = {.receive = call_receive, .done = call_done};
	struct json_call *call = xcalloc(1, sizeof(*call));
	call->arena = arena_new();
	call->most_values = request->most_values;
	call->done = done;
	call->context = context;
	call->provider_call = provider_ask(provider, request->method, request->path, request->body,
					   request->most_bytes, &ports, call);
	return call;
}

void json_cancel(struct json_call **call)
{
	struct json_call *old = *call;
	*call = NULL;
	if (!old)
		return;
	provider_cancel(&old->provider_call);
	call_free(old);
}
