/*
 * A provider: a service that is asked over HTTP, such as an OpenAI-compatible server.
 *
 * At most `most_calls` requests are in work; others wait in a queue. A request that the provider
 * surely did no work for is sent again, with pauses that are random, or as long as Retry-After
 * says. A provider that fails again and again gets a pause (see breaker.h).
 */
#ifndef PROVIDER_PROVIDER_H
#define PROVIDER_PROVIDER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/buf.h"
#include "base/problem.h"
#include "provider/failure.h"

#define PROVIDER_HOST 100     /* bytes */
#define PROVIDER_KEY_MAX 1000 /* bytes */

struct http;
struct provider;
struct provider_call;

struct provider_options {
	const char *url;  /* the base, such as http://127.0.0.1:8080/v1 */
	const char *user; /* of Basic authentication; NULL: the key is a bearer token */
	const char *key;  /* "": none */
	int64_t first_byte_us, stall_us, total_us; /* total: from provider_ask() to the end */
	int most_calls, most_queued;
	int attempts; /* most requests for one call */
};

/* Copies the options. PROBLEM_CONFIG for a wrong URL or a key that cannot be in a header. */
int provider_new(struct http *http, const struct provider_options *options,
		 struct provider **provider_r, struct problem *why);

/* No call is left. */
void provider_free(struct provider **provider);

/* The name and port of its host. */
const char *provider_host(const struct provider *provider);

/* Whether it is on this machine, so that nothing leaves the machine. */
bool provider_is_local(const struct provider *provider);

/* Whether the key would go to another machine without encryption. */
bool provider_is_exposed(const struct provider *provider);

struct provider_ports {
	/*
	 * A part of an answer with a status of 2xx; `bytes` NULL: its end. A code other than
	 * FAILURE_NONE ends the call with that failure.
	 */
	enum failure_code (*receive)(void *context, const char *content_type, const char *bytes,
				     size_t count);
	/*
	 * The last call, not within provider_ask(). `is_charged`: the provider may have done work,
	 * at most once.
	 */
	void (*done)(void *context, const struct failure *failure, bool is_charged);
};

/*
 * Sends a JSON body, which is taken over and left empty. `path` begins with '/'. The method is a
 * constant text; GET has no body.
 */
struct provider_call *provider_ask(struct provider *provider, const char *method, const char *path,
				   struct buf *body, size_t most_bytes,
				   const struct provider_ports *ports, void *context);

/* What the caller needs has come: done() follows within this time, even if bytes still come. */
void provider_expect_end(struct provider_call *call, int64_t us);

/* Ends a call without done(). Not within done(). */
void provider_cancel(struct provider_call **call);

#endif
