/*
 * Fuzzes whole HTTP requests, from the gateway through router, validation, realm and store to the
 * answer, over a realm in memory.
 *
 * An input looks like a request: "METHOD PATH?QUERY", lines "NAME: value", an empty line, the body.
 * A signed-in user sends it, unless the input has its own Authorization header. All writes are
 * rolled back, so inputs do not depend on each other.
 */
#include <ctype.h>
#include <string.h>

#include <jansson.h>
#include <sodium.h>

#include "base/arena.h"
#include "base/log.h"
#include "cgi/app.h"
#include "cgi/gateway.h"
#include "realm/knowledge.h"
#include "realm/rooms.h"
#include "realm/sessions.h"
#include "realm/settings.h"
#include "realm/registration.h"
#include "realm/users.h"
#include "tests/fuzz/fuzz.h"

#define MOST_VARIABLES 64

/* Replace the functions of libsodium, which take 30 ms each on purpose. */
int crypto_pwhash_str_alg(char out[crypto_pwhash_STRBYTES], const char *const password,
			  unsigned long long length, unsigned long long passes, size_t memory,
			  int algorithm)
{
	(void)password, (void)length, (void)passes, (void)memory, (void)algorithm;
	snprintf(out, crypto_pwhash_STRBYTES, "a hash");
	return 0;
}

int crypto_pwhash_str_verify(const char hash[crypto_pwhash_STRBYTES], const char *const password,
			     unsigned long long length)
{
	(void)hash;
	return length > 0 && password[0] == 'a' ? 0 : -1;
}

/* Each request runs inside of this target's own transaction, which is not the program's. */
bool __wrap_store_is_writing(void);
bool __wrap_store_is_writing(void)
{
	return false;
}

static struct settings settings;
static struct app app = {.settings = &settings};
static char authorization[100];

static void make_realm(void)
{
	struct arena *arena = arena_new();
	struct token token;
	const char *room;
	int64_t ada, ben, id;
	const struct login login = {.username = "ada", .password = "a good password"};
	struct user_new user = {
		.username = "ada", .email = "ada@example.org", .password = "a good password"};
	struct room_new hidden = {.name = "x", .max_participants = 5};
	struct knowledge_new note = {
		.content = "x", .knowledge_type = "note", .visibility = "public"};
	log_setup("fuzz", LOG_LEVEL_ERROR + 1);
	HOLDS(sodium_init() >= 0);
	MUST(settings_load(NULL, &settings, &why));
	settings.trusted_proxies = "127.0.0.1 10.0.0.0/8 2001:db8::/32";
	settings.health_from = settings.metrics_from = "0.0.0.0/0 ::/0";
	settings.security_contact = "mailto:security@example.org";
	settings.user_rate = settings.user_burst = settings.network_rate = settings.network_burst =
		settings.reach_rate = settings.reach_burst = 1000000;
	settings.run_dir = NULL;
	MUST(store_open(":memory:", STORE_MIGRATE, 100, &app.store, &why));
	MUST(user_add(arena, app.store, &user, "owner", &ada, &why));
	user.username = "ben", user.email = "ben@example.org";
	MUST(user_add(arena, app.store, &user, "user", &ben, &why));
	MUST(rooms_make_default(arena, app.store, &why));
	MUST(room_create(arena, app.store, ben, &hidden, &room, &why));
	MUST(knowledge_create(arena, app.store, ben, &note, &id, &why));
	MUST(session_open(arena, app.store, &login, &caller_unknown, INT64_C(1) << 50, &token,
			  &why));
	snprintf(authorization, sizeof(authorization), "HTTP_AUTHORIZATION=Bearer %s", token.text);
	arena_free(&arena);
}

/* --- the request ------------------------------------------------------------------------------ */

struct exchange {
	struct arena *arena;
	char *variables[MOST_VARIABLES + 1];
	size_t count;
	const char *body;
	size_t left;
	struct buf answer;
};

static ssize_t read_body(void *stream, char *to, size_t most)
{
	struct exchange *x = stream;
	size_t count = most < x->left ? most : x->left;
	memcpy(to, x->body, count);
	x->body += count;
	x->left -= count;
	return (ssize_t)count;
}

static void write_answer(void *stream, const char *bytes, size_t count)
{
	struct exchange *x = stream;
	buf_add(&x->answer, bytes, count);
}

static void add_variable(struct exchange *x, const char *name, const char *value)
{
	if (x->count < MOST_VARIABLES)
		x->variables[x->count++] = arena_printf(x->arena, "%s=%s", name, value);
}

/* Converts a header to a variable CONTENT_TYPE or HTTP_…, as a web server does. */
static void add_header(struct exchange *x, char *line)
{
	char *value = strchr(line, ':');
	if (!value)
		return;
	*value++ = '\0';
	value += strspn(value, " ");
	for (char *at = line; *at; at++)
		*at = *at == '-' ? '_' : (char)toupper((unsigned char)*at);
	if (strncmp(line, "CONTENT_", 8) == 0)
		add_variable(x, line, value);
	else
		add_variable(x, arena_printf(x->arena, "HTTP_%s", line), value);
}

static void add_first_line(struct exchange *x, char *line)
{
	char *path = strchr(line, ' ');
	if (!path) {
		add_variable(x, "REQUEST_URI", line);
		return;
	}
	*path++ = '\0';
	char *query = strchr(path, '?');
	add_variable(x, "REQUEST_METHOD", line);
	add_variable(x, "REQUEST_URI", path);
	if (query) {
		*query = '\0';
		add_variable(x, "QUERY_STRING", query + 1);
	}
	/* Servers set PATH_INFO to the decoded path. Without it, REQUEST_URI has the path. */
	if (strchr(path, '%') == NULL)
		add_variable(x, "PATH_INFO", path);
}

static void read_request(struct exchange *x, const char *bytes, size_t size)
{
	char *text = arena_strndup(x->arena, bytes, size), *rest = text, *end = text + size;
	add_first_line(x, strsep(&rest, "\n"));
	while (rest && *rest && *rest != '\n')
		add_header(x, strsep(&rest, "\n"));
	add_variable(x, "REMOTE_ADDR", "127.0.0.1");
	bool own_length = false, own_authorization = false;
	for (size_t i = 0; i < x->count; i++) {
		own_length |= strncmp(x->variables[i], "CONTENT_LENGTH=", 15) == 0;
		own_authorization |= strncmp(x->variables[i], "HTTP_AUTHORIZATION=", 19) == 0;
	}
	x->body = rest && *rest == '\n' ? rest + 1 : end;
	x->left = (size_t)(end - x->body);
	if (!own_length)
		add_variable(x, "CONTENT_LENGTH", arena_printf(x->arena, "%zu", x->left));
	if (!own_authorization && x->count < MOST_VARIABLES)
		x->variables[x->count++] = authorization;
}

/* --- the answer ------------------------------------------------------------------------------- */

static void check_answer(const struct buf *answer)
{
	static const int expected[] = {200, 201, 204, 304, 401, 403, 404,
				       405, 409, 413, 415, 422, 429, 503};
	const char *text = buf_text(answer), *body = strstr(text, "\r\n\r\n");
	int status = 0;
	bool known = false;
	HOLDS(sscanf(text, "Status: %d", &status) == 1);
	for (size_t i = 0; i < sizeof(expected) / sizeof(*expected); i++)
		known |= status == expected[i];
	HOLDS(known);
	HOLDS(body != NULL);
	const char *type = strstr(text, "Content-Type: application/json");
	size_t bytes = answer->len - (size_t)(body + 4 - text);
	if (type && type < body && bytes > 0) {
		json_t *json = json_loadb(body + 4, bytes, JSON_REJECT_DUPLICATES, NULL);
		HOLDS(json != NULL);
		json_decref(json);
	}
}

static int serve_and_roll_back(struct store *store, void *context, struct problem *why)
{
	struct exchange *x = context;
	const struct gateway gateway = {
		.variables = x->variables, .stream = x, .read = read_body, .write = write_answer};
	app_serve(&app, &gateway, APP_CANNOT_WAIT);
	HOLDS(app.store == store);
	return problem_set(why, PROBLEM_FORBIDDEN); /* rolls back */
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct exchange x = {.arena = arena_new()};
	struct problem why = {0};
	if (!app.store)
		make_realm();
	read_request(&x, (const char *)data, size);
	store_write(app.store, serve_and_roll_back, &x, &why);
	check_answer(&x.answer);
	buf_free(&x.answer);
	arena_free(&x.arena);
	return 0;
}
