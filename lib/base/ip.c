/* Internet addresses: see ip.h. */
#include "base/ip.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <stdio.h>
#include <string.h>

#define V4_BITS 96 /* length of the prefix ::ffff:0:0/96 */

static const uint8_t v4_prefix[V4_BITS / 8] = {[10] = 0xff, [11] = 0xff};

static bool is_v4(const struct ip *ip)
{
	return memcmp(ip->bytes, v4_prefix, sizeof(v4_prefix)) == 0;
}

/* --- addresses -------------------------------------------------------------------------------- */

/* An address alone, in the form that inet_pton() reads. */
static bool parse_plain(const char *text, size_t bytes, struct ip *ip_r)
{
	char copy[INET6_ADDRSTRLEN];
	if (bytes >= sizeof(copy) || memchr(text, '\0', bytes))
		return false;
	memcpy(copy, text, bytes);
	copy[bytes] = '\0';
	if (strchr(copy, ':'))
		return inet_pton(AF_INET6, copy, ip_r->bytes) == 1;
	memcpy(ip_r->bytes, v4_prefix, sizeof(v4_prefix));
	return inet_pton(AF_INET, copy, ip_r->bytes + sizeof(v4_prefix)) == 1;
}

static bool is_port(const char *text, size_t bytes)
{
	size_t digits = 0;
	while (digits < bytes && text[digits] >= '0' && text[digits] <= '9')
		digits++;
	return digits == bytes && digits > 0 && digits <= 5;
}

bool ip_parse(const char *text, size_t bytes, struct ip *ip_r)
{
	const char *end = text + bytes, *colon = memchr(text, ':', bytes);
	bool bracketed = bytes > 0 && *text == '[';
	if (bracketed) {
		const char *close = memchr(text, ']', bytes);
		if (!close || (close + 1 < end &&
			       (close[1] != ':' || !is_port(close + 2, (size_t)(end - close - 2)))))
			return false;
		text++;
		end = close;
		colon = memchr(text, ':', (size_t)(end - text));
		if (!colon)
			return false;
	} else if (colon && !memchr(colon + 1, ':', (size_t)(end - colon - 1))) {
		if (!is_port(colon + 1, (size_t)(end - colon - 1)))
			return false;
		end = colon;
		colon = NULL;
	}
	const char *zone = colon ? memchr(text, '%', (size_t)(end - text)) : NULL;
	return parse_plain(text, (size_t)((zone ? zone : end) - text), ip_r);
}

void ip_print(const struct ip *ip, char text[IP_TEXT])
{
	if (is_v4(ip))
		inet_ntop(AF_INET, ip->bytes + sizeof(v4_prefix), text, IP_TEXT);
	else
		inet_ntop(AF_INET6, ip->bytes, text, IP_TEXT);
}

void ip_print_network(const struct ip *ip, char text[IP_TEXT])
{
	struct ip network = {{0}};
	bool v4 = is_v4(ip);
	memcpy(network.bytes, ip->bytes, v4 ? 15 : 8);
	ip_print(&network, text);
	size_t length = strlen(text);
	snprintf(text + length, IP_TEXT - length, v4 ? "/24" : "/64");
}

/* --- networks --------------------------------------------------------------------------------- */

struct network {
	struct ip first;
	int bits;
};

static bool parse_network(const char *text, size_t bytes, struct network *network_r)
{
	const char *slash = memchr(text, '/', bytes);
	size_t length = slash ? (size_t)(slash - text) : bytes;
	if (!parse_plain(text, length, &network_r->first))
		return false;
	bool v4 = is_v4(&network_r->first) && !memchr(text, ':', length);
	network_r->bits = 128;
	if (!slash)
		return true;
	int bits = 0;
	size_t digits = bytes - length - 1;
	if (!is_port(slash + 1, digits) || digits > 3)
		return false;
	for (size_t i = 0; i < digits; i++)
		bits = bits * 10 + (slash[1 + i] - '0');
	network_r->bits = v4 ? V4_BITS + bits : bits;
	return network_r->bits <= 128;
}

static bool network_has(const struct network *network, const struct ip *ip)
{
	size_t whole = (size_t)network->bits / 8;
	int rest = network->bits % 8;
	if (memcmp(network->first.bytes, ip->bytes, whole) != 0)
		return false;
	return rest == 0 || ((network->first.bytes[whole] ^ ip->bytes[whole]) >> (8 - rest)) == 0;
}

/* Moves *list past the next entry; returns its length, 0 at the end, and its beginning. */
static size_t next_entry(const char **list, const char **entry_r)
{
	*entry_r = *list + strspn(*list, " \t");
	size_t bytes = strcspn(*entry_r, " \t");
	*list = *entry_r + bytes;
	return bytes;
}

bool ip_is_in(const struct ip *ip, const char *networks)
{
	const char *entry;
	for (size_t bytes; (bytes = next_entry(&networks, &entry)) > 0;) {
		struct network network;
		if (parse_network(entry, bytes, &network) && network_has(&network, ip))
			return true;
	}
	return false;
}

const char *ip_check_networks(const char *networks, size_t *bytes_r)
{
	const char *entry;
	while ((*bytes_r = next_entry(&networks, &entry)) > 0) {
		struct network network;
		if (!parse_network(entry, *bytes_r, &network))
			return entry;
	}
	return NULL;
}
