/*
 * The worker: takes due turns, one after the other, and answers them. It knows no event loop and
 * waits for nothing but the database.
 */
#ifndef TWIN_WORKER_H
#define TWIN_WORKER_H

#include <stdint.h>

#include "base/problem.h"

struct settings;
struct worker;

/* Opens the database for the process `number` (from 1), and queues again what its last life left.
 */
int worker_open(const struct settings *settings, int number, struct worker **worker_r,
		struct problem *why);

/* Queues again what is not done, and frees it. */
void worker_close(struct worker **worker);

/* Runs the next turn that is due: 1, or 0 without one, or -1. */
int worker_run(struct worker *worker, struct problem *why);

/* When the next turn will be due (clock_now()), as far as is known now. */
int worker_next_due(struct worker *worker, int64_t *at_r, struct problem *why);

#endif
