/*
 * A port of the core: what a connection asks of its WebSocket. io/listen.c implements it with
 * libwebsockets, and tests implement it without a network. What a socket tells its connection is in
 * receive.h.
 */
#ifndef WS_BRIDGE_CORE_SOCKET_H
#define WS_BRIDGE_CORE_SOCKET_H

#include <stdbool.h>
#include <stddef.h>

struct socket;

#define SOCKET_ROOM 32 /* bytes before the frames, which the socket may use */

/* Takes whole frames, and keeps back what the kernel does not take. Returns -1 when the socket is
 * broken. */
int socket_write(struct socket *socket, unsigned char *frames, size_t bytes);

/* Whether the socket keeps something back; meanwhile nothing more may be written. */
bool socket_keeps(const struct socket *socket);

/* Bytes that were written and that the other end has not taken, as far as the kernel knows. */
size_t socket_unsent(const struct socket *socket);

/* Calls live_flush() once the kernel takes more. */
void socket_want(struct socket *socket);

/* While paused, nothing more is read from the socket. */
void socket_pause_input(struct socket *socket, bool paused);

/* Ends the socket at once, but not in this call; receive_end() follows. */
void socket_cut_off(struct socket *socket);

#endif
