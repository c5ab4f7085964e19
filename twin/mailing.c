/* Sending mails: see mailing.h. */
#include "twin/mailing.h"

#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "base/buf.h"
#include "base/clock.h"
#include "base/log.h"
#include "base/memory.h"
#include "provider/http.h"
#include "provider/mail_server.h"
#include "realm/digest.h"
#include "realm/epoch.h"
#include "realm/mail_text.h"
#include "realm/mails.h"
#include "realm/metrics.h"
#include "realm/settings.h"
#include "store/store.h"

#define LEASE_US (MAIL_SERVER_TOTAL_US + 60 * CLOCK_SECOND)

struct mailing {
	struct http *http;
	struct store *store;
	const struct settings *settings;
	int number;
	void (*ended)(void *context);
	void *context;
	struct arena *arena; /* of the mail in work */
	struct mail mail;
	struct http_call *call;    /* NULL: no mail is in work */
	enum failure_code failing; /* of the last mail; logged once */
};

struct mailing *mailing_new(struct http *http, struct store *store, const struct settings *settings,
			    int number, void (*ended)(void *context), void *context,
			    struct problem *why)
{
	if (!settings->smtp_url[0] || mail_server_check(settings, why) < 0 ||
	    mails_release(store, number, why) < 0)
		return NULL;
	struct mailing *mailing = xcalloc(1, sizeof(*mailing));
	mailing->http = http;
	mailing->store = store;
	mailing->settings = settings;
	mailing->number = number;
	mailing->ended = ended;
	mailing->context = context;
	mailing->arena = arena_new();
	return mailing;
}

void mailing_free(struct mailing **mailing)
{
	struct mailing *old = *mailing;
	struct problem why = {0};
	*mailing = NULL;
	if (!old)
		return;
	http_cancel(&old->call);
	mails_release(old->store, old->number, &why);
	arena_free(&old->arena);
	free(old);
}

static void note_failure(struct mailing *mailing, const struct failure *failure)
{
	if (failure->code != FAILURE_NONE && failure->code != mailing->failing)
		log_warn("mail_failed", LOG_TEXT("reason", failure_info(failure->code)->name),
			 LOG_TEXT("detail", failure->detail));
	mailing->failing = failure->code;
}

/* What the server says of the realm's own login, and not of the mail (RFC 4954, 6). */
static bool is_about_login(int status)
{
	return status == 530 || status == 534 || status == 535 || status == 538;
}

static enum mail_outcome outcome_of(const struct http_answer *answer)
{
	if (answer->failure.code == FAILURE_NONE)
		return MAIL_SENT;
	bool is_final = answer->status >= 500 && answer->status <= 599 &&
			answer->failure.code != FAILURE_UNAUTHORIZED &&
			!is_about_login(answer->status);
	return is_final ? MAIL_REFUSED : MAIL_FAILED;
}

static void mail_answered(void *context, const struct http_answer *answer)
{
	struct mailing *mailing = context;
	struct problem why = {0};
	enum mail_outcome outcome = outcome_of(answer);
	mailing->call = NULL;
	note_failure(mailing, &answer->failure);
	store_work_begin(mailing->store);
	if (mail_end(mailing->store, &mailing->mail, outcome,
		     outcome == MAIL_SENT ? NULL : answer->failure.detail, &why) < 0)
		log_problem(LOG_LEVEL_WARN, "mail_lost",
			    &why); /* it is sent again after the lease */
	store_work_end(mailing->store);
	metrics_count(outcome == MAIL_SENT ? METRIC_MAILS_SENT : METRIC_MAILS_FAILED);
	arena_reset(mailing->arena);
	mailing->ended(mailing->context);
}

static enum failure_code mail_received(void *context, const struct http_answer *so_far,
				       const char *bytes, size_t count)
{
	(void)context, (void)so_far, (void)bytes, (void)count;
	return FAILURE_NONE;
}

static const struct http_ports mail_ports = {.receive = mail_received, .done = mail_answered};

static int send_mail(struct mailing *mailing, struct problem *why)
{
	const struct settings *settings = mailing->settings;
	struct mail_origin origin = {.from = settings->mail_from, .site = settings->site_url};
	struct buf *text = buf_in(mailing->arena);
	if (!mail_is_address(mailing->mail.recipient))
		return mail_end(mailing->store, &mailing->mail, MAIL_REFUSED,
				"The address cannot be written in a mail", why);
	TRY(realm_epoch(mailing->arena, mailing->store, &origin.epoch, why));
	mail_compose(&mailing->mail, &origin, text);
	struct http_request request = mail_server_request(settings);
	request.to = mailing->mail.recipient;
	request.body = text->data;
	request.body_bytes = text->len;
	mailing->call = http_start(mailing->http, &request, &mail_ports, mailing);
	return 0;
}

int mailing_look(struct mailing *mailing, struct problem *why)
{
	if (mailing->call)
		return 0;
	store_work_begin(mailing->store);
	int claimed = digest_queue_some(mailing->arena, mailing->store, why);
	if (claimed >= 0)
		claimed = mail_claim(mailing->arena, mailing->store, mailing->number, LEASE_US,
				     &mailing->mail, why);
	int result = claimed > 0 ? send_mail(mailing, why) : claimed;
	store_work_end(mailing->store);
	if (!mailing->call)
		arena_reset(mailing->arena);
	return result;
}
