/* What belongs to a message: see message_history.h. */
#include "realm/message_history.h"

#include <stdlib.h>

#include "realm/person.h"
#include "realm/rooms.h"
#include "store/queries.h"

#define FORMER_TEXTS 20 /* of a message: the newest ones */

static const struct property reactor_properties[] = {
	PROPERTY("key", TEXT, .help = "The reaction."),
	PROPERTY("user_id", INT),
	PROPERTY("username", TEXT),
	PERSON_NAMES,
	PROPERTY("created_at", TIME),
};
const struct shape reactor_shape = SHAPE("Reactor", reactor_properties);

static const struct property former_text_properties[] = {
	PROPERTY("content", TEXT),
	PROPERTY("replaced_at", TIME, .help = "When it was edited."),
};
const struct shape former_text_shape = SHAPE("FormerText", former_text_properties);

static int check_readable(struct store *store, int64_t viewer, const char *room_id,
			  const char *message_id, int64_t *sender_r, struct problem *why)
{
	int found = q_message_readable(store, viewer, room_id, message_id, sender_r, why);
	return found == 0 ? problem_set(why, PROBLEM_NOT_FOUND) : found;
}

int message_reactions(struct store *store, int64_t viewer, const char *room_id,
		      const char *message_id, struct page *page, struct buf *out,
		      struct problem *why)
{
	char *end = NULL;
	int64_t sender, user = page->after ? strtoll(page->after, &end, 10) : 0;
	const char *key = end && *end == '/' ? end + 1 : "";
	TRY(check_readable(store, viewer, room_id, message_id, &sender, why));
	return q_message_reactions(store, viewer, message_id, key, user, page_limit(page), page,
				   out, why);
}

int message_history(struct store *store, int64_t viewer, const char *room_id,
		    const char *message_id, struct buf *out, struct problem *why)
{
	int64_t sender;
	TRY(check_readable(store, viewer, room_id, message_id, &sender, why));
	if (sender != viewer)
		TRY(room_check_rank(store, viewer, room_id, RANK_MODERATOR, why));
	return q_former_texts(store, message_id, out, why);
}

int message_keep_text(struct store *store, const char *message_id, int64_t now, struct problem *why)
{
	TRY(q_former_text_add(store, message_id, now, why));
	return q_former_texts_limit(store, message_id, FORMER_TEXTS, why);
}
