/*
 * A worker: serves FastCGI connections, kept ones too, from one epoll loop.
 *
 * The usual loop around FCGX_Accept_r() would serve one kept connection and nobody else for as
 * long as the web server keeps it. Here every connection waits in epoll, and the library is asked
 * only about one that has something to say. One request at a time: workers are many, handlers
 * short.
 */
#ifndef CGI_WORKER_H
#define CGI_WORKER_H

struct settings;

#define WORKER_ROLE "worker" /* in inherit.h: the listening socket, then the connections */

/*
 * Serves until SIGTERM or SIGINT; then what has arrived, and returns an exit code. On SIGHUP it
 * goes on in the program's file of that moment, with all connections. The listener does not block;
 * the three signals do; connections that were inherited are taken over.
 */
int worker_run(const struct settings *settings, int listener);

#endif
