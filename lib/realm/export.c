/* Export: see export.h. */
#include "realm/export.h"

#include <stdio.h>

#include "base/arena.h"
#include "base/clock.h"
#include "base/json_out.h"
#include "realm/accounts.h"
#include "realm/interactions.h"
#include "realm/knowledge.h"
#include "realm/messages.h"
#include "realm/relationships.h"
#include "realm/rooms.h"
#include "realm/social.h"
#include "realm/users.h"

#define PAGE 200 /* rows */
#define FLUSH_BYTES 65536

static const struct property membership_properties[] = {
	PROPERTY("room_id", TEXT),   PROPERTY("name", TEXT),      PROPERTY("role", TEXT),
	PROPERTY("joined_at", TIME), PROPERTY("is_active", BOOL), PROPERTY("read_seq", INT),
};
static const struct shape membership_shape = SHAPE("ExportedMembership", membership_properties);

static const struct property reaction_properties[] = {
	PROPERTY("message_id", TEXT), PROPERTY("key", TEXT), PROPERTY("created_at", TIME)};
static const struct shape reaction_shape = SHAPE("ExportedReaction", reaction_properties);

static const struct property cast_properties[] = {
	PROPERTY("knowledge_id", INT), PROPERTY("value", INT), PROPERTY("created_at", TIME)};
static const struct shape cast_shape = SHAPE("ExportedVote", cast_properties);

static const struct property sharing_properties[] = {
	PROPERTY("knowledge_id", INT), PROPERTY("target", TEXT), PROPERTY("created_at", TIME)};
static const struct shape sharing_shape = SHAPE("ExportedShare", sharing_properties);

static const struct property invited_properties[] = {
	PROPERTY("room_id", TEXT), PROPERTY("user_id", INT), PROPERTY("invited_by", INT),
	PROPERTY("created_at", TIME)};
static const struct shape invited_shape = SHAPE("ExportedInvitation", invited_properties);

static const struct property banned_properties[] = {
	PROPERTY("room_id", TEXT), PROPERTY("user_id", INT),
	PROPERTY("banned_by", INT, .nullable = true), PROPERTY("created_at", TIME)};
static const struct shape banned_shape = SHAPE("ExportedBan", banned_properties);

static const struct property seen_properties[] = {PROPERTY("status", TEXT),
						  PROPERTY("last_seen", TIME),
						  PROPERTY("current_room", TEXT, .nullable = true)};
static const struct shape seen_shape = SHAPE("ExportedPresence", seen_properties);

#define PART(name, shape) PROPERTY(name, LIST, .of = &(shape))
static const struct property export_properties[] = {
	PROPERTY("exported_at", TIME),
	PART("account", user_shape),
	PART("privacy", privacy_shape),
	PART("sessions", session_shape),
	PART("presence", seen_shape),
	PART("memberships", membership_shape),
	PART("invitations", invited_shape),
	PART("bans", banned_shape),
	PART("relationships", relationship_shape),
	PART("knowledge", knowledge_shape),
	PART("votes", cast_shape),
	PART("shares", sharing_shape),
	PART("reactions", reaction_shape),
	PART("aeon_interactions", interaction_shape),
	PART("days", day_shape),
	PART("messages", message_shape),
};
const struct shape export_shape = SHAPE("Export", export_properties);

/* In the order of these members; they take the user, the key below which a page begins, and a
 * limit. */
static const enum query queries[] = {
	Q_EXPORT_ACCOUNT,      Q_EXPORT_PRIVACY,     Q_EXPORT_SESSIONS, Q_EXPORT_PRESENCE,
	Q_EXPORT_MEMBERSHIPS,  Q_EXPORT_INVITATIONS, Q_EXPORT_BANS,     Q_EXPORT_RELATIONSHIPS,
	Q_EXPORT_KNOWLEDGE,    Q_EXPORT_VOTES,       Q_EXPORT_SHARES,   Q_EXPORT_REACTIONS,
	Q_EXPORT_INTERACTIONS, Q_EXPORT_DAYS,        Q_EXPORT_MESSAGES, /* in each room */
};
#define PARTS ((int)(sizeof(queries) / sizeof(*queries)))

struct writing {
	struct arena *arena;
	struct store *store;
	int64_t user_id;
	struct buf *out, page;
	export_flush *flush;
	void *context;
	int done;
	bool has_some; /* of the list at hand */
};

static int hand_over(struct writing *w, size_t least, struct problem *why)
{
	if (w->out->len < least)
		return 0;
	return w->flush(w->out, w->done, PARTS, w->context, why);
}

/* The pages of a part, of one room where it is not NULL, into the list that is open. */
static int write_pages(struct writing *w, const char *room_id, struct problem *why)
{
	enum query query = queries[w->done];
	const struct shape *shape = export_properties[w->done + 1].of;
	struct page page = {.limit = PAGE};
	do {
		char after[PAGE_KEY];
		snprintf(after, sizeof(after), "%s", page.next);
		page.after = after[0] ? after : NULL;
		buf_clear(&w->page);
		TRY(room_id ? store_list(w->store, &w->page, why, query, shape, &page, "llit",
					 w->user_id, page_int(&page), page_limit(&page), room_id)
			    : store_list(w->store, &w->page, why, query, shape, &page, "lli",
					 w->user_id, page_int(&page), page_limit(&page)));
		if (w->page.len > 2) {
			if (w->has_some)
				buf_putc(w->out, ',');
			buf_add(w->out, w->page.data + 1, w->page.len - 2);
			w->has_some = true;
		}
		TRY(hand_over(w, FLUSH_BYTES, why));
	} while (page.next[0]);
	return 0;
}

static int add_room(const struct row *row, void *context, struct problem *why)
{
	struct writing *w = context;
	const char *id = arena_strdup(w->arena, row_text(row, 0, NULL));
	(void)why;
	buf_add(&w->page, &id, sizeof(id));
	return 0;
}

static int write_messages(struct writing *w, struct problem *why)
{
	struct buf *rooms = buf_in(w->arena);
	buf_clear(&w->page);
	TRY(store_each(w->store, why, Q_EXPORT_ROOMS, add_room, w, "l", w->user_id));
	buf_add(rooms, w->page.data, w->page.len);
	const char **ids = (const char **)(void *)rooms->data;
	for (size_t i = 0; i < rooms->len / sizeof(*ids); i++)
		TRY(write_pages(w, ids[i], why));
	return 0;
}

static int write_all(struct writing *w, struct problem *why)
{
	jw_open(w->out, '{');
	jw_key(w->out, "exported_at");
	jw_time(w->out, clock_now());
	for (; w->done < PARTS; w->done++) {
		w->has_some = false;
		jw_key(w->out, export_properties[w->done + 1].name);
		jw_open(w->out, '[');
		TRY(queries[w->done] == Q_EXPORT_MESSAGES ? write_messages(w, why)
							  : write_pages(w, NULL, why));
		buf_putc(w->out, ']');
	}
	buf_putc(w->out, '}');
	return hand_over(w, 0, why);
}

int user_export(struct arena *arena, struct store *store, int64_t user_id, struct buf *out,
		export_flush *flush, void *context, struct problem *why)
{
	struct writing w = {.arena = arena,
			    .store = store,
			    .user_id = user_id,
			    .out = out,
			    .flush = flush,
			    .context = context};
	int result = write_all(&w, why);
	buf_free(&w.page);
	return result;
}
