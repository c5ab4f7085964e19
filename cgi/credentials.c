/* The user of a request: see credentials.h. */
#include "cgi/credentials.h"

#include <string.h>
#include <strings.h>

#include "base/origin.h"
#include "cgi/request.h"
#include "realm/settings.h"
#include "realm/totp.h"

/* Every write checks the login again: it may have ended, or its user may have been erased. */
static int check_session(struct store *store, void *context, struct problem *why)
{
	const struct request *rq = context;
	int valid = session_valid(store, rq->session.id, why);
	return valid == 0 ? problem_set(why, PROBLEM_TOKEN_INVALID) : valid;
}

/* The token of the header Authorization, or NULL. */
static const char *bearer_token(const struct request *rq)
{
	static const char scheme[] = "Bearer ";
	const char *header = gateway_get(rq->gateway, "HTTP_AUTHORIZATION");
	if (!header) /* Apache renames a variable when it rewrites the URL */
		header = gateway_get(rq->gateway, "REDIRECT_HTTP_AUTHORIZATION");
	if (!header || strncasecmp(header, scheme, sizeof(scheme) - 1) != 0)
		return NULL;
	const char *token = header + sizeof(scheme) - 1;
	return token + strspn(token, " ");
}

/* Whether the web server, or a proxy before it, says that the request came by TLS. A client that
 * says so without TLS only loses the cookie without a prefix. */
static bool server_has_tls(const struct request *rq)
{
	const char *https = gateway_get(rq->gateway, "HTTPS");
	const char *forwarded = gateway_get(rq->gateway, "HTTP_X_FORWARDED_PROTO");
	return (https && strcasecmp(https, "off") != 0) ||
	       (forwarded && strcasecmp(forwarded, "https") == 0);
}

static bool request_is_tls(const struct request *rq)
{
	const char *origin = gateway_get(rq->gateway, "HTTP_ORIGIN");
	return server_has_tls(rq) || (origin && origin_is_tls(origin));
}

static bool is_own_page(const struct request *rq)
{
	const char *origin = gateway_get(rq->gateway, "HTTP_ORIGIN");
	const char *host = gateway_get(rq->gateway, "HTTP_HOST");
	const char *site = gateway_get(rq->gateway, "HTTP_SEC_FETCH_SITE");
	if (!origin)
		return site && strcmp(site, "same-origin") == 0;
	return origin_allowed(rq->app->settings->origins, origin, host ? host : "") &&
	       (origin_is_tls(origin) || !server_has_tls(rq));
}

int request_check_origin(const struct request *rq, struct problem *why)
{
	return is_own_page(rq) ? 0 : problem_set(why, PROBLEM_ORIGIN_REFUSED);
}

void request_keep_token(struct request *rq, const char *token, int64_t lifetime_s)
{
	const struct session_cookie cookie = {.token = token, .is_tls = request_is_tls(rq)};
	rq->set_cookie = session_cookie_text(rq->arena, &cookie, lifetime_s);
}

void request_forget_token(struct request *rq)
{
	const struct session_cookie none = {.is_tls = rq->cookie.is_tls};
	if (rq->cookie.token)
		rq->set_cookie = session_cookie_text(rq->arena, &none, 0);
}

/* The token, from wherever it comes. */
static int request_token(struct request *rq, const char **token_r, struct problem *why)
{
	const char *bearer = bearer_token(rq);
	TRY(session_cookie_find(rq->arena, gateway_get(rq->gateway, "HTTP_COOKIE"),
				request_is_tls(rq), &rq->cookie, why));
	if (bearer && rq->cookie.token)
		return problem_set(why, PROBLEM_TWO_CREDENTIALS);
	*token_r = bearer ? bearer : rq->cookie.token;
	if (!*token_r)
		return problem_set(why, PROBLEM_UNAUTHENTICATED);
	bool reads = strcmp(rq->method, "GET") == 0 || strcmp(rq->method, "HEAD") == 0;
	return bearer || reads ? 0 : request_check_origin(rq, why);
}

int request_authenticate(struct request *rq, struct problem *why)
{
	const char *token = NULL;
	TRY(request_token(rq, &token, why));
	TRY(request_store(rq, why));
	if (session_find(rq->arena, rq->store, token, &rq->session, why) < 0) {
		if (why->code == PROBLEM_TOKEN_INVALID)
			request_forget_token(rq);
		return -1;
	}
	rq->session.caller = &rq->caller;
	if (rq->app->settings->totp_required_for_admins && is_administrator(&rq->session)) {
		int active = totp_active(rq->store, rq->session.user_id, why);
		TRY(active);
		if (!active)
			rq->session.role = "user";
	}
	store_on_write(rq->store, check_session, rq);
	return 0;
}
