/*
 * The master: binds the socket, keeps its workers alive, and serves nothing itself.
 *
 * The socket may be connected to by whoever can reach it (mode 0666): the folder it is in decides
 * about that, and a request has to bring its own token anyway.
 */
#ifndef CGI_MASTER_H
#define CGI_MASTER_H

#include "base/problem.h"

struct settings;

#define MASTER_ROLE "master" /* in inherit.h: the socket, then the workers' process ids */
#define WORKERS_MAX 64

struct pool {
	const char *path; /* of the socket */
	const char *name; /* for the log */
	int workers;
	const char *config; /* the file that the settings came from, or NULL */
};

/*
 * Runs until SIGTERM or SIGINT, and returns an exit code for the process, which may be a worker by
 * then. PROBLEM_CONFIG when the socket cannot be had. On SIGHUP all processes go on in the
 * program's file of that moment, with settings read anew, and without closing a connection.
 */
int master_run(const struct settings *settings, const struct pool *pool, struct problem *why);

#endif
