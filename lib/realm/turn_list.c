/* Turns as the owners of twins see them: see turn_list.h. */
#include "realm/turn_list.h"

#include "base/clock.h"
#include "base/json_out.h"
#include "realm/providers.h"
#include "realm/settings.h"
#include "store/queries.h"

static const char *const states[] = {"queued",    "running",   "draft",       "posted",
				     "refused",   "overtaken", "interrupted", "failed",
				     "cancelled", "rejected",  NULL};
static const struct field filter_rows[] = {
	FIELD(struct turn_filter, state, CHOICE, .choices = states,
	      .help = "Only turns in this state."),
};
const struct fields turn_filter_fields = FIELDS(struct turn_filter, filter_rows);

static const struct property turn_properties[] = {
	PROPERTY("id", INT),
	PROPERTY("cause_kind", TEXT,
		 .help = "chat, interaction, response or message; exchange: the turn of another "
			 "twin "
			 "that asked yours; knowledge: a memory that your twin proposes to share."),
	PROPERTY("cause_id", TEXT, .help = "Id of what the turn answers."),
	PROPERTY("root_kind", TEXT),
	PROPERTY("root_id", TEXT, .help = "Id of the user's words with which the chain began."),
	PROPERTY("step", INT, .nullable = true, .help = "Number of the turn in its chain, from 1."),
	PROPERTY("asker_id", INT),
	PROPERTY("asker_name", TEXT),
	PROPERTY("asker_full_name", TEXT, .nullable = true),
	PROPERTY("room_id", TEXT, .nullable = true),
	PROPERTY("question", ANY, .nullable = true,
		 .help = "What the turn answers, as far as you may read it: content, at most 1,000 "
			 "characters; and twin with its name, if a twin wrote it."),
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
	PROPERTY("exchange", ANY, .nullable = true,
		 .help = "The other twin that yours has asked: its owner's user_id and username, "
			 "and the state and reason of its turn."),
	PROPERTY("sources", ANY,
		 .help = "What the answer draws on, best first: kind, id, author_id, cited, score, "
			 "and "
			 "its rank in each list."),
};
const struct shape turn_shape = SHAPE("Turn", turn_properties);

static const struct property status_properties[] = {
	PROPERTY("conversations", INT),
	PROPERTY("messages", INT, .help = "Of the conversations."),
	PROPERTY("memories", INT),
	PROPERTY("replies_today", INT, .help = "Answers to others, since midnight UTC."),
	PROPERTY("max_replies_per_day", INT),
	PROPERTY("tokens_today", INT),
	PROPERTY("waiting", INT, .help = "Turns that are queued or running, counted up to 100."),
	PROPERTY("drafts", INT, .help = "Drafts that wait for you, counted up to 100."),
	PROPERTY("max_tokens_per_day", INT, .help = "Of your twin; a quarter is for you alone."),
	PROPERTY("texts", INT, .help = "Texts of yours that twins can find, counted up to 10000."),
	PROPERTY("texts_waiting", INT,
		 .help = "Of these, those that wait for a vector, counted up to 10000. Texts that "
			 "may not be sent to the embedding model have none, and do not wait."),
	PROPERTY("providers", LIST, .of = &provider_shape, .help = "The providers in use."),
};
const struct shape twin_status_shape = SHAPE("TwinStatus", status_properties);

int turns_list(struct store *store, int64_t owner, const struct turn_filter *filter,
	       struct page *page, struct buf *out, struct problem *why)
{
	int64_t before = page_int(page);
	if (filter->state)
		return q_turns_in_state(store, owner, filter->state, before, page_limit(page), page,
					out, why);
	return q_turns(store, owner, before, page_limit(page), page, out, why);
}

int turn_show(struct store *store, int64_t owner, int64_t id, struct buf *out, struct problem *why)
{
	int found = q_turn_one(store, owner, id, out, why);
	return found == 0 ? problem_set(why, PROBLEM_NOT_FOUND) : found;
}

int twin_status(struct store *store, const struct settings *settings, int64_t owner,
		struct buf *out, struct problem *why)
{
	int64_t day = clock_now() / CLOCK_DAY;
	int found = q_twin_status(store, owner, day, day * CLOCK_DAY, settings->tokens_per_twin,
				  out, why);
	if (found <= 0)
		return found < 0 ? -1 : problem_set(why, PROBLEM_USER_NOT_FOUND);
	jw_reopen(out);
	jw_key(out, "providers");
	TRY(providers_list(store, settings, out, why));
	jw_close(out, '}');
	return 0;
}
