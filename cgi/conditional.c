/* Conditional requests: see conditional.h. */
#include "cgi/conditional.h"

#include <string.h>

#include <sodium.h>

#include "cgi/input.h"
#include "cgi/request.h"
#include "realm/idempotency.h"

#define TAG_BYTES 16

/* --- ETags ------------------------------------------------------------------------------------ */

static const char *etag_of(struct arena *arena, const struct buf *answer)
{
	unsigned char hash[TAG_BYTES];
	char hex[TAG_BYTES * 2 + 1];
	crypto_generichash(hash, sizeof(hash), (const unsigned char *)answer->data, answer->len,
			   NULL, 0);
	return arena_printf(arena, "\"%s\"", sodium_bin2hex(hex, sizeof(hex), hash, sizeof(hash)));
}

/* Whether a header's value, "*" or a list of ETags, has this ETag. W/ marks a weak one. */
static bool list_has_etag(const char *list, const char *etag, bool weak_counts)
{
	const char *at = strstr(list, etag);
	if (!at)
		return strcmp(list, "*") == 0;
	return weak_counts || at == list || at[-1] != '/';
}

bool conditional_is_unchanged(const struct request *rq)
{
	const char *known = gateway_get(rq->gateway, "HTTP_IF_NONE_MATCH");
	return rq->etag && known && list_has_etag(known, rq->etag, true);
}

const struct route *conditional_reader(const struct route *route)
{
	if (strcmp(route->method, "GET") == 0)
		return NULL;
	for (const struct routes *const *table = all_routes; *table; table++)
		for (size_t i = 0; i < (*table)->count; i++)
			if ((*table)->rows[i].tagged &&
			    strcmp((*table)->rows[i].path, route->path) == 0)
				return &(*table)->rows[i];
	return NULL;
}

static int check_if_match(struct request *rq, const char *expected, struct problem *why)
{
	struct request read = *rq;
	read.match.route = conditional_reader(rq->match.route);
	read.out = buf_in(rq->arena);
	read.pair_count = 0;
	TRY(input_decode(&read, why));
	TRY(read.match.route->handle(&read, why));
	if (list_has_etag(expected, etag_of(rq->arena, read.out), false))
		return 0;
	return problem_set(why, PROBLEM_PRECONDITION_FAILED);
}

/* --- idempotency ------------------------------------------------------------------------------ */

bool conditional_takes_key(const struct route *route)
{
	bool creates = strcmp(route->method, "POST") == 0 && route->status == 201;
	return route->access == ACCESS_USER && !route->secret && (creates || route->keyed);
}

static int check_key(struct request *rq, const char *key, struct problem *why)
{
	struct buf *faults = buf_in(rq->arena);
	const char *end = key;
	while (*end >= ' ' && *end <= '~')
		end++;
	if (*end || end - key > IDEMPOTENCY_KEY_BYTES)
		fault_value(faults, "header", "Idempotency-Key",
			    "Value error, should have at most 255 printable ASCII characters");
	return faults_raise(faults, why);
}

/* The hash of the whole request: the path, the query string and the body. */
static void hash_request(const struct request *rq, unsigned char hash[REQUEST_HASH_BYTES])
{
	const char *query = gateway_get(rq->gateway, "QUERY_STRING");
	const char *parts[] = {rq->match.route->name, rq->path, query ? query : "", NULL};
	crypto_generichash_state state;
	crypto_generichash_init(&state, NULL, 0, REQUEST_HASH_BYTES);
	for (const char **part = parts; *part; part++)
		crypto_generichash_update(&state, (const unsigned char *)*part, strlen(*part) + 1);
	crypto_generichash_update(&state, (const unsigned char *)rq->raw, rq->raw_bytes);
	crypto_generichash_final(&state, hash, REQUEST_HASH_BYTES);
}

static int handle_once(struct request *rq, const char *key, struct problem *why)
{
	struct idempotent_answer answer = {.user_id = rq->session.user_id, .key = key};
	hash_request(rq, answer.request_hash);
	int found = idempotency_find(rq->arena, rq->store, &answer, why);
	TRY(found);
	if (found && !answer.kept) {
		rq->status = answer.status;
		rq->location = answer.location;
		buf_puts(rq->out, answer.body);
		return 0;
	}
	rq->kept = answer.kept;
	TRY(rq->match.route->handle(rq, why));
	if (found)
		return 0;
	answer.status = rq->status;
	answer.location = rq->location;
	answer.body = buf_text(rq->out);
	answer.kept = rq->kept;
	return idempotency_save(rq->store, &answer, why);
}

/* --- the handler with its conditions ---------------------------------------------------------- */

struct conditional {
	struct request *rq;
	const char *key, *expected; /* of Idempotency-Key and If-Match; NULL: none */
};

static int check_and_handle(struct store *store, void *context, struct problem *why)
{
	const struct conditional *c = context;
	struct request *rq = c->rq;
	buf_clear(rq->out);
	rq->location = NULL;
	rq->status = rq->match.route->status;
	rq->wait = 0;
	if (c->expected)
		TRY(check_if_match(rq, c->expected, why));
	if (c->key)
		TRY(handle_once(rq, c->key, why));
	else
		TRY(rq->match.route->handle(rq, why));
	if (rq->status != 201)
		return 0;
	return quota_check(store, rq->app->settings, rq->session.user_id, rq->match.route->quota,
			   why);
}

int conditional_handle(struct request *rq, struct problem *why)
{
	const struct route *route = rq->match.route;
	struct conditional c = {.rq = rq};
	if (conditional_takes_key(route) && !rq->kept)
		c.key = gateway_get(rq->gateway, "HTTP_IDEMPOTENCY_KEY");
	if (conditional_reader(route))
		c.expected = gateway_get(rq->gateway, "HTTP_IF_MATCH");
	if (c.key)
		TRY(check_key(rq, c.key, why));
	if (route->prepare)
		TRY(route->prepare(rq, why));
	if (c.key || c.expected || route->quota)
		TRY(store_write(rq->store, check_and_handle, &c, why));
	else
		TRY(route->handle(rq, why));
	if (route->tagged)
		rq->etag = etag_of(rq->arena, rq->out);
	return 0;
}
