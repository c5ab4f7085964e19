/* Where a program enters the realm: its database, opened, and the bridges told of every commit. */
#ifndef REALM_REALM_H
#define REALM_REALM_H

#include <sys/un.h>

#include "base/problem.h"
#include "store/store.h"

struct settings;

/* Opens the database that the settings name. Call after fork, once per thread. */
int realm_open(const struct settings *settings, enum store_mode mode, struct store **store_r,
	       struct problem *why);

/* The address NAME-BRIDGE.sock in run_dir: a bridge listens on "wakeup" for wakeups, on "peer" for
 * what others tell it. Bridges count from 1. */
void realm_socket_path(const struct settings *settings, const char *name, int bridge,
		       struct sockaddr_un *address);

/* Before realm_open() in a bridge, which notices its own commits by itself. */
void realm_is_bridge(int bridge);

/* Whether that bridge listens at this moment; and which of all do, K's bit being 1 << K. */
bool realm_bridge_alive(const struct settings *settings, int bridge);
uint32_t realm_bridges_alive(const struct settings *settings);

#endif
