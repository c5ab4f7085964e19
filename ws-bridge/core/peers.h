/*
 * Messages between the bridges of a realm, about state that the event log lacks. A lost message
 * does no lasting harm, because a later one replaces it.
 *
 * A message is a JSON object with a `type`. Each feature describes the message that it takes, and
 * encodes the one that it sends. How a message travels is behind peers_write().
 */
#ifndef WS_BRIDGE_CORE_PEERS_H
#define WS_BRIDGE_CORE_PEERS_H

#include <stddef.h>

struct bridge;
struct buf;
struct fields;
struct peers;

#define PEER_MESSAGE_MAX 8192 /* bytes */

struct peer_message {
	const char *type;
	const struct fields *fields;
	void (*take)(struct bridge *bridge, const void *input); /* the struct of the fields */
};

/* Sends a message to all other bridges. `data` is a JSON object with at least one property. */
void peers_send(const struct bridge *bridge, const char *type, const struct buf *data);

/* A message has come from another bridge. */
void peers_take(struct bridge *bridge, const char *message, size_t bytes);

/* A port of the core: sends the bytes to all other bridges, or drops them. io/peers.c implements it
 * with datagrams. */
void peers_write(const struct peers *peers, const struct buf *message);

#endif
