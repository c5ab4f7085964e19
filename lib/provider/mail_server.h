/* The mail server of the settings, and what it takes. */
#ifndef PROVIDER_MAIL_SERVER_H
#define PROVIDER_MAIL_SERVER_H

#include <stdbool.h>

#include "base/clock.h"
#include "provider/http.h"

#define MAIL_SERVER_TOTAL_US (60 * CLOCK_SECOND) /* for one mail */

struct settings;

/*
 * Checks smtp_url, smtp_user, mail_from and site_url. PROBLEM_CONFIG says what is wrong.
 */
int mail_server_check(const struct settings *settings, struct problem *why);

/* Whether an address is safe in a header and in an SMTP command: users register what they like. */
bool mail_is_address(const char *text);

/* A command that asks the server for nothing; with `to` and a body it becomes a mail. */
struct http_request mail_server_request(const struct settings *settings);

#endif
