/* The event loop of aeon-ws: sockets, threads, time and signals, for the bridge to live in. */
#ifndef WS_BRIDGE_IO_LOOP_H
#define WS_BRIDGE_IO_LOOP_H

#include "base/problem.h"

struct settings;

/* As the bridge of that number, listens on "unix:/PATH" or "ADDRESS:PORT" until told to stop.
 * Returns 0, or -1 when it cannot. */
int loop_run(const struct settings *settings, int instance, const char *listen,
	     struct problem *why);

#endif
