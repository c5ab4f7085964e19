/* The core's own messages: see message.h. */
#include "ws-bridge/core/message.h"

#include <stddef.h>

static const struct property error_properties[] = {
	PROPERTY("message", TEXT),
	PROPERTY("code", TEXT, .help = "As in the answers of the REST API."),
	PROPERTY("retryable", BOOL, .help = "Whether the same message may succeed later."),
	PROPERTY("command", TEXT, .optional = true, .help = "The type of the command that failed."),
	PROPERTY("client_id", TEXT, .optional = true,
		 .help = "Of the command that failed, also when it was too large or not JSON."),
	PROPERTY("room_id", TEXT, .optional = true, .help = "Of the command that failed."),
	PROPERTY("retry_after_ms", INT, .optional = true),
	PROPERTY("errors", ANY, .optional = true,
		 .help = "The invalid fields, as in a 422 of the REST API."),
};
static const struct shape error_shape = SHAPE("LiveError", error_properties);
const struct message error_message = {
	.type = "error", .shape = &error_shape, .help = "A command failed."};

static const struct property history_gap_properties[] = {
	PROPERTY("room_id", TEXT),
	PROPERTY("from_seq", INT),
	PROPERTY("to_seq", INT, .help = "The last entry that is left out."),
};
static const struct shape history_gap_shape = SHAPE("HistoryGap", history_gap_properties);
const struct message history_gap_message = {
	.type = "history_gap",
	.shape = &history_gap_shape,
	.v1 = true,
	.help = "Entries of a room's log are left out: too many, or pruned."};

static const struct property reconnect_properties[] = {
	PROPERTY("after_ms", INT, .help = "When to connect again, in milliseconds from now."),
};
static const struct shape reconnect_shape = SHAPE("Reconnect", reconnect_properties);
const struct message reconnect_message = {.type = "reconnect",
					  .shape = &reconnect_shape,
					  .v1 = true,
					  .help = "The server restarts and closes the connection."};

const struct message *const core_messages[] = {&error_message, &history_gap_message,
					       &reconnect_message, NULL};
