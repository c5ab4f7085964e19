/* The application: answers one request, which CGI or FastCGI brought. */
#ifndef CGI_APP_H
#define CGI_APP_H

#include <stdbool.h>
#include <stdint.h>

#include "base/buf.h"
#include "base/problem.h"
#include "realm/live_settings.h"

struct arena;
struct budgets;
struct gateway;
struct store;

/* The state that a process keeps between requests. It starts as zeros, except for the settings. */
struct app {
	const struct settings *settings; /* of aeon.conf; from the first app_store() on, live.now */
	struct live_settings live;
	bool fast;           /* hands requests that hash a password on to another pool */
	bool is_cgi;         /* the process has one request */
	struct store *store; /* opened when first needed, and again after it failed */
	struct budgets *budgets;
	struct arena *arena;
	struct buf head, out;
	int64_t pos;     /* the last position of the event log that app_changed() has seen */
	int64_t user_id; /* of the last request; 0: without a user */
	int64_t kept;    /* by a request that waits: the caller sets it to what the request's last
			    service left here, or to 0 for a new request */
};

#define APP_CANNOT_WAIT INT64_MAX

/*
 * Answers the request. It cannot fail: a problem becomes the answer. `waited` is the time that the
 * request has waited already, in microseconds (0: it is new), or APP_CANNOT_WAIT. Returns 0 after
 * answering, or the time that the request may still wait, without an answer: the caller then serves
 * the whole request again when app_changed() is true, or when that time has passed. A request with
 * APP_CANNOT_WAIT is always answered.
 */
int64_t app_serve(struct app *app, const struct gateway *gateway, int64_t waited);

/* Whether the event log may have grown since the last call, so that waiting requests get answers.
 */
bool app_changed(struct app *app);

/* Opens the store unless it is open, and brings the settings up to date. */
int app_store(struct app *app, struct problem *why);

/* Closes a store that failed: app_store() opens it again. */
void app_close_store(struct app *app);

void app_free(struct app *app);

#endif
