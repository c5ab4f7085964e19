/* Input: decodes path, query string and body into the structs that the route's tables describe. */
#ifndef CGI_INPUT_H
#define CGI_INPUT_H

#include "base/problem.h"

struct request;

#define BODY_MAX (256 * 1024) /* bytes */

/* Sets params, query, body, given and page. One PROBLEM_INVALID names all wrong fields. */
int input_decode(struct request *rq, struct problem *why);

/* The value of a Link header to the page after rq->page, or NULL after the last page. */
const char *input_next_link(const struct request *rq);

#endif
