/* Writes answers: see respond.h. */
#include "cgi/respond.h"

#include <assert.h>
#include <string.h>

#include "base/config.h"
#include "base/json_out.h"
#include "cgi/conditional.h"
#include "cgi/input.h"
#include "cgi/nginx.h"
#include "cgi/request.h"
#include "realm/settings.h"

static const struct property notice_properties[] = {PROPERTY("message", TEXT)};
const struct shape notice_shape = SHAPE("Notice", notice_properties);

int notice(struct request *rq, const char *message)
{
	jw_open(rq->out, '{');
	jw_kv_text(rq->out, "message", message);
	jw_close(rq->out, '}');
	return 0;
}

void respond_problem(struct request *rq, const struct problem *why)
{
	const struct problem_info *info = problem_info(why->code);
	rq->status = info->http_status;
	if (rq->head_sent) { /* a client sees that the cut answer is not valid JSON */
		buf_clear(rq->out);
		return;
	}
	rq->location = rq->etag = NULL;
	rq->wait = 0;
	rq->page.next[0] = '\0';
	buf_clear(rq->out);
	jw_open(rq->out, '{');
	jw_key(rq->out, "detail");
	if (why->errors)
		jw_raw(rq->out, why->errors, strlen(why->errors));
	else
		jw_text(rq->out, why->detail);
	jw_kv_text(rq->out, "code", info->code);
	jw_close(rq->out, '}');
}

static const char *reason_phrase(int status)
{
	static const struct {
		int status;
		const char *reason;
	} reasons[] = {
		{200, "OK"},
		{201, "Created"},
		{202, "Accepted"},
		{204, "No Content"},
		{304, "Not Modified"},
		{400, "Bad Request"},
		{401, "Unauthorized"},
		{403, "Forbidden"},
		{404, "Not Found"},
		{405, "Method Not Allowed"},
		{408, "Request Timeout"},
		{409, "Conflict"},
		{411, "Length Required"},
		{412, "Precondition Failed"},
		{413, "Content Too Large"},
		{415, "Unsupported Media Type"},
		{422, "Unprocessable Content"},
		{429, "Too Many Requests"},
		{500, "Internal Server Error"},
		{503, "Service Unavailable"},
	};
	for (size_t i = 0; i < sizeof(reasons) / sizeof(*reasons); i++)
		if (reasons[i].status == status)
			return reasons[i].reason;
	return "";
}

/* Lets only pages of the configured origins read the answer. */
static void add_cors(const struct request *rq, struct buf *head)
{
	const char *allowed = rq->app->settings->cors_origins;
	const char *origin = gateway_get(rq->gateway, "HTTP_ORIGIN");
	if (!*allowed)
		return;
	buf_puts(head, "Vary: Origin\r\n");
	if (!origin || !config_has_word(allowed, origin))
		return;
	buf_printf(head, "Access-Control-Allow-Origin: %s\r\n", origin);
	if (strcmp(rq->method, "OPTIONS") == 0)
		buf_printf(head,
			   "Access-Control-Allow-Methods: %s\r\n"
			   "Access-Control-Allow-Headers: Authorization, Content-Type, "
			   "Idempotency-Key, If-Match, If-None-Match, X-Request-Id\r\n"
			   "Access-Control-Max-Age: 600\r\n",
			   rq->match.allow);
	else
		buf_puts(head, "Access-Control-Expose-Headers: ETag, Link, Location, Retry-After, "
			       "X-RateLimit-Limit, X-RateLimit-Remaining, X-RateLimit-Reset, "
			       "X-Request-Id\r\n");
}

/* Every problem that a retry can solve gets a Retry-After, in whole seconds. */
static void add_retry(const struct problem *why, struct buf *head)
{
	int seconds = (why->retry_after_ms + 999) / 1000;
	if (seconds > 0 || problem_info(why->code)->retryable)
		buf_printf(head, "Retry-After: %d\r\n", seconds > 0 ? seconds : 1);
}

static void add_budget(const struct budget_left *left, struct buf *head)
{
	if (left->limit)
		buf_printf(head,
			   "X-RateLimit-Limit: %lld\r\nX-RateLimit-Remaining: %lld\r\n"
			   "X-RateLimit-Reset: %lld\r\n",
			   (long long)left->limit, (long long)left->remaining,
			   (long long)left->reset_s);
}

/* A client may store an answer that has an ETag, but must ask each time whether it is current. */
static const char *cache_control(const struct request *rq)
{
	if (!rq->etag)
		return "no-store";
	return rq->match.route->access == ACCESS_USER ? "private, no-cache" : "no-cache";
}

bool respond_hands_on(const struct request *rq, const struct problem *why)
{
	return why->code == PROBLEM_OTHER_POOL && rq->app->fast &&
	       rq->match.route->cost != COST_ORDINARY;
}

static void add_head(const struct request *rq, const struct problem *why, struct buf *head)
{
	const struct route *route = rq->match.route;
	const char *type = route && route->type && why->code == PROBLEM_NONE ? route->type
									     : "application/json";
	buf_printf(head, "Status: %d %s\r\nX-Request-Id: %s\r\nCache-Control: %s\r\n", rq->status,
		   reason_phrase(rq->status), rq->id, cache_control(rq));
	if (rq->status != 204 && rq->status != 304)
		buf_printf(head, "Content-Type: %s\r\n", type);
	if (rq->status != 204 && rq->status != 304 && !rq->head_sent)
		buf_printf(head, "Content-Length: %zu\r\n", rq->out->len);
	if (rq->status == 401)
		buf_puts(head, "WWW-Authenticate: Bearer\r\n");
	if (rq->match.allow[0])
		buf_printf(head, "Allow: %s\r\n", rq->match.allow);
	if (rq->etag)
		buf_printf(head, "ETag: %s\r\n", rq->etag);
	if (rq->set_cookie)
		buf_printf(head, "Set-Cookie: %s\r\n", rq->set_cookie);
	if (rq->location)
		buf_printf(head, "Location: %s%s\r\n", rq->base, rq->location);
	const char *next = input_next_link(rq);
	if (next)
		buf_printf(head, "Link: %s\r\n", next);
	add_budget(&rq->left, head);
	add_retry(why, head);
	if (respond_hands_on(rq, why)) /* nginx then drops this answer */
		buf_puts(head, "X-Accel-Redirect: " NGINX_SLOW_POOL "\r\n");
	add_cors(rq, head);
	buf_puts(head, "\r\n");
}

static void write_body(const struct request *rq)
{
	assert(!store_is_writing());
	bool has_body = rq->status != 204 && rq->status != 304 && strcmp(rq->method, "HEAD") != 0;
	if (has_body)
		buf_add(&rq->app->head, rq->out->data, rq->out->len);
	rq->gateway->write(rq->gateway->stream, rq->app->head.data, rq->app->head.len);
}

void respond_part(struct request *rq)
{
	const struct problem none = {0};
	buf_clear(&rq->app->head);
	if (!rq->head_sent) {
		rq->head_sent = true;
		add_head(rq, &none, &rq->app->head);
	}
	write_body(rq);
	buf_clear(rq->out);
}

void respond(struct request *rq, const struct problem *why)
{
	if (!rq->head_sent && conditional_is_unchanged(rq))
		rq->status = 304;
	buf_clear(&rq->app->head);
	if (!rq->head_sent)
		add_head(rq, why, &rq->app->head);
	write_body(rq);
}
