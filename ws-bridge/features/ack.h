/* The acknowledgement of a command with a client_id: its effect is on disk. */
#ifndef WS_BRIDGE_FEATURES_ACK_H
#define WS_BRIDGE_FEATURES_ACK_H

#include <stdbool.h>
#include <stdint.h>

#include "ws-bridge/core/message.h"

struct conn;

extern const struct message ack_message;

struct ack {
	const char *client_id, *message_id, *room_id;
	int64_t seq, pos; /* 0: none; pos is that of a new event */
	int64_t timestamp;
	bool duplicate;
};

/* Sends it to a client of aeon.v1 that gave a client_id; else does nothing. */
void ack_send(struct conn *conn, const struct ack *ack);

#endif
