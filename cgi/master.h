/*
 * The master: binds the socket and restarts workers that end. It serves no requests itself.
 *
 * The socket is for its user and group (mode 0660): a web server of another user joins that group.
 */
#ifndef CGI_MASTER_H
#define CGI_MASTER_H

#include "base/problem.h"
#include "cgi/watch.h"
#include "realm/settings.h"

#define MASTER_ROLE "master" /* for inherit.h: the socket, then the workers' process ids */
#define POOL_FAST "fast"     /* hands requests that hash a password on to another pool */

struct pool {
	const char *path;   /* of the socket */
	const char *name;   /* for the log; POOL_FAST is also a role */
	int workers;        /* 0: as many as the setting says */
	const char *config; /* the file that was given for the settings, or NULL */
};

/*
 * Runs until SIGTERM or SIGINT. Returns an exit code, in the master or in a forked worker.
 * PROBLEM_CONFIG when it cannot listen on the socket. On SIGHUP all processes execute the program's
 * current file and read the settings again, without closing a connection.
 */
int master_run(const struct settings *settings, const struct pool *pool, struct problem *why);

#endif
