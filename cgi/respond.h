/* The answer's way out: header and body, in one form for all routes. */
#ifndef CGI_RESPOND_H
#define CGI_RESPOND_H

struct problem;
struct request;

/* Replaces what stands in rq->out by the problem, as api clients know it. */
void respond_problem(struct request *rq, const struct problem *why);

/* Writes what there is so far of an answer that is too large to be kept, and forgets it. */
void respond_part(struct request *rq);

/* Writes the whole answer to the gateway, or the rest of it. */
void respond(struct request *rq, const struct problem *why);

#endif
