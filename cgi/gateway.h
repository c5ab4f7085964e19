/*
 * The gateway: one request as the web server sends it, by CGI or by FastCGI.
 *
 * Both provide variables and two byte streams, and the rest of the program knows only these. Plain
 * CGI is implemented here; FastCGI is in worker.c.
 */
#ifndef CGI_GATEWAY_H
#define CGI_GATEWAY_H

#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>

struct gateway {
	char **variables; /* NAME=value; ends with NULL */
	void *stream;     /* the first argument of read and write */

	/* Reads `most` bytes of the body, or fewer at its end. Returns how many, or -1 when the
	   body does not arrive in time. */
	ssize_t (*read)(void *stream, char *to, size_t most);

	/* Reports no error: nothing can be done about a client that has disconnected. */
	void (*write)(void *stream, const char *bytes, size_t count);
};

/* A variable's value, or NULL when it is absent or empty. */
const char *gateway_get(const struct gateway *gateway, const char *name);

/*
 * Whether the request has a body without a length. Apache passes a chunked body so; lighttpd and
 * nginx receive all of it first, and then know its length.
 */
bool gateway_hides_length(const struct gateway *gateway);

/* This process as a CGI program: environment, standard input and output. */
struct gateway gateway_cgi(void);

#endif
