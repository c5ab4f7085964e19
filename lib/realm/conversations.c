/* Conversations: see conversations.h. */
#include "realm/conversations.h"

#include <string.h>

#include "base/arena.h"
#include "base/clock.h"
#include "base/json_out.h"
#include "realm/quota.h"
#include "realm/turns.h"
#include "realm/twins.h"
#include "store/queries.h"

#define WAITING_MOST 10 /* turns of one owner's conversations; fewer than turns.c allows in all */
#define DELETED_AT_ONCE 500 /* messages in one transaction */

static const struct field new_rows[] = {
	FIELD(struct chat_new, message, TEXT, .required = true, .min = 1, .max = 4000,
	      .help = "What you say to your twin."),
	FIELD(struct chat_new, conversation_id, TEXT, .pattern = FIELD_UUID_PATTERN,
	      .help = "The conversation to continue. Without it a new one begins."),
	FIELD(struct chat_new, context, OBJECT, .max = 8192,
	      .help = "Any JSON object. The server stores it and does not interpret it."),
};
const struct fields chat_new_fields = FIELDS(struct chat_new, new_rows);

#define SUMMARY_PROPERTIES                                                                         \
	PROPERTY("id", TEXT), PROPERTY("message_count", INT), PROPERTY("created_at", TIME),        \
		PROPERTY("updated_at", TIME)
static const struct property summary_properties[] = {SUMMARY_PROPERTIES};
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

static const struct property conversation_properties[] = {
	SUMMARY_PROPERTIES,
	PROPERTY("messages", LIST, .of = &chat_line_shape, .help = "Newest first, in pages."),
};
const struct shape conversation_shape = SHAPE("Conversation", conversation_properties);

static const struct property answer_properties[] = {
	PROPERTY("message", TEXT, .nullable = true,
		 .help = "null: there is no answer, or not yet."),
	PROPERTY("conversation_id", TEXT),
	PROPERTY("turn_id", INT),
	PROPERTY("memory_accessed", ANY, .help = "The texts that the answer cites, [{kind, id}]."),
	PROPERTY("response_time", REAL, .nullable = true, .help = "Seconds."),
	PROPERTY("tokens_used", INT),
	PROPERTY("state", TEXT, .help = "Of the turn."),
	PROPERTY("reason", TEXT, .nullable = true, .help = "Why there is no answer."),
};
const struct shape chat_answer_shape = SHAPE("ChatAnswer", answer_properties);

static int conversation_tell(struct store *store, int64_t owner, const char *id, bool is_deleted,
			     struct problem *why)
{
	return twin_tell(store, owner, &(struct twin_changed){TWIN_CONVERSATION, id, is_deleted},
			 why);
}

/* --- saying ----------------------------------------------------------------------------------- */

struct saying {
	const struct settings *settings;
	int64_t owner, turn;
	const struct chat_new *input;
};

static int find_conversation(struct store *store, const struct saying *s, char id[UUID_TEXT],
			     struct problem *why)
{
	const char *known = s->input->conversation_id;
	if (!known) {
		uuid_make(id);
		TRY(q_conversation_insert(store, id, s->owner, clock_now(), why));
		return quota_check(store, s->settings, s->owner, QUOTA_CONVERSATIONS, why);
	}
	memcpy(id, known, UUID_TEXT);
	int found = q_conversation_mine(store, s->owner, known, why);
	return found == 0 ? problem_set(why, PROBLEM_NOT_FOUND) : found;
}

static int say(struct store *store, void *context, struct problem *why)
{
	struct saying *s = context;
	const struct chat_new *input = s->input;
	char conversation[UUID_TEXT];
	int64_t waiting, line;
	TRY(q_chat_turns_waiting(store, s->owner, WAITING_MOST, &waiting, why));
	if (waiting >= WAITING_MOST)
		return problem_say(why, PROBLEM_RATE_LIMITED,
				   "Your twin still has %d messages of yours to answer",
				   WAITING_MOST);
	TRY(quota_check_text(store, s->owner, TEXT_BYTES(input->message, input->context), why));
	TRY(find_conversation(store, s, conversation, why));
	TRY(q_chat_line_insert(store, conversation, input->message, input->context, clock_now(),
			       &line, why));
	TRY(conversation_tell(store, s->owner, conversation, false, why));
	return turn_for_chat(store, s->owner, line, &s->turn, why);
}

int chat_say(struct store *store, const struct settings *settings, int64_t owner,
	     const struct chat_new *input, int64_t *turn_r, struct problem *why)
{
	struct saying s = {.settings = settings, .owner = owner, .input = input};
	TRY(store_write(store, say, &s, why));
	*turn_r = s.turn;
	return 0;
}

int chat_answer_show(struct arena *arena, struct store *store, int64_t owner, int64_t turn,
		     struct buf *out, struct problem *why)
{
	const char *state = NULL;
	int found = q_chat_answer_of(store, owner, turn, out, why);
	if (found > 0)
		found = q_turn_state(arena, store, owner, turn, &state, why);
	if (found <= 0)
		return found < 0 ? -1 : problem_set(why, PROBLEM_NOT_FOUND);
	return strcmp(state, "queued") != 0 && strcmp(state, "running") != 0;
}

/* --- reading and deleting --------------------------------------------------------------------- */

int conversations_list(struct store *store, int64_t owner, struct page *page, struct buf *out,
		       struct problem *why)
{
	return q_conversations(store, owner, page->after, page_limit(page), page, out, why);
}

int conversation_show(struct store *store, int64_t owner, const char *id, struct page *page,
		      struct buf *out, struct problem *why)
{
	int found = q_conversation_one(store, owner, id, out, why);
	if (found <= 0)
		return found < 0 ? -1 : problem_set(why, PROBLEM_NOT_FOUND);
	jw_reopen(out);
	jw_key(out, "messages");
	TRY(q_conversation_lines(store, owner, id, page_int(page), page_limit(page), page, out,
				 why));
	jw_close(out, '}');
	return 0;
}

struct deletion {
	int64_t owner;
	const char *id;
};

/* Some of the lines, or at last the conversation. Returns how many lines. */
static int delete_some(struct store *store, void *context, struct problem *why)
{
	const struct deletion *d = context;
	int found = q_conversation_mine(store, d->owner, d->id, why);
	if (found <= 0)
		return found < 0 ? -1 : problem_set(why, PROBLEM_NOT_FOUND);
	int lines = q_conversation_lines_delete(store, d->id, DELETED_AT_ONCE, why);
	if (lines != 0)
		return lines;
	TRY(q_conversation_delete(store, d->id, why));
	return conversation_tell(store, d->owner, d->id, true, why);
}

int conversation_delete(struct store *store, int64_t owner, const char *id, struct problem *why)
{
	struct deletion d = {owner, id};
	int lines;
	do {
		TRY(lines = store_write(store, delete_some, &d, why));
	} while (lines > 0);
	return 0;
}
