/*
 * A provider's queue, retries and pauses: see provider.h.
 *
 * A call that waits for its next attempt keeps its place among the calls in work, so that a
 * provider with trouble is not asked more.
 */
#include "provider/provider.h"

#include <sodium.h>
#include <stdlib.h>
#include <string.h>
#include <sys/queue.h>

#include "base/clock.h"
#include "base/log.h"
#include "base/memory.h"
#include "provider/breaker.h"
#include "provider/http.h"
#include "provider/timer.h"

#define MOST_ERROR_BYTES 16384         /* of an answer that says why it failed */
#define FIRST_RETRY INT64_C(500000)    /* the pause is random and at most this */
#define LONGEST_RETRY INT64_C(8000000) /* it doubles up to this */
#define LONGEST_RETRY_AFTER                                                                        \
	INT64_C(30000000) /* a provider that asks for more is not asked again                      \
			   */

struct provider {
	struct http *http;
	char *url, *user, *key;
	char host[PROVIDER_HOST];
	struct provider_options options;
	struct breaker breaker;
	bool is_local;
	int in_work, queued;
	TAILQ_HEAD(, provider_call) queue;
};

enum call_state { CALL_QUEUED, CALL_TURNED_AWAY, CALL_IN_WORK };

struct provider_call {
	TAILQ_ENTRY(provider_call) entry; /* while it is queued */
	enum call_state state;
	struct provider *provider;
	struct provider_ports ports;
	void *context;
	const char *method;
	char *url;
	struct buf body, error;
	size_t most_bytes;
	int64_t end_at;
	int attempts;
	bool is_charged;
	bool is_ending, is_cancelled;
	bool received;               /* a part of an answer has reached the caller */
	struct http_call *http_call; /* NULL: it waits */
	struct timer *timer;
	struct failure failure;
};

static int check_key(const char *key, struct problem *why)
{
	if (strlen(key) > PROVIDER_KEY_MAX)
		return problem_say(why, PROBLEM_CONFIG, "The key is too long");
	for (const char *at = key; *at; at++)
		if (*at <= ' ' || *at > '~')
			return problem_say(why, PROBLEM_CONFIG,
					   "The key has a character that no key can have");
	return 0;
}

int provider_new(struct http *http, const struct provider_options *options,
		 struct provider **provider_r, struct problem *why)
{
	TRY(http_check_url(options->url, why));
	TRY(check_key(options->key, why));
	if (options->user)
		TRY(check_key(options->user, why));
	struct provider *provider = xcalloc(1, sizeof(*provider));
	provider->http = http;
	provider->options = *options;
	provider->url = xstrdup(options->url);
	for (size_t end = strlen(provider->url); end && provider->url[end - 1] == '/'; end--)
		provider->url[end - 1] = '\0';
	provider->user = xstrdup(options->user ? options->user : "");
	provider->key = xstrdup(options->key);
	provider->is_local = http_is_local(options->url, provider->host, PROVIDER_HOST);
	TAILQ_INIT(&provider->queue);
	*provider_r = provider;
	return 0;
}

void provider_free(struct provider **provider)
{
	if (!*provider)
		return;
	explicit_bzero((*provider)->key, strlen((*provider)->key));
	free((*provider)->key);
	free((*provider)->user);
	free((*provider)->url);
	free(*provider);
	*provider = NULL;
}

const char *provider_host(const struct provider *provider)
{
	return provider->host;
}

bool provider_is_local(const struct provider *provider)
{
	return provider->is_local;
}

bool provider_is_exposed(const struct provider *provider)
{
	return !provider->is_local && provider->key[0] && strncmp(provider->url, "https:", 6) != 0;
}

static void call_free(struct provider_call *call)
{
	timer_free(&call->timer);
	buf_free(&call->body);
	buf_free(&call->error);
	free(call->url);
	free(call);
}

static void provider_next(struct provider *provider);

/* The call is not in the queue any more, and not among the calls in work. */
static void call_finish(struct provider_call *call)
{
	struct provider *provider = call->provider;
	call->ports.done(call->context, &call->failure, call->is_charged);
	call_free(call);
	provider_next(provider);
}

/* How long the call waits before its next attempt; -1: there is none. */
static int64_t pause_before_retry(const struct provider_call *call, int64_t now)
{
	const struct failure *failure = &call->failure;
	if (call->received || call->attempts >= call->provider->options.attempts ||
	    !failure_info(failure->code)->may_repeat ||
	    failure->retry_after_us > LONGEST_RETRY_AFTER)
		return -1;
	int64_t most = FIRST_RETRY << (call->attempts < 5 ? call->attempts - 1 : 4);
	uint32_t below = (uint32_t)(most < LONGEST_RETRY ? most : LONGEST_RETRY);
	int64_t pause = failure->retry_after_us + randombytes_uniform(below);
	return now + pause < call->end_at ? pause : -1;
}

static void call_attempt(struct provider_call *call);

static void queue_remove(struct provider_call *call)
{
	TAILQ_REMOVE(&call->provider->queue, call, entry);
	call->provider->queued--;
}

static void call_timer_fired(void *context)
{
	struct provider_call *call = context;
	const char *host = call->provider->host;
	switch (call->state) {
	case CALL_IN_WORK:
		call_attempt(call);
		return;
	case CALL_TURNED_AWAY:
		failure_say(&call->failure, FAILURE_QUEUE_FULL, "Too many requests wait for %s",
			    host);
		break;
	case CALL_QUEUED:
		queue_remove(call);
		failure_say(&call->failure, FAILURE_TOO_SLOW,
			    "The request waited too long for others to %s", host);
		break;
	}
	call_finish(call);
}

/* Counts the attempt for the breaker, and logs what counts. */
static void note_attempt(struct provider_call *call, int64_t now)
{
	struct provider *provider = call->provider;
	const struct failure *failure = &call->failure;
	if (!failure_info(failure->code)->counts) {
		breaker_succeeded(&provider->breaker);
		return;
	}
	breaker_failed(&provider->breaker, now);
	log_warn("provider_failed", LOG_TEXT("host", provider->host),
		 LOG_TEXT("failure", failure_info(failure->code)->name),
		 LOG_TEXT("detail", failure->detail),
		 LOG_INT("pause_ms", breaker_wait(&provider->breaker, now) / 1000));
}

static bool is_success(int status)
{
	return status >= 200 && status < 300;
}

/* Whether the provider may have done work for this attempt. */
static bool may_be_charged(const struct http_answer *answer)
{
	return answer->was_sent && (answer->status == 0 || is_success(answer->status));
}

static void call_answered(void *context, const struct http_answer *answer)
{
	struct provider_call *call = context;
	int64_t now = clock_monotonic();
	call->http_call = NULL;
	call->is_charged = may_be_charged(answer);
	call->failure = answer->failure;
	if (answer->status && !is_success(answer->status)) {
		/* The status says more than how the answer ended. */
		call->failure.code = FAILURE_NONE;
		failure_read(&call->failure, answer->status, buf_text(&call->error),
			     call->error.len, call->provider->key);
	} else if (answer->failure.code == FAILURE_NONE) {
		call->is_ending = true;
		failure_set(&call->failure,
			    call->ports.receive(call->context, answer->content_type, NULL, 0));
		call->is_ending = false;
	}
	note_attempt(call, now);
	if (call->is_cancelled) {
		call_free(call);
		return;
	}
	int64_t pause = pause_before_retry(call, now);
	if (pause >= 0) {
		timer_set(call->timer, now + pause);
		return;
	}
	call->provider->in_work--;
	call_finish(call);
}

static enum failure_code call_receive(void *context, const struct http_answer *so_far,
				      const char *bytes, size_t count)
{
	struct provider_call *call = context;
	if (is_success(so_far->status)) {
		call->received = true;
		return call->ports.receive(call->context, so_far->content_type, bytes, count);
	}
	if (call->error.len + count > MOST_ERROR_BYTES)
		return FAILURE_TOO_BIG;
	buf_add(&call->error, bytes, count);
	return FAILURE_NONE;
}

static void call_attempt(struct provider_call *call)
{
	static const struct http_ports ports = {.receive = call_receive, .done = call_answered};
	struct provider *provider = call->provider;
	const struct provider_options *options = &provider->options;
	int64_t now = clock_monotonic();
	if (!breaker_admit(&provider->breaker, now)) {
		failure_say(&call->failure, FAILURE_UNAVAILABLE,
			    "%s failed several times and is not asked now", provider->host);
		call->failure.retry_after_us = breaker_wait(&provider->breaker, now);
		provider->in_work--;
		call_finish(call);
		return;
	}
	call->attempts++;
	call->failure = (struct failure){0};
	buf_clear(&call->error);
	const struct http_request request = {
		.method = call->method,
		.url = call->url,
		.user = provider->user,
		.key = provider->key,
		.body = buf_text(&call->body),
		.body_bytes = call->body.len,
		.first_byte_us = options->first_byte_us,
		.stall_us = options->stall_us,
		.end_at = call->end_at,
		.most_bytes = call->most_bytes,
	};
	call->http_call = http_start(provider->http, &request, &ports, call);
}

/* Starts the next call of the queue, if there is a place for it. */
static void provider_next(struct provider *provider)
{
	struct provider_call *call = TAILQ_FIRST(&provider->queue);
	if (!call || provider->in_work >= provider->options.most_calls)
		return;
	queue_remove(call);
	call->state = CALL_IN_WORK;
	provider->in_work++;
	/* By its timer, so that done() is never called within provider_ask(). */
	timer_set(call->timer, 0);
}

struct provider_call *provider_ask(struct provider *provider, const char *method, const char *path,
				   struct buf *body, size_t most_bytes,
				   const struct provider_ports *ports, void *context)
{
	struct provider_call *call = xcalloc(1, sizeof(*call));
	struct buf url = {0};
	buf_printf(&url, "%s%s", provider->url, path);
	call->method = method;
	call->url = url.data;
	call->provider = provider;
	call->body = *body;
	*body = (struct buf){0};
	call->most_bytes = most_bytes;
	call->ports = *ports;
	call->context = context;
	call->end_at = clock_monotonic() + provider->options.total_us;
	call->timer = timer_new(http_loop(provider->http), call_timer_fired, call);
	if (provider->queued >= provider->options.most_queued) {
		call->state = CALL_TURNED_AWAY;
		timer_set(call->timer, 0);
		return call;
	}
	TAILQ_INSERT_TAIL(&provider->queue, call, entry);
	provider->queued++;
	timer_set(call->timer, call->end_at);
	provider_next(provider);
	return call;
}

void provider_expect_end(struct provider_call *call, int64_t us)
{
	if (call->http_call)
		http_expect_end(call->http_call, us);
}

void provider_cancel(struct provider_call **call)
{
	struct provider_call *old = *call;
	*call = NULL;
	if (!old)
		return;
	struct provider *provider = old->provider;
	if (old->state == CALL_QUEUED)
		queue_remove(old);
	provider->in_work -= old->state == CALL_IN_WORK;
	if (old->http_call) {
		breaker_forget(&provider->breaker);
		http_cancel(&old->http_call);
	}
	if (old->is_ending)
		old->is_cancelled = true;
	else
		call_free(old);
	provider_next(provider);
}
