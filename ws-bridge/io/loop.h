/* The event loop of aeon-ws: it brings sockets, threads, time and signals to the bridge. */
#ifndef WS_BRIDGE_IO_LOOP_H
#define WS_BRIDGE_IO_LOOP_H

#include "base/problem.h"

struct settings;

/* Listens on "unix:/PATH" or "ADDRESS:PORT", as the bridge of that number, until a signal ends it.
 * Returns 0, or -1 when it cannot start. */
int loop_run(const struct settings *settings, int instance, const char *listen,
	     struct problem *why);

#endif
