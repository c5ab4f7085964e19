/* Export: see export.h. */
#include "realm/export.h"

#include <stdio.h>

#include "base/arena.h"
#include "base/clock.h"
#include "base/json_out.h"
#include "realm/accounts.h"
#include "realm/audit.h"
#include "realm/collect.h"
#include "realm/interactions.h"
#include "realm/knowledge.h"
#include "realm/messages.h"
#include "realm/relationships.h"
#include "realm/rooms.h"
#include "realm/social.h"
#include "realm/users.h"
#include "store/queries.h"

#define PAGE 200 /* rows */
#define FLUSH_BYTES 65536

static const struct property exported_membership_properties[] = {
	PROPERTY("room_id", TEXT),
	PROPERTY("name", TEXT),
	PROPERTY("role", TEXT),
	PROPERTY("joined_at", TIME),
	PROPERTY("is_active", BOOL),
	PROPERTY("read_seq", INT),
	PROPERTY("muted_until", TIME, .nullable = true),
};
const struct shape exported_membership_shape =
	SHAPE("ExportedMembership", exported_membership_properties);

static const struct property exported_reaction_properties[] = {
	PROPERTY("message_id", TEXT), PROPERTY("key", TEXT), PROPERTY("created_at", TIME)};
const struct shape exported_reaction_shape =
	SHAPE("ExportedReaction", exported_reaction_properties);

static const struct property exported_vote_properties[] = {
	PROPERTY("knowledge_id", INT), PROPERTY("value", INT), PROPERTY("created_at", TIME)};
const struct shape exported_vote_shape = SHAPE("ExportedVote", exported_vote_properties);

static const struct property exported_share_properties[] = {
	PROPERTY("knowledge_id", INT), PROPERTY("target", TEXT), PROPERTY("created_at", TIME)};
const struct shape exported_share_shape = SHAPE("ExportedShare", exported_share_properties);

static const struct property exported_invitation_properties[] = {
	PROPERTY("room_id", TEXT), PROPERTY("user_id", INT), PROPERTY("invited_by", INT),
	PROPERTY("created_at", TIME)};
const struct shape exported_invitation_shape =
	SHAPE("ExportedInvitation", exported_invitation_properties);

static const struct property exported_ban_properties[] = {
	PROPERTY("room_id", TEXT), PROPERTY("user_id", INT),
	PROPERTY("banned_by", INT, .nullable = true), PROPERTY("created_at", TIME)};
const struct shape exported_ban_shape = SHAPE("ExportedBan", exported_ban_properties);

static const struct property exported_presence_properties[] = {
	PROPERTY("status", TEXT), PROPERTY("last_seen", TIME),
	PROPERTY("current_room", TEXT, .nullable = true)};
const struct shape exported_presence_shape =
	SHAPE("ExportedPresence", exported_presence_properties);

static const struct property exported_audit_properties[] = {
	PROPERTY("action", TEXT),
	PROPERTY("actor_id", INT, .nullable = true, .help = "null: another user did it."),
	PROPERTY("address", TEXT, .nullable = true),
	PROPERTY("kind", TEXT, .nullable = true),
	PROPERTY("object", TEXT, .nullable = true),
	PROPERTY("detail", TEXT, .nullable = true),
	PROPERTY("times", INT),
	PROPERTY("created_at", TIME)};
const struct shape exported_audit_shape = SHAPE("ExportedAudit", exported_audit_properties);

#define PART(name, shape) PROPERTY(name, LIST, .of = &(shape))
static const struct property export_properties[] = {
	PROPERTY("exported_at", TIME),
	PART("account", user_shape),
	PART("privacy", privacy_shape),
	PART("sessions", session_shape),
	PART("presence", exported_presence_shape),
	PART("memberships", exported_membership_shape),
	PART("invitations", exported_invitation_shape),
	PART("bans", exported_ban_shape),
	PART("relationships", relationship_shape),
	PART("knowledge", knowledge_shape),
	PART("votes", exported_vote_shape),
	PART("shares", exported_share_shape),
	PART("reactions", exported_reaction_shape),
	PART("aeon_interactions", interaction_shape),
	PART("days", day_shape),
	PART("audit", exported_audit_shape),
	PART("messages", message_shape),
};
const struct shape export_shape = SHAPE("Export", export_properties);

static int page_relationships(struct store *store, int64_t user_id, int64_t before, int64_t limit,
			      struct page *page, struct buf *out, struct problem *why)
{
	return q_export_relationships(store, user_id, before, limit, clock_now(), page, out, why);
}

/* In the order of the properties above. */
static int (*const parts[])(struct store *, int64_t user_id, int64_t before, int64_t limit,
			    struct page *, struct buf *out, struct problem *) = {
	q_export_account,      q_export_privacy,
	q_export_sessions,     q_export_presence,
	q_export_memberships,  q_export_invitations,
	q_export_bans,         page_relationships,
	q_export_knowledge,    q_export_votes,
	q_export_shares,       q_export_reactions,
	q_export_interactions, q_export_days,
	q_export_audit,        NULL, /* messages: room by room */
};
#define PARTS ((int)(sizeof(parts) / sizeof(*parts)))

struct writing {
	struct arena *arena;
	struct store *store;
	int64_t user_id;
	struct buf *out, page;
	export_flush *flush;
	void *context;
	int done;
	bool has_some; /* of the current list */
};

static int hand_over(struct writing *w, size_t least, struct problem *why)
{
	if (w->out->len < least)
		return 0;
	return w->flush(w->out, w->done, PARTS, w->context, why);
}

/* Writes all pages of a part into the open list; of one room, if room_id is not NULL. */
static int write_pages(struct writing *w, const char *room_id, struct problem *why)
{
	struct page page = {.limit = PAGE};
	do {
		char after[PAGE_KEY];
		snprintf(after, sizeof(after), "%s", page.next);
		page.after = after[0] ? after : NULL;
		buf_clear(&w->page);
		store_work_begin(w->store);
		TRY(room_id ? q_export_messages(w->store, w->user_id, page_int(&page),
						page_limit(&page), room_id, &page, &w->page, why)
			    : parts[w->done](w->store, w->user_id, page_int(&page),
					     page_limit(&page), &page, &w->page, why));
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

static int write_messages(struct writing *w, struct problem *why)
{
	struct collected_texts rooms = {.arena = w->arena, .list = buf_in(w->arena)};
	TRY(q_export_rooms(w->store, w->user_id, collect_text, &rooms, why));
	const char **ids = (const char **)(void *)rooms.list->data;
	for (size_t i = 0; i < rooms.list->len / sizeof(*ids); i++)
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
		TRY(parts[w->done] ? write_pages(w, NULL, why) : write_messages(w, why));
		buf_putc(w->out, ']');
	}
	buf_putc(w->out, '}');
	return hand_over(w, 0, why);
}

struct handing {
	const struct session *by;
	int64_t user_id;
};

static int note_export(struct store *store, void *context, struct problem *why)
{
	const struct handing *h = context;
	return audit_user(store, h->by, AUDIT_EXPORTED, h->user_id, NULL, why);
}

int user_export(struct arena *arena, struct store *store, const struct session *by, int64_t user_id,
		struct buf *out, export_flush *flush, void *context, struct problem *why)
{
	struct writing w = {.arena = arena,
			    .store = store,
			    .user_id = user_id,
			    .out = out,
			    .flush = flush,
			    .context = context};
	struct handing h = {by, user_id};
	TRY(store_write(store, note_export, &h, why));
	int result = write_all(&w, why);
	buf_free(&w.page);
	return result;
}
