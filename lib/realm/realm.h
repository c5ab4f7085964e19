/*
 * The way of a program into the realm: it opens the database, and wakes the bridges after each
 * commit.
 */
#ifndef REALM_REALM_H
#define REALM_REALM_H

#include <sys/un.h>

#include "base/problem.h"
#include "store/store.h"

struct settings;

/* Opens the database that the settings name. Call after fork, once per thread. */
int realm_open(const struct settings *settings, enum store_mode mode, struct store **store_r,
	       struct problem *why);

/*
 * The address NAME-BRIDGE.sock in run_dir: a bridge receives wakeups on "wakeup", and reports of
 * other bridges on "peer". Bridges count from 1.
 */
void realm_socket_path(const struct settings *settings, const char *name, int bridge,
		       struct sockaddr_un *address);

/* A bridge calls this before realm_open(), because it notices its own commits. */
void realm_is_bridge(int bridge);

/* Whether that bridge listens now; and all that do, bridge K as bit 1 << K. */
bool realm_bridge_alive(const struct settings *settings, int bridge);
uint32_t realm_bridges_alive(const struct settings *settings);

#endif
