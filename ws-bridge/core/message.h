/*
 * Messages of the server that are no events of the log, as rows of a type, a shape and a line of
 * help. Each stands beside the code that sends it; features list theirs in their row.
 */
#ifndef WS_BRIDGE_CORE_MESSAGE_H
#define WS_BRIDGE_CORE_MESSAGE_H

#include <stdbool.h>

#include "store/shape.h"

/* Bytes of a message, at most: an interaction has two texts of 8,000 characters, which may need six
 * bytes each, and two objects of 8 KiB. */
#define SERVER_MESSAGE_MAX (128 * 1024)

#define LIST_MESSAGE_MAX (16 * 1024) /* bytes; a longer list comes in several messages */

struct message {
	const char *type;
	const struct shape *shape; /* of data */
	bool list;                 /* data is an array of the shape */
	bool v1;                   /* only for clients of aeon.v1 */
	bool parts;                /* it may come in several, all but the last with `more` */
	const char *help;
};

/* What an error is about, as far as it is known. Everything may be NULL. */
struct subject {
	const char *command, *client_id, *room_id;
};

/* Those that the core sends itself; ends with NULL. */
extern const struct message *const core_messages[];
extern const struct message error_message, history_gap_message, reconnect_message;

#endif
