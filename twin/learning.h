/*
 * Learning: while no turn waits, a process of aeon-twin has a language model read what owners of
 * twins have written (realm/lessons.h), one lesson at a time.
 *
 * A model that fails gets pauses that grow to an hour, so nothing spins. A process that is killed
 * leaves its lesson to the end of its lease.
 */
#ifndef TWIN_LEARNING_H
#define TWIN_LEARNING_H

#include <stdbool.h>

#include "base/problem.h"

struct learning;
struct llm;
struct settings;
struct store;

/* All of them live longer than it; the settings may change. llm NULL: nothing is learned. `ended`
 * is called after a lesson. */
struct learning *learning_new(struct store *store, const struct settings *settings, struct llm *llm,
			      void (*ended)(void *context), void *context);

/* Gives up the lesson in work. */
void learning_free(struct learning **learning);

/* Begins the next lesson, unless one is in work, none is due, there is a pause, or twin_learning is
 * no. */
int learning_run(struct learning *learning, struct problem *why);

#endif
