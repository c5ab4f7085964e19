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

/*
 * All budgets of CPU time (store.h). They are the setting request_ms
 *
 *	for each request (cgi/app.c), of which a long answer has one for each page (export.c);
 *	for each job of a bridge (ws-bridge/core/batch.c);
 *
 * and REALM_STEP_BUDGETS times as much for each step of maintenance (ws-bridge/io/maintenance.c). A
 * step has several rows to remove, and one that never ends would come again. All else has no
 * budget: aeonctl, migrations, backups, checkpoints.
 */
#define REALM_STEP_BUDGETS 10

/* Opens the database that the settings name, with the budget of a request. Call after fork, once
 * per thread. */
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
