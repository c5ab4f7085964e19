/*
 * Requests over HTTP in a loop of libuv, by libcurl: each with its deadlines and bounds.
 *
 * A request is sent once; retries are of provider.h. Only http and https, and for mails smtp and
 * smtps; no redirect is followed, certificates are verified, and a host on this machine is reached
 * without a proxy. The program must ignore SIGPIPE, because OpenSSL writes to sockets that the
 * other side has closed.
 */
#ifndef PROVIDER_HTTP_H
#define PROVIDER_HTTP_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/problem.h"
#include "provider/failure.h"

struct uv_loop_s;
struct http;
struct http_call;

/* `loop` NULL: a loop of its own, for http_run(). */
struct http *http_new(struct uv_loop_s *loop);

/* No call is left. A loop of the caller must run another turn afterwards, to close the handles. */
void http_free(struct http **http);

struct uv_loop_s *http_loop(struct http *http);

/* Runs the loop until `done(context)` is true. */
void http_run(struct http *http, bool (*done)(void *context), void *context);

/*
 * Checks a base URL: http or https, a host, no user name, query or fragment. PROBLEM_CONFIG says
 * what is wrong.
 */
int http_check_url(const char *url, struct problem *why);

/* Whether the URL's host is this machine. `host` gets the name and port, to be shown. */
bool http_is_local(const char *url, char *host, size_t size);

struct http_request {
	const char *method; /* all texts are left alone until done() */
	const char *url;
	const char *user; /* of Basic authentication, with the key as password; "": none */
	const char *key;  /* without a user: a bearer token; "": none. Both are printable ASCII */
	const char *body; /* JSON, or a mail */
	const char *from; /* NULL: HTTP. Else the request is to a mail server: a mail from this
			     address, or without `to` the command `method` */
	const char *to;
	size_t body_bytes;
	int64_t first_byte_us; /* until the first byte of the answer's body */
	int64_t stall_us;      /* between two receptions of bytes */
	int64_t end_at;        /* of the whole, as clock_monotonic() counts */
	size_t most_bytes;     /* of the answer's body */
};

struct http_answer {
	struct failure failure;   /* FAILURE_NONE: the answer is complete, and has any status */
	int status;               /* 0: no answer came */
	const char *content_type; /* "": none was sent */
	bool was_sent;            /* the request may have been read by the provider */
};

struct http_ports {
	/* A part of the body. A code other than FAILURE_NONE ends the call with that failure. */
	enum failure_code (*receive)(void *context, const struct http_answer *so_far,
				     const char *bytes, size_t count);
	/* The last call for this request, not within http_start(). */
	void (*done)(void *context, const struct http_answer *answer);
};

struct http_call *http_start(struct http *http, const struct http_request *request,
			     const struct http_ports *ports, void *context);

/* What the caller needs has come: done() follows within this time, even if bytes still come. */
void http_expect_end(struct http_call *call, int64_t us);

/* Ends a call without done(). Also within its receive(), which returns any code then. */
void http_cancel(struct http_call **call);

#endif
