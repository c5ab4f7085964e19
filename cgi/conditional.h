/*
 * Conditional requests: what headers of a request make its answer depend on.
 *
 * ETag and If-None-Match save sending what the caller has; If-Match makes sure that a change is to
 * what the caller has read (RFC 9110, 8.8 and 13). A tag is a hash of the answer as this caller
 * gets it, so nothing has to count versions. Idempotency-Key makes a request that creates something
 * act once, however often it is sent within a day.
 */
#ifndef CGI_CONDITIONAL_H
#define CGI_CONDITIONAL_H

#include <stdbool.h>

struct problem;
struct request;
struct route;

/* Whether the route creates something, so that it takes an Idempotency-Key. */
bool condition_once(const struct route *route);

/* The GET that shows with a tag what the route changes, so that it takes If-Match; or NULL. */
const struct route *condition_shown_by(const struct route *route);

/*
 * Calls the route's handler, in one transaction with what it depends on, or gives the answer of the
 * first time. PROBLEM_PRECONDITION_FAILED, PROBLEM_IDEMPOTENCY_CONFLICT.
 */
int condition_handle(struct request *rq, struct problem *why);

/* Whether the caller's copy of the answer is still good. */
bool condition_unchanged(const struct request *rq);

#endif
