/* The mail server: see mail_server.h. */
#include "provider/mail_server.h"

#include <string.h>

#include "realm/settings.h"

#define ADDRESS_BYTES 254 /* RFC 5321, 4.5.3.1.3 */

bool mail_is_address(const char *text)
{
	const char *at = strchr(text, '@');
	if (!at || at == text || !at[1] || strchr(at + 1, '@') || strlen(text) > ADDRESS_BYTES)
		return false;
	for (const char *byte = text; *byte; byte++)
		if ((unsigned char)*byte <= ' ' || *byte == 0x7f || strchr("<>()[]\\,;:\"", *byte))
			return false;
	return true;
}

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
