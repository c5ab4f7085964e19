/*
 * Fuzzes the addresses that come from outside: X-Forwarded-For, the trusted proxies of a
 * configuration, and a client's name.
 *
 * An input has four lines: the networks of `trusted_proxies`, the address of the connection, the
 * X-Forwarded-For header, and the User-Agent header. An empty line: there is none.
 */
#include <string.h>

#include "base/arena.h"
#include "base/ip.h"
#include "base/utf8.h"
#include "realm/caller.h"
#include "realm/settings.h"
#include "tests/fuzz/fuzz.h"

#define CLIENT_LENGTH 200 /* code points */

static const char *next_line(char **rest)
{
	const char *line = strsep(rest, "\n");
	return line && *line ? line : NULL;
}

/* An address that was found has one form, and is in its own network. */
static void check_address(const struct caller *caller)
{
	struct ip ip;
	char again[IP_TEXT];
	HOLDS(!*caller->address == !*caller->network);
	if (!*caller->address)
		return;
	HOLDS(ip_parse(caller->address, strlen(caller->address), &ip));
	ip_print(&ip, again);
	HOLDS(strcmp(again, caller->address) == 0);
	ip_print_network(&ip, again);
	HOLDS(strcmp(again, caller->network) == 0);
	HOLDS(ip_check_networks(caller->network, &(size_t){0}) == NULL);
	HOLDS(ip_is_in(&ip, caller->network) && ip_is_in(&ip, caller->address));
}

/* Without a trusted proxy, nothing in a header changes the address. */
static void check_untrusted(struct arena *arena, const char *peer, const char *forwarded)
{
	const struct settings settings = {.trusted_proxies = ""};
	struct caller with, without;
	caller_find(arena, &settings, peer, forwarded, NULL, &with);
	caller_find(arena, &settings, peer, NULL, NULL, &without);
	HOLDS(strcmp(with.address, without.address) == 0);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct arena *arena = arena_new();
	char *rest = arena_strndup(arena, (const char *)data, size);
	const char *networks = next_line(&rest), *peer = next_line(&rest);
	const char *forwarded = next_line(&rest), *client = next_line(&rest);
	struct settings settings = {.trusted_proxies = networks ? networks : ""};
	struct caller caller;
	size_t wrong;
	/* Other networks never get into the settings. */
	if (ip_check_networks(settings.trusted_proxies, &wrong))
		settings.trusted_proxies = "10.0.0.0/8 2001:db8::/32";
	caller_find(arena, &settings, peer, forwarded, client, &caller);
	check_address(&caller);
	if (caller.client) {
		ssize_t points = utf8_count(caller.client, strlen(caller.client));
		HOLDS(points > 0 && points <= CLIENT_LENGTH);
	}
	if (peer)
		check_untrusted(arena, peer, forwarded);
	struct caller *copy = caller_copy(&caller);
	HOLDS(strcmp(copy->address, caller.address) == 0);
	free(copy);
	arena_free(&arena);
	return 0;
}
