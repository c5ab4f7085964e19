/*
 * What a model is asked for an answer.
 *
 * It gets what the twin is, what was said in the thread, and the sources as numbered quotes. All of
 * it is open to all who will read the answer (realm/sources.h), and may leave this machine, if the
 * model is on another one. Nothing else is in it: no time, no strength of a relationship, no
 * number of what was left out. So for a reader the request is the same whether hidden things exist
 * or not.
 */
#ifndef TWIN_PROMPT_H
#define TWIN_PROMPT_H

#include <stddef.h>

#include "base/problem.h"
#include "provider/llm.h"
#include "realm/answers.h"
#include "realm/thread.h"

#define PROMPT_BYTES 24000    /* of the quoted texts */
#define PROMPT_BYTES_CUT 3000 /* for a model that can read no more */

struct prompt {
	struct llm_message messages[THREAD_MAX + 1];
	size_t count;
	const char *model; /* that the twin's owner wishes, or NULL */
};

/*
 * Makes the prompt of an answer that is prepared, in the arena: 1, 0 when the question itself may
 * not go to the model or is gone, or -1. Of the answer's sources and of its thread those remain
 * that are in the prompt; the numbers of the sources count from 1.
 */
int prompt_make(struct arena *arena, struct store *store, enum leaving leaving, size_t most_bytes,
		struct answer *answer, struct prompt *prompt_r, struct problem *why);

#endif
