/*
 * Live frames: events, typing and presence on their way to the connections of their readers.
 *
 * A slow reader delays nobody, and costs no more than its queue. At half a queue frames of
 * FRAME_TRANSIENT and FRAME_STATE are dropped. When the queue is full the connection lags: its
 * queued events are dropped too, and catchup.h serves them from the log.
 */
#ifndef WS_BRIDGE_CORE_LIVE_H
#define WS_BRIDGE_CORE_LIVE_H

#include <stdbool.h>

struct bridge;
struct conn;
struct frame;
struct report;
struct user;

/* An event from the log: changes memberships and sends the event to its readers. */
void live_event(struct bridge *bridge, struct report *event);

/* Queues a live frame, or drops it. */
void live_send(struct conn *conn, struct frame *frame);

/* The same to all connections of the user; v1_only leaves out those of compat mode. */
void live_send_user(const struct user *user, struct frame *frame, bool v1_only);

/* Writes what is queued, as far as the socket takes it. Then a lagging connection may get its next
 * chunk. */
void live_flush(struct conn *conn);

#endif
