/*
 * The datagram sockets by which the bridges of a realm reach each other and aeon-twin reaches them,
 * in run_dir, which belongs to the service. core/peers.h says what they send.
 */
#ifndef WS_BRIDGE_IO_PEERS_H
#define WS_BRIDGE_IO_PEERS_H

#include "base/problem.h"

struct bridge;

/* Opens bridge->peers. */
int peers_open(struct bridge *bridge, struct problem *why);
void peers_close(struct bridge *bridge);

/* The socket to wait on for peers_receive(). */
int peers_fd(const struct bridge *bridge);
void peers_receive(struct bridge *bridge);

#endif
