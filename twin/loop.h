/* The event loop of aeon-twin: it waits for turns and for signals. It is libuv's. */
#ifndef TWIN_LOOP_H
#define TWIN_LOOP_H

#include "base/problem.h"

struct settings;

/* Answers turns as the process `number` (from 1) until SIGTERM or SIGINT. */
int loop_run(const struct settings *settings, int number, struct problem *why);

#endif
