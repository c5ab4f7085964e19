/* The application: takes one request from beginning to end, whoever hands it over. */
#ifndef CGI_APP_H
#define CGI_APP_H

#include <stdbool.h>
#include <stdint.h>

#include "base/buf.h"
#include "base/problem.h"

struct arena;
struct gateway;
struct settings;
struct store;

/* What a process keeps from one request to the next. Zero but for the settings at the start. */
struct app {
	const struct settings *settings;
	struct store *store; /* opened when first needed, and again after it failed */
	struct arena *arena;
	struct buf head, out;
	int64_t pos; /* of the event log, when it was last looked at */
};

#define APP_CANNOT_WAIT INT64_MAX

/*
 * Answers the request. Never fails: what goes wrong is the answer. `waited` is for how long it has
 * waited already, in microseconds. Returns 0; or for how long it had better wait, without having
 * answered: then it is to be served again, all anew, when app_changed() or when that time is over.
 * A request that APP_CANNOT_WAIT is answered in any case.
 */
int64_t app_serve(struct app *app, const struct gateway *gateway, int64_t waited);

/* Whether something may have happened since the last call that a waiting request waits for. */
bool app_changed(struct app *app);

/* Opens the store unless it is open. */
int app_store(struct app *app, struct problem *why);

/* The store failed: the next who needs it opens it anew. */
void app_lost_store(struct app *app);

void app_free(struct app *app);

#endif
