/*
 * The way of a program into the realm: it opens the database, and wakes the bridges after each
 * commit, and aeon-twin when a turn waits.
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
 * and REALM_STEP_BUDGETS times as much for each step of maintenance (maintenance.c). A
 * step has several rows to remove, and one that never ends would come again. All else has no
 * budget: aeonctl, migrations, backups, checkpoints.
 */
#define REALM_STEP_BUDGETS 10

/* Opens the database that the settings name, with the budget of a request. Call after fork, once
 * per thread. */
int realm_open(const struct settings *settings, enum store_mode mode, struct store **store_r,
	       struct problem *why);

/*
 * The datagram socket NAME-NUMBER.sock in run_dir; processes of one kind count from 1. A bridge
 * receives wakeups on REALM_BRIDGE, and reports of other processes on REALM_PEER. A process of
 * aeon-twin receives wakeups on REALM_TWIN.
 */
#define REALM_BRIDGE "wakeup"
#define REALM_PEER "peer"
#define REALM_TWIN "twin"
void realm_socket_path(const struct settings *settings, const char *name, int number,
		       struct sockaddr_un *address);

/*
 * Creates the socket, which is not blocking, in place of one whose owner died. PROBLEM_STORE_BUSY
 * when its owner lives, PROBLEM_INTERNAL. realm_unlisten() removes it.
 */
int realm_listen(const struct settings *settings, const char *name, int number, int *fd_r,
		 struct problem *why);
void realm_unlisten(const struct settings *settings, const char *name, int number, int fd);

/* Whether a process listens there; and all that do of 1 to `count`, process K as bit 1 << K. */
bool realm_listens(const struct settings *settings, const char *name, int number);
uint32_t realm_listeners(const struct settings *settings, const char *name, int64_t count);

/*
 * Wakes the processes of aeon-twin, because a turn is queued. For store_tell(): they learn of it
 * after the commit.
 */
void realm_wake_twins(const char *unused);

/* A bridge calls this before realm_open(), because it notices its own commits. */
void realm_is_bridge(int bridge);

#endif
