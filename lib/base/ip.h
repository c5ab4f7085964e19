/* Internet addresses and networks, as text from configurations and from headers. */
#ifndef BASE_IP_H
#define BASE_IP_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* An IPv6 address; an IPv4 address is in ::ffff:0:0/96, so each address has one form. */
struct ip {
	uint8_t bytes[16];
};

#define IP_TEXT 64 /* bytes of an address or a network as text, its NUL included */

/*
 * Reads an address: 192.0.2.1, 192.0.2.1:443, 2001:db8::1, [2001:db8::1], [2001:db8::1]:443. The
 * port and an IPv6 zone (%eth0) are dropped. False when the text is anything else.
 */
bool ip_parse(const char *text, size_t bytes, struct ip *ip_r);

void ip_print(const struct ip *ip, char text[IP_TEXT]);

/* The network that one customer of a provider usually has: the /24 of IPv4, the /64 of IPv6. */
void ip_print_network(const struct ip *ip, char text[IP_TEXT]);

/* Whether one of the networks has the address. `networks` is as ip_check_networks() accepts it. */
bool ip_is_in(const struct ip *ip, const char *networks);

/*
 * Networks are separated by spaces, each an address or a prefix such as 10.0.0.0/8 or
 * 2001:db8::/32. Returns NULL, or the first that is wrong and its length.
 */
const char *ip_check_networks(const char *networks, size_t *bytes_r);

#endif
