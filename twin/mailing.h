/*
 * Sends the mails that wait (realm/mails.h) to the server of the settings, one after the other.
 *
 * A refusal for good (5xx) ends a mail; any other failure lets it wait for a later attempt. A login
 * at the server that fails is no fault of the mail, so it waits, too.
 */
#ifndef TWIN_MAILING_H
#define TWIN_MAILING_H

#include "base/problem.h"

struct http;
struct mailing;
struct settings;
struct store;

/*
 * NULL with PROBLEM_NONE when the settings name no server; NULL with PROBLEM_CONFIG when they are
 * wrong. `settings` are left alone. `ended(context)` is called when a mail has ended.
 */
struct mailing *mailing_new(struct http *http, struct store *store, const struct settings *settings,
			    int number, void (*ended)(void *context), void *context,
			    struct problem *why);

void mailing_free(struct mailing **mailing);

/* Begins to send the next mail that is due, unless one is in work. */
int mailing_look(struct mailing *mailing, struct problem *why);

#endif
