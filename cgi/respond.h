/* Writes answers: headers and body, in one form for all routes. */
#ifndef CGI_RESPOND_H
#define CGI_RESPOND_H

#include <stdbool.h>

struct problem;
struct request;

/* Replaces the contents of rq->out by the problem as JSON. */
void respond_problem(struct request *rq, const struct problem *why);

/* Sends the contents of rq->out and empties it, for an answer that is too large for memory. */
void respond_part(struct request *rq);

/* Whether the problem means that nginx passes this request to the pool that hashes passwords. */
bool respond_hands_on(const struct request *rq, const struct problem *why);

/* Sends the whole answer, or the rest after respond_part(). */
void respond(struct request *rq, const struct problem *why);

#endif
