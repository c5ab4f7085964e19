/* The mail server of the settings: what a mail to it looks like, and what its answer means. */
#ifndef PROVIDER_MAIL_SERVER_H
#define PROVIDER_MAIL_SERVER_H

#include "base/clock.h"
#include "provider/http.h"
#include "realm/mails.h"

#define MAIL_SERVER_TOTAL_US (60 * CLOCK_SECOND) /* for one mail */

struct settings;

/*
 * Checks smtp_url, smtp_user, mail_from and site_url. PROBLEM_CONFIG says what is wrong.
 */
int mail_server_check(const struct settings *settings, struct problem *why);

/* A command that asks the server for nothing; with `to` and a body it becomes a mail. */
struct http_request mail_server_request(const struct settings *settings);

enum mail_outcome mail_server_outcome(const struct http_answer *answer);

#endif
