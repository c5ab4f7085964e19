/* The mail server: see mail_server.h. */
#include "provider/mail_server.h"

#include <string.h>

#include "realm/mail_text.h"
#include "realm/settings.h"

int mail_server_check(const struct settings *settings, struct problem *why)
{
	if (strncmp(settings->smtp_url, "smtp://", 7) != 0 &&
	    strncmp(settings->smtp_url, "smtps://", 8) != 0)
		return problem_say(why, PROBLEM_CONFIG,
				   "smtp_url must begin with smtp:// or smtps://");
	if (strpbrk(settings->smtp_url, "@?# "))
		return problem_say(why, PROBLEM_CONFIG,
				   "smtp_url must have only a host and a port; the user and the "
				   "password have settings of their own");
	if (!mail_is_address(settings->mail_from))
		return problem_say(why, PROBLEM_CONFIG,
				   "smtp_url needs mail_from, the address of the realm");
	if (!settings->site_url[0])
		return problem_say(why, PROBLEM_CONFIG,
				   "smtp_url needs site_url, which mails name");
	return 0;
}

struct http_request mail_server_request(const struct settings *settings)
{
	return (struct http_request){
		.method = "NOOP",
		.url = settings->smtp_url,
		.user = settings->smtp_user,
		.key = settings->smtp_password,
		.from = settings->mail_from,
		.first_byte_us = MAIL_SERVER_TOTAL_US,
		.stall_us = MAIL_SERVER_TOTAL_US,
		.end_at = clock_monotonic() + MAIL_SERVER_TOTAL_US,
		.most_bytes = 65536,
	};
}

/* What the server says of the realm's own login, and not of the mail (RFC 4954, 6). */
static bool is_about_login(int status)
{
	return status == 530 || status == 534 || status == 535 || status == 538;
}

enum mail_outcome mail_server_outcome(const struct http_answer *answer)
{
	if (answer->failure.code == FAILURE_NONE)
		return MAIL_SENT;
	bool is_final = answer->status >= 500 && answer->status <= 599 &&
			answer->failure.code != FAILURE_UNAUTHORIZED &&
			!is_about_login(answer->status);
	return is_final ? MAIL_REFUSED : MAIL_FAILED;
}
