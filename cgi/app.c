/* The application: see app.h. */
#include "cgi/app.h"

#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/ip.h"
#include "base/log.h"
#include "base/utf8.h"
#include "base/uuid.h"
#include "cgi/conditional.h"
#include "cgi/credentials.h"
#include "cgi/input.h"
#include "cgi/metrics.h"
#include "cgi/request.h"
#include "cgi/respond.h"
#include "cgi/url.h"
#include "realm/feed.h"
#include "realm/password.h"
#include "realm/presence.h"
#include "realm/metrics.h"
#include "realm/realm.h"
#include "realm/settings.h"

#define REQUEST_ID_MAX 64
#define RETRY_MS 2000  /* for a client when the server cannot hold its request */
#define ROWS_WEIGH 50  /* of a page weigh one, after the first so many */
#define HEAVY_WEIGHT 3 /* of a GET; similar users weigh 10 */
#define HEAVY_AGAIN_US (CLOCK_SECOND / 10)
#define HEAVY_WAIT_US (2 * CLOCK_SECOND)

int app_store(struct app *app, struct problem *why)
{
	if (!app->live.configured) {
		live_settings_start(&app->live, app->settings);
		app->settings = &app->live.now;
	}
	if (!app->store) {
		TRY(realm_open(app->settings, STORE_SERVE, &app->store, why));
		store_work_begin(app->store);
	}
	return live_settings_refresh(app->store, &app->live, why);
}

void app_close_store(struct app *app)
{
	store_close(&app->store);
}

void app_free(struct app *app)
{
	store_close(&app->store);
	budgets_close(&app->budgets);
	arena_free(&app->arena);
	buf_free(&app->head);
	buf_free(&app->out);
}

int request_store(struct request *rq, struct problem *why)
{
	TRY(app_store(rq->app, why));
	rq->store = rq->app->store;
	return 0;
}

/* The client's own id when it is safe in a header and in the log; else a new one. */
static const char *request_id(struct arena *arena, const struct gateway *gateway)
{
	const char *id = gateway_get(gateway, "HTTP_X_REQUEST_ID");
	size_t safe = id ? strspn(id, "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
				      "0123456789_.-")
			 : 0;
	if (safe > 0 && safe <= REQUEST_ID_MAX && !id[safe])
		return id;
	char *uuid = arena_alloc(arena, UUID_TEXT);
	uuid_make(uuid);
	return uuid;
}

/* Some web servers make one slash of several, others do not: here all do. */
static const char *merge_slashes(struct arena *arena, const char *path)
{
	if (!strstr(path, "//"))
		return path;
	char *merged = arena_strdup(arena, path), *to = merged;
	for (const char *from = path; *from; from++)
		if (from[0] != '/' || from[1] != '/')
			*to++ = *from;
	*to = '\0';
	return merged;
}

/* PATH_INFO is already decoded. A web server that does not set it sets REQUEST_URI. */
static const char *request_path(struct arena *arena, const struct gateway *gateway)
{
	const char *path = gateway_get(gateway, "PATH_INFO");
	if (path && utf8_count(path, strlen(path)) < 0)
		return NULL;
	const char *uri = path ? NULL : gateway_get(gateway, "REQUEST_URI");
	if (uri)
		path = url_path(arena, uri, strcspn(uri, "?#"));
	else if (!path)
		path = "/";
	return path ? merge_slashes(arena, path) : NULL;
}

/* Whether a link may start with this path: it is plain, and does not name another host. */
static bool is_plain_base(const char *base)
{
	size_t plain = strspn(base, "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
				    "0123456789_.~-/");
	return base[0] == '/' && !base[plain] && !strstr(base, "//") && !strstr(base, "/.");
}

/*
 * The realm's path on the site: the URL without PATH_INFO. This is not SCRIPT_NAME when the web
 * server rewrites URLs to the program. "" when it cannot stand in a link.
 */
static const char *request_base(struct arena *arena, const struct gateway *gateway)
{
	const char *path = gateway_get(gateway, "PATH_INFO");
	const char *uri = gateway_get(gateway, "REQUEST_URI");
	const char *script = gateway_get(gateway, "SCRIPT_NAME");
	const char *whole = path && uri ? url_path(arena, uri, strcspn(uri, "?#")) : NULL;
	size_t before = whole && strlen(whole) >= strlen(path) ? strlen(whole) - strlen(path) : 0;
	if (whole && strcmp(whole + before, path) == 0) {
		const char *base = arena_strndup(arena, whole, before);
		if (!*base || is_plain_base(base))
			return base;
	}
	return path && script && is_plain_base(script) ? script : "";
}

static void request_open(struct request *rq, struct app *app, const struct gateway *gateway)
{
	const char *query = gateway_get(gateway, "QUERY_STRING");
	if (!app->arena)
		app->arena = arena_new();
	buf_clear(&app->out);
	*rq = (struct request){.app = app,
			       .gateway = gateway,
			       .arena = app->arena,
			       .out = &app->out,
			       .kept = app->kept};
	rq->id = request_id(rq->arena, gateway);
	rq->method = gateway_get(gateway, "REQUEST_METHOD");
	if (!rq->method)
		rq->method = "GET";
	const char *peer = gateway_get(gateway, "REMOTE_ADDR");
	caller_find(rq->arena, app->settings, peer ? peer : "",
		    gateway_get(gateway, "HTTP_X_FORWARDED_FOR"),
		    gateway_get(gateway, "HTTP_USER_AGENT"), &rq->caller);
	rq->base = request_base(rq->arena, gateway);
	rq->path = request_path(rq->arena, gateway);
	if (query)
		rq->pairs = url_pairs(rq->arena, query, strlen(query), &rq->pair_count);
}

/* Another proxy on this machine, which `trusted_proxies` does not name, must not open the door. */
static bool is_forwarded(const struct request *rq)
{
	return !*rq->app->settings->trusted_proxies &&
	       (gateway_get(rq->gateway, "HTTP_X_FORWARDED_FOR") ||
		gateway_get(rq->gateway, "HTTP_FORWARDED"));
}

bool request_comes_from(const struct request *rq, const char *networks)
{
	const char *address = rq->caller.address;
	struct ip ip;
	return !is_forwarded(rq) && ip_parse(address, strlen(address), &ip) &&
	       ip_is_in(&ip, networks);
}

/* What the client announces of the body; 0 for a body that is too large to be read. */
static size_t announced_bytes(const struct request *rq)
{
	const char *length = gateway_get(rq->gateway, "CONTENT_LENGTH");
	unsigned long long bytes = length ? strtoull(length, NULL, 10) : 0;
	return bytes <= BODY_MAX ? (size_t)bytes : 0;
}

/* Before the query is decoded; a limit that is out of bounds will be refused there. */
static int64_t weight_of_page(const struct request *rq)
{
	int64_t limit = 0;
	for (size_t i = 0; i < rq->pair_count; i++)
		if (strcmp(rq->pairs[i].name, "limit") == 0)
			limit = strtol(rq->pairs[i].value, NULL, 10);
	return limit > ROWS_WEIGH && limit <= PAGE_ROWS_MAX ? (limit - 1) / ROWS_WEIGH : 0;
}

static int64_t weight_of(const struct request *rq)
{
	const struct route *route = rq->match.route;
	int64_t weight = route->weight ? route->weight : 1;
	if (route->pages)
		weight += weight_of_page(rq);
	if (route->body)
		weight += budget_weight_of(announced_bytes(rq));
	return weight;
}

/*
 * One user must not keep all workers of a pool busy, so a second heavy request of the same user
 * waits. Only a GET can wait, because a body is read once. A CGI program has a process for each
 * request.
 */
static int request_enter(struct request *rq, struct problem *why)
{
	struct app *app = rq->app;
	TRY(budget_enter(app->budgets, app->settings, rq->payer, why));
	if (app->is_cgi || rq->cost.weight < HEAVY_WEIGHT || strcmp(rq->method, "GET") != 0 ||
	    budget_enter_heavy(app->budgets, app->settings, rq->payer))
		return 0;
	if (rq->waited < HEAVY_WAIT_US) {
		rq->wait = rq->waited + HEAVY_AGAIN_US;
		return 0;
	}
	why->retry_after_ms = RETRY_MS;
	return problem_say(why, PROBLEM_RATE_LIMITED,
			   "Another heavy request of yours is in work. Try again later.");
}

/* Before the body is read, so that a refusal is cheap. */
static int request_pay(struct request *rq, struct problem *why)
{
	const struct route *route = rq->match.route;
	struct app *app = rq->app;
	if (route->access == ACCESS_USER)
		rq->payer = rq->session.user_id;
	else if (route->weight && rq->caller.network[0])
		rq->payer = budget_of_network(rq->caller.network);
	if (!rq->payer)
		return 0;
	if (!app->budgets)
		app->budgets = budgets_open(app->settings->run_dir);
	struct budget_cost cost = {.weight = weight_of(rq), .reaches = route->reaches};
	bool has_paid = rq->waited > 0 && rq->waited != APP_CANNOT_WAIT;
	TRY(budget_take(app->budgets, app->settings, rq->payer,
			has_paid ? (struct budget_cost){0} : cost, &rq->left, why));
	rq->cost = cost;
	return request_enter(rq, why);
}

/*
 * A refused request costs nothing, so that the next one is allowed when the answer said. A login is
 * slow by design, and its weight says so: a network does not pay for more.
 */
static void request_settle(const struct request *rq, int64_t cpu_us)
{
	struct app *app = rq->app;
	if (rq->cost.weight && rq->payer > 0)
		budget_settle(app->budgets, app->settings, rq->payer, rq->cost.weight, cpu_us);
	if (app->budgets)
		budget_leave(app->budgets);
}

static int request_answer(struct request *rq, struct problem *why)
{
	if (!rq->path)
		return problem_set(why, PROBLEM_NOT_FOUND);
	if (router_find(rq->arena, rq->method, rq->path, &rq->match, why) < 0) {
		if (why->code != PROBLEM_METHOD_NOT_ALLOWED || strcmp(rq->method, "OPTIONS") != 0)
			return -1;
		*why = (struct problem){0};
		rq->status = 204;
		return 0;
	}
	const struct route *route = rq->match.route;
	rq->match.allow[0] = '\0';
	password_allow(route->cost != COST_ORDINARY && !rq->app->fast);
	if (route->cost == COST_COSTLY && rq->app->fast)
		return problem_set(why, PROBLEM_OTHER_POOL);
	if (route->access == ACCESS_USER)
		TRY(request_authenticate(rq, why));
	TRY(request_pay(rq, why));
	if (rq->wait > rq->waited)
		return 0;
	TRY(input_decode(rq, why));
	rq->status = route->status;
	return conditional_handle(rq, why);
}

static void request_log(const struct request *rq, const struct problem *why, int64_t started)
{
	const struct route *route = rq->match.route;
	LOG_WITH(rq->status >= 500 && !respond_hands_on(rq, why) ? LOG_LEVEL_ERROR
								 : LOG_LEVEL_DEBUG,
		 "request", LOG_TEXT("request_id", rq->id), LOG_TEXT("method", rq->method),
		 LOG_TEXT("route", route ? route->path : NULL), LOG_INT("status", rq->status),
		 LOG_INT("us", clock_monotonic() - started),
		 LOG_TEXT("code", why->code ? problem_info(why->code)->code : NULL),
		 LOG_TEXT("cause", why->cause[0] ? why->cause : NULL));
}

/* What the slow pool answers, it counts. */
static void request_count(const struct request *rq, const struct problem *why, int64_t started)
{
	if (respond_hands_on(rq, why))
		return;
	if (why->code != PROBLEM_NONE)
		metrics_count_refusal(DOOR_REST, why->code);
	request_metrics_count(rq->match.route, rq->status, clock_monotonic() - started);
}

/* After the request, so that a logout leaves nobody connected. If it fails, the next request does
 * it. */
static void request_note_presence(const struct request *rq, const struct problem *why)
{
	struct problem ignored = {0};
	if (rq->session.user_id && problem_info(why->code)->http_status < 500)
		presence_note(rq->arena, rq->store, rq->session.user_id, &ignored);
}

int64_t app_serve(struct app *app, const struct gateway *gateway, int64_t waited)
{
	int64_t started = clock_monotonic(), cpu = clock_thread_cpu();
	struct problem why = {0};
	struct request rq;
	request_open(&rq, app, gateway);
	if (app->store)
		store_work_begin(app->store);
	rq.waited = waited;
	if (request_answer(&rq, &why) < 0)
		respond_problem(&rq, &why);
	else if (rq.wait > 0 && waited == APP_CANNOT_WAIT)
		why.retry_after_ms = RETRY_MS;
	request_note_presence(&rq, &why);
	if (app->store) {
		store_on_write(app->store, NULL, NULL);
		store_work_end(app->store);
	}
	bool must_wait = rq.wait > waited;
	if (!must_wait) {
		respond(&rq, &why);
		request_log(&rq, &why, started);
		request_count(&rq, &why, started);
	}
	request_settle(&rq, clock_thread_cpu() - cpu);
	app->user_id = rq.session.user_id;
	app->kept = rq.kept;
	if (why.code == PROBLEM_STORE_FAILED || why.code == PROBLEM_STORE_DAMAGED)
		app_close_store(app);
	arena_reset(app->arena);
	return must_wait ? rq.wait - waited : 0;
}

bool app_changed(struct app *app)
{
	struct problem why = {0};
	int64_t before = app->pos;
	if (!app->store || events_head(app->store, &app->pos, &why) < 0)
		return true; /* serve the requests: each one reports the problem */
	return app->pos != before;
}
