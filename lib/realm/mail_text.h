/* A mail as it goes to the server: headers and a text in UTF-8 (RFC 5322, 2045). */
#ifndef REALM_MAIL_TEXT_H
#define REALM_MAIL_TEXT_H

#include "base/buf.h"
#include "realm/mails.h"

struct mail_origin {
	const char *from;  /* the address of the realm */
	const char *site;  /* its URL */
	const char *epoch; /* makes the Message-ID unique among realms */
};

/* What ends digests: a page, and for programs of mail a route that takes a POST (RFC 8058). */
#define MAIL_UNSUBSCRIBE_PAGE "/unsubscribe"
#define MAIL_UNSUBSCRIBE_PATH "/api/v1/users/mail/unsubscribe"

/* Writes the mail. Its addresses must be able to stand in a header: mail_is_address() says so. */
void mail_compose(const struct mail *mail, const struct mail_origin *origin, struct buf *out);

#endif
