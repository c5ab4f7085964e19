/* The application: takes one request from beginning to end, whoever hands it over. */
#ifndef CGI_APP_H
#define CGI_APP_H

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
};

/* Answers the request. Never fails: what goes wrong is the answer. */
void app_serve(struct app *app, const struct gateway *gateway);

/* Opens the store unless it is open. */
int app_store(struct app *app, struct problem *why);

/* The store failed: the next who needs it opens it anew. */
void app_lost_store(struct app *app);

void app_free(struct app *app);

#endif
