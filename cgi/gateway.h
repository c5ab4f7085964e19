/*
 * The gateway: how a web server hands over one request, be it by CGI or by FastCGI.
 *
 * Both give variables and two streams of bytes, and that is all that the rest of the program
 * knows of them. Plain CGI is here; FastCGI is in worker.c.
 */
#ifndef CGI_GATEWAY_H
#define CGI_GATEWAY_H

#include <stddef.h>

struct gateway {
	char **variables; /* NAME=value, with a NULL at the end */
	void *stream;     /* for the two functions */

	/* Up to `most` bytes of the body: how many there were; fewer only at its end. */
	size_t (*read)(void *stream, char *to, size_t most);

	/* A client that is gone is not an error that anybody could act on. */
	void (*write)(void *stream, const char *bytes, size_t count);
};

/* A variable's value, or NULL when it is not there or empty. */
const char *gateway_get(const struct gateway *gateway, const char *name);

/* This process as a CGI program: environment, standard input and output. */
struct gateway gateway_cgi(void);

#endif
