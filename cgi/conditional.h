/*
 * Conditional requests: headers that decide whether a request acts and what its answer is.
 *
 * ETag and If-None-Match save sending an answer that the client has already. If-Match applies a
 * change only if the resource is still as the client has read it (RFC 9110, 8.8 and 13). An ETag is
 * a hash of the answer for this client, so nothing has to count versions. With an Idempotency-Key,
 * a request that creates something acts once, even if it is sent many times within a day.
 */
#ifndef CGI_CONDITIONAL_H
#define CGI_CONDITIONAL_H

#include <stdbool.h>

struct problem;
struct request;
struct route;

/* Whether the route creates something, and so accepts an Idempotency-Key. A route whose request
 * waits (rq->kept) serves a repeated request like the one that still waits: the repeat gets the
 * answer when it is there. */
bool conditional_takes_key(const struct route *route);

/*
 * The GET route of the same path, if it answers with an ETag: If-Match is compared with that ETag.
 * NULL: there is no such route, or `route` only reads.
 */
const struct route *conditional_reader(const struct route *route);

/*
 * Calls the route's handler in one transaction with the checks of its headers, or repeats the
 * answer of an earlier request with the same Idempotency-Key. PROBLEM_PRECONDITION_FAILED,
 * PROBLEM_IDEMPOTENCY_CONFLICT.
 */
int conditional_handle(struct request *rq, struct problem *why);

/* Whether the client's copy of the answer is still current. */
bool conditional_is_unchanged(const struct request *rq);

#endif
