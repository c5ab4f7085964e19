/*
 * The caller: from which address a request comes, and with which program.
 *
 * A front end fills it once for each request or connection. Throttles, the audit log and budgets
 * read it; nothing else looks at headers about addresses.
 */
#ifndef REALM_CALLER_H
#define REALM_CALLER_H

struct arena;
struct settings;

struct caller {
	const char *address; /* such as "192.0.2.7" or "2001:db8::7"; "" when it is unknown */
	const char *network; /* its /24 or /64, such as "192.0.2.0/24"; "" when it is unknown */
	const char *client;  /* the name of the program (a User-Agent); NULL when it is unknown */
};

/* Nothing is known, as in tests and for aeonctl. */
extern const struct caller caller_unknown;

/*
 * `peer` is the address at the other end of the connection, or NULL for a local socket, whose other
 * end is trusted. While the address is one of `trusted_proxies`, the next one is read from the end
 * of `forwarded` (X-Forwarded-For, or NULL). So the result is the first address from there that no
 * trusted proxy has: the client may have written all entries before it. `client` may be any bytes,
 * or NULL. The caller's texts live in the arena.
 */
void caller_find(struct arena *arena, const struct settings *settings, const char *peer,
		 const char *forwarded, const char *client, struct caller *caller_r);

/* A copy in one piece of memory, for free(). */
struct caller *caller_copy(const struct caller *caller);

#endif
