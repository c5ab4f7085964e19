/* Conversations: see conversations.h. */
#include "realm/conversations.h"

static const struct property summary_properties[] = {
	PROPERTY("id", TEXT),
	PROPERTY("message_count", INT),
	PROPERTY("created_at", TIME),
	PROPERTY("updated_at", TIME),
};
const struct shape conversation_summary_shape = SHAPE("ConversationSummary", summary_properties);

static const struct property line_properties[] = {
	PROPERTY("id", INT),
	PROPERTY("conversation_id", TEXT),
	PROPERTY("is_aeon", BOOL, .help = "Whether the twin said it."),
	PROPERTY("content", TEXT),
	PROPERTY("context", OBJECT, .nullable = true),
	PROPERTY("turn_id", INT, .nullable = true, .help = "The turn in which the twin said it."),
	PROPERTY("created_at", TIME),
};
const struct shape chat_line_shape = SHAPE("ChatMessage", line_properties);
