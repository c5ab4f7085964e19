/*
 * A worker: serves many FastCGI connections from one epoll loop.
 *
 * With the usual loop around FCGX_Accept_r(), a connection that the web server keeps open would
 * occupy the whole worker. Here all connections wait in epoll, and the library reads only from one
 * that is readable. A worker serves one request at a time, since handlers are short and there are
 * several workers.
 */
#ifndef CGI_WORKER_H
#define CGI_WORKER_H

#include <stdbool.h>

struct settings;

/* For inherit.h: the three numbers of worker_run(), then the connections. */
#define WORKER_ROLE "worker"

/*
 * Serves until SIGTERM or SIGINT, then answers the requests that have arrived and returns an exit
 * code. On SIGHUP it executes the program's current file and keeps all connections. `listener` must
 * be non-blocking, and the three signals blocked. The worker reports what it does in the slot
 * `index` of watch.h, behind watch_fd. `fast` is as in struct app.
 */
int worker_run(const struct settings *settings, bool fast, int listener, int watch_fd, int index);

/* The same in a process that was executed as WORKER_ROLE. */
int worker_inherit(const struct settings *settings, bool fast);

#endif
