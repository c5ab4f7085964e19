/* Input: turns path, query string and body into the structs that the route's tables describe. */
#ifndef CGI_INPUT_H
#define CGI_INPUT_H

#include "base/problem.h"

struct request;

#define BODY_MAX (256 * 1024) /* bytes */

/* Fills in params, query, body, given and page; every wrong field makes one PROBLEM_INVALID. */
int input_decode(struct request *rq, struct problem *why);

/* A Link header's value that leads to the page behind rq->page, or NULL at the end. */
const char *input_next_link(const struct request *rq);

#endif
