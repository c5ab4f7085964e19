/*
 * The worker: takes due turns and has them answered. Several wait for a model at one time, as many
 * as there may be calls to it (the setting model_calls). It waits for nothing itself but the
 * database.
 */
#ifndef TWIN_WORKER_H
#define TWIN_WORKER_H

#include <stdint.h>

#include "base/problem.h"

struct http;
struct providers;
struct settings;
struct worker;

/*
 * Opens the database for the process `number` (from 1), and queues again what its last life left.
 * `ended` is called when a turn that waited for a model has ended, so another one may run.
 */
int worker_open(const struct settings *settings, int number, struct http *http,
		const struct providers *providers, void (*ended)(void *context), void *context,
		struct worker **worker_r, struct problem *why);

/* Queues again what is not done, and frees it. */
void worker_close(struct worker **worker);

/* Runs or begins the next turn that is due: 1, or 0 when there is none or none can be begun, or -1.
 * While there is nothing to answer, twins learn. */
int worker_run(struct worker *worker, struct problem *why);

/* To call at least once a second, and before worker_run(): looks after settings and after the turns
 * that wait for a model. */
int worker_look(struct worker *worker, struct problem *why);

/* When the next turn can be run (clock_now()), as far as is known now. */
int worker_next_due(struct worker *worker, int64_t *at_r, struct problem *why);

#endif
