/* Turns as the owners of twins see them: see turn_list.h. */
#include "realm/turn_list.h"

static const struct property turn_properties[] = {
	PROPERTY("id", INT),
	PROPERTY("cause_kind", TEXT, .help = "chat, interaction, response or message."),
	PROPERTY("cause_id", TEXT, .help = "Id of what the turn answers."),
	PROPERTY("root_kind", TEXT),
	PROPERTY("root_id", TEXT, .help = "Id of the user's words with which the chain began."),
	PROPERTY("step", INT, .nullable = true, .help = "Number of the turn in its chain, from 1."),
	PROPERTY("asker_id", INT),
	PROPERTY("asker_name", TEXT),
	PROPERTY("room_id", TEXT, .nullable = true),
	PROPERTY("state", TEXT,
		 .help = "queued, running, draft, posted, refused, overtaken, interrupted, failed, "
			 "cancelled or rejected."),
	PROPERTY("reason", TEXT, .nullable = true, .help = "Why there is no answer."),
	PROPERTY("until", TIME, .nullable = true, .help = "When the reason of a refusal ends."),
	PROPERTY("content", TEXT, .nullable = true,
		 .help = "The draft, the answer or its beginning."),
	PROPERTY("answer_id", TEXT, .nullable = true, .help = "Id of what was posted."),
	PROPERTY("approved", BOOL, .help = "Whether you have approved it."),
	PROPERTY("engine", TEXT, .nullable = true, .help = "recall, or the model that was asked."),
	PROPERTY("model", TEXT, .nullable = true, .help = "The model that answered."),
	PROPERTY("prompt_tokens", INT),
	PROPERTY("reply_tokens", INT),
	PROPERTY("cost", INT, .help = "Tokens that count for the ceilings of the day."),
	PROPERTY("created_at", TIME),
	PROPERTY("started_at", TIME, .nullable = true),
	PROPERTY("finished_at", TIME, .nullable = true),
	PROPERTY("sources", ANY,
		 .help = "What the answer draws on, best first: kind, id, author_id, cited, score, "
			 "and "
			 "its rank in each list."),
};
const struct shape turn_shape = SHAPE("Turn", turn_properties);
