/* The answer's way out: header and body, in one form for all routes. */
#ifndef CGI_RESPOND_H
#define CGI_RESPOND_H

struct problem;
struct request;

/* Replaces what stands in rq->out by the problem, as api clients know it. */
void respond_problem(struct request *rq, const struct problem *why);

/* Writes the whole answer to the gateway. */
void respond(struct request *rq, const struct problem *why);

#endif
