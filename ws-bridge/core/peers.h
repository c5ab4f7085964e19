/*
 * The other bridges of the realm, and what the event log does not carry: who is typing, and whose
 * presence has changed. It goes by datagrams in run_dir, which is the service's own; one that is
 * lost is worth nothing a moment later.
 */
#ifndef WS_BRIDGE_CORE_PEERS_H
#define WS_BRIDGE_CORE_PEERS_H

#include <stdbool.h>
#include <stdint.h>

#include "base/problem.h"

struct bridge;
struct user;

/* Listens for the others, if the settings say that there are any: bridge->peers. */
int peers_open(struct bridge *bridge, struct problem *why);
void peers_close(struct bridge *bridge);

/* What to wait on for peers_hear(); -1: nothing. */
int peers_fd(const struct bridge *bridge);
void peers_hear(struct bridge *bridge);

void peers_tell_typing(const struct bridge *bridge, const char *room_id, const struct user *user,
		       bool is_typing);
void peers_tell_presence(const struct bridge *bridge, int64_t user_id);

#endif
