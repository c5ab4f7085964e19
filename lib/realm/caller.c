/* The caller: see caller.h. */
#include "config.h"

#include "realm/caller.h"

#include <string.h>

#include "base/arena.h"
#include "base/ip.h"
#include "base/memory.h"
#include "base/utf8.h"
#include "realm/settings.h"

#define HOPS_MAX 32       /* trusted proxies in a row */
#define CLIENT_LENGTH 200 /* code points of a client's name */

const struct caller caller_unknown = {.address = "", .network = ""};

/* Takes the last entry off a header of *bytes bytes, without white space. False without one. */
static bool take_last(const char *header, size_t *bytes, const char **entry_r, size_t *length_r)
{
	if (*bytes == 0)
		return false;
	const char *comma = memrchr(header, ',', *bytes);
	const char *entry = comma ? comma + 1 : header, *end = header + *bytes;
	*bytes = comma ? (size_t)(comma - header) : 0;
	while (entry < end && (*entry == ' ' || *entry == '\t'))
		entry++;
	while (end > entry && (end[-1] == ' ' || end[-1] == '\t'))
		end--;
	*entry_r = entry;
	*length_r = (size_t)(end - entry);
	return true;
}

/* Returns whether an address is known. A proxy that forwards no address is the client itself. */
static bool find_address(const char *trusted, const char *peer, const char *forwarded,
			 struct ip *ip_r)
{
	struct ip next;
	const char *entry;
	size_t length, bytes = forwarded ? strlen(forwarded) : 0;
	bool known = peer && ip_parse(peer, strlen(peer), ip_r);
	if (peer && !known)
		return false;
	for (int hop = 0; hop < HOPS_MAX && (!known || ip_is_in(ip_r, trusted)); hop++) {
		if (!take_last(forwarded, &bytes, &entry, &length) ||
		    !ip_parse(entry, length, &next))
			break;
		*ip_r = next;
		known = true;
	}
	return known;
}

void caller_find(struct arena *arena, const struct settings *settings, const char *peer,
		 const char *forwarded, const char *client, struct caller *caller_r)
{
	char address[IP_TEXT] = "", network[IP_TEXT] = "";
	struct ip ip;
	if (find_address(settings->trusted_proxies, peer, forwarded, &ip)) {
		ip_print(&ip, address);
		ip_print_network(&ip, network);
	}
	*caller_r = (struct caller){.address = arena_strdup(arena, address),
				    .network = arena_strdup(arena, network)};
	if (client && utf8_count(client, strlen(client)) > 0)
		caller_r->client = arena_strndup(
			arena, client, utf8_prefix(client, strlen(client), CLIENT_LENGTH));
}

struct caller *caller_copy(const struct caller *caller)
{
	size_t address = strlen(caller->address) + 1, network = strlen(caller->network) + 1;
	size_t client = caller->client ? strlen(caller->client) + 1 : 0;
	struct caller *copy = xmalloc(sizeof(*copy) + address + network + client);
	char *texts = (char *)(copy + 1);
	copy->address = memcpy(texts, caller->address, address);
	copy->network = memcpy(texts + address, caller->network, network);
	copy->client = client ? memcpy(texts + address + network, caller->client, client) : NULL;
	return copy;
}
