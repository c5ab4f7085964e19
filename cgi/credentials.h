/*
 * The user of a request: by a token in the header Authorization, or by the cookie of a browser.
 *
 * A browser sends the cookie with every request to the realm, whichever page makes it. So a request
 * that changes something counts only from a page of the realm itself: its header Origin says so, or
 * Sec-Fetch-Site where there is no Origin.
 */
#ifndef CGI_CREDENTIALS_H
#define CGI_CREDENTIALS_H

#include <stdint.h>

#include "base/problem.h"

struct request;

/*
 * Finds the session of the request. PROBLEM_UNAUTHENTICATED without a token and a cookie,
 * PROBLEM_TOKEN_INVALID with a wrong one, PROBLEM_TWO_CREDENTIALS with both,
 * PROBLEM_ORIGIN_REFUSED when a page of another origin sends the cookie. A wrong cookie is removed.
 */
int request_authenticate(struct request *rq, struct problem *why);

/* PROBLEM_ORIGIN_REFUSED when the request does not come from a page of the realm itself. */
int request_check_origin(const struct request *rq, struct problem *why);

/* The answer sets the cookie. */
void request_keep_token(struct request *rq, const char *token, int64_t lifetime_s);

/* The session has ended: the answer removes the cookie that the request has shown, if any. */
void request_forget_token(struct request *rq);

#endif
