/* The digest: see digest.h. */
#include "realm/digest.h"

#include <ctype.h>
#include <string.h>

#include "base/arena.h"
#include "base/buf.h"
#include "store/queries.h"
#include "store/store.h"

#define MEMBERS_AT_ONCE 500           /* of a whole room, in one transaction: some milliseconds */
#define MESSAGES_MOST 500             /* that one digest looks at */
#define ROOMS_MOST 20                 /* that one digest names */
#define GRACE (5 * 60 * CLOCK_SECOND) /* a client that sleeps seems connected for so long */

/* --- queueing --------------------------------------------------------------------------------- */

int digest_queue(struct store *store, const char *room_id, const char *message_id, int64_t sender,
		 bool to_room, struct problem *why)
{
	int64_t now = clock_now();
	if (!store_rules(store)->sends_mail)
		return 0;
	if (to_room)
		TRY(q_digest_room_queue(store, message_id, why));
	TRY(q_digest_queue(store, room_id, message_id, sender, now, now + DIGEST_DELAY,
			   DIGEST_PAUSE, why));
	return 0;
}

static int queue_some(struct store *store, void *context, struct problem *why)
{
	struct q_digest_room_next next;
	int64_t now = clock_now(), end = INT64_MAX;
	int found = q_digest_room_next(context, store, &next, why);
	if (found <= 0)
		return found;
	int more =
		q_digest_members_end(store, next.room, next.after, MEMBERS_AT_ONCE - 1, &end, why);
	TRY(more);
	TRY(q_digest_queue_members(store, next.room, next.after, end, next.sender, now,
				   now + DIGEST_DELAY, DIGEST_PAUSE, why));
	TRY(more ? q_digest_room_move(store, next.message, end, why)
		 : q_digest_room_done(store, next.message, why));
	return 1;
}

int digest_queue_some(struct arena *arena, struct store *store, struct problem *why)
{
	struct q_digest_room_next next;
	int waits = q_digest_room_next(arena, store, &next, why);
	return waits <= 0 ? waits : store_write_unsynced(store, queue_some, arena, why);
}

/* --- reading ---------------------------------------------------------------------------------- */

struct digest {
	int64_t user_id, now;
	int rooms;
	bool has_more;
	struct buf *text;
	int state;
};

/* One line, also of a message with several. */
static void put_excerpt(struct buf *out, const char *excerpt)
{
	buf_puts(out, "    \"");
	for (; *excerpt; excerpt++)
		buf_putc(out, iscntrl((unsigned char)*excerpt) ? ' ' : *excerpt);
	buf_puts(out, "\"\n");
}

static void put_sender(struct buf *out, const struct q_digest_items *item)
{
	buf_printf(out, "%s%s", item->is_twin ? "the twin of " : "", item->sender);
}

static int put_item(const struct q_digest_items *item, void *context, struct problem *why)
{
	struct digest *digest = context;
	struct buf *out = digest->text;
	bool is_mention = strcmp(item->kind, "room") == 0;
	(void)why;
	digest->has_more = ++digest->rooms > ROOMS_MOST;
	if (digest->has_more)
		return 0;
	buf_printf(out, is_mention ? "  %lld mention%s " : "  %lld message%s ",
		   (long long)item->messages, item->messages == 1 ? "" : "s");
	if (strcmp(item->kind, "direct") == 0) {
		buf_puts(out, "from ");
		put_sender(out, item);
	} else {
		buf_printf(out, "in \"%s\", the last by ", item->room);
		put_sender(out, item);
	}
	buf_putc(out, '\n');
	if (item->excerpt)
		put_excerpt(out, item->excerpt);
	return 0;
}

static int read_digest(struct store *store, void *context, struct problem *why)
{
	struct digest *digest = context;
	struct q_digest_reader reader;
	int found = q_digest_reader(store, digest->user_id, digest->now, GRACE, &reader, why);
	if (found <= 0)
		return found;
	TRY(q_digest_items(store, digest->user_id, digest->now, reader.since, reader.texts,
			   MESSAGES_MOST, ROOMS_MOST + 1, put_item, digest, why));
	if (digest->has_more)
		buf_puts(digest->text, "  and more in other rooms\n");
	if (digest->rooms > 0)
		digest->state = reader.is_here ? DIGEST_LATER : DIGEST_READY;
	return 0;
}

int digest_read(struct arena *arena, struct store *store, int64_t user_id, int64_t now,
		const char **text_r, struct problem *why)
{
	struct digest digest = {
		.user_id = user_id, .now = now, .text = buf_in(arena), .state = DIGEST_EMPTY};
	TRY(store_read(store, read_digest, &digest, why));
	*text_r = digest.text->data;
	return digest.state;
}
