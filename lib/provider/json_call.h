/*
 * A request to a provider whose answer is one JSON value, read as a whole.
 *
 * An answer that is no JSON, has too many bytes or values, or is nested too deeply
 * is FAILURE_BAD_ANSWER or FAILURE_TOO_BIG.
 */
#ifndef PROVIDER_JSON_CALL_H
#define PROVIDER_JSON_CALL_H

#include <stddef.h>

#include "base/buf.h"
#include "provider/failure.h"

struct json_t;
struct json_call;
struct provider;

struct json_request {
	const char *method, *path; /* as of provider_ask() */
	struct buf *body;          /* taken over; empty: none is sent */
	size_t most_bytes;         /* of the answer */
	int most_values;           /* in it */
};

/*
 * done() is the last call, not within json_ask(). `answer` lives until it returns; NULL after a
 * failure, and for an answer without a body.
 */
struct json_call *json_ask(struct provider *provider, const struct json_request *request,
			   void (*done)(void *context, const struct failure *failure,
					struct json_t *answer),
			   void *context);

/* Ends a call without done(). Not within done(). NULL is allowed. */
void json_cancel(struct json_call **call);

#endif
