/* The reading of a model's reply: what of it is posted, and which sources it cites. */
#ifndef TWIN_REPLY_H
#define TWIN_REPLY_H

#include "base/problem.h"
#include "provider/llm.h"
#include "realm/answers.h"

struct store;

#define REPLY_TOKENS 1000 /* most of a reply: ANSWER_MAX letters of a script of large letters */

/*
 * Reads the reply to a prompt that was made of the answer's sources, and sets the answer's text and
 * cites. Returns 1; 0 when it cannot be posted, and the reason, a constant; or -1.
 */
int reply_read(struct arena *arena, struct store *store, const struct llm_answer *reply,
	       struct answer *answer, const char **reason_r, struct problem *why);

#endif
