/* Export: see export.h. */
#include "realm/export.h"

#include <stdio.h>

#include "base/arena.h"
#include "base/clock.h"
#include "base/json_out.h"
#include "realm/accounts.h"
#include "realm/audit.h"
#include "realm/conversations.h"
#include "realm/interactions.h"
#include "realm/invites.h"
#include "realm/knowledge.h"
#include "realm/mail_settings.h"
#include "realm/mails.h"
#include "realm/memories.h"
#include "realm/messages.h"
#include "realm/relationships.h"
#include "realm/rooms.h"
#include "realm/social.h"
#include "realm/turn_list.h"
#include "realm/twins.h"
#include "realm/user_settings.h"
#include "realm/users.h"
#include "store/queries.h"

#define PAGE 200    /* rows */
#define WINDOW 5000 /* entries of a room's log that are searched at once */
#define FLUSH_BYTES 65536

static const struct property exported_membership_properties[] = {
	PROPERTY("room_id", TEXT),
	PROPERTY("name", TEXT),
	PROPERTY("role", TEXT),
	PROPERTY("joined_at", TIME),
	PROPERTY("is_active", BOOL),
	PROPERTY("read_seq", INT),
	PROPERTY("muted_until", TIME, .nullable = true),
	PROPERTY("notify", TEXT),
};
const struct shape exported_membership_shape =
	SHAPE("ExportedMembership", exported_membership_properties);

static const struct property exported_reaction_properties[] = {
	PROPERTY("message_id", TEXT), PROPERTY("key", TEXT), PROPERTY("created_at", TIME)};
const struct shape exported_reaction_shape =
	SHAPE("ExportedReaction", exported_reaction_properties);

static const struct property exported_former_text_properties[] = {
	PROPERTY("message_id", TEXT), PROPERTY("content", TEXT), PROPERTY("replaced_at", TIME)};
const struct shape exported_former_text_shape =
	SHAPE("ExportedFormerText", exported_former_text_properties);

static const struct property exported_mention_properties[] = {PROPERTY("message_id", TEXT),
							      PROPERTY("room_id", TEXT)};
const struct shape exported_mention_shape = SHAPE("ExportedMention", exported_mention_properties);

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

static const struct property exported_network_properties[] = {
	PROPERTY("network", TEXT, .help = "A network from which the user has signed in."),
	PROPERTY("last_login", TIME)};
const struct shape exported_network_shape = SHAPE("ExportedNetwork", exported_network_properties);

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

static const struct property exported_removal_properties[] = {
	PROPERTY("kind", TEXT),
	PROPERTY("object", TEXT),
	PROPERTY("reason", TEXT),
	PROPERTY("removed_at", TIME),
	PROPERTY("content", OBJECT, .nullable = true, .help = "If you are its author."),
	PROPERTY("author_id", INT, .nullable = true),
	PROPERTY("removed_by", INT, .nullable = true, .help = "null: another user."),
	PROPERTY("other_id", INT, .nullable = true, .help = "Target of an interaction.")};
const struct shape exported_removal_shape = SHAPE("ExportedRemoval", exported_removal_properties);

static const struct property exported_report_properties[] = {
	PROPERTY("id", INT),
	PROPERTY("kind", TEXT),
	PROPERTY("object", TEXT),
	PROPERTY("reason", TEXT),
	PROPERTY("state", TEXT),
	PROPERTY("note", TEXT, .nullable = true),
	PROPERTY("created_at", TIME),
	PROPERTY("updated_at", TIME),
	PROPERTY("reporter_id", INT, .nullable = true),
	PROPERTY("assignee_id", INT, .nullable = true)};
const struct shape exported_report_shape = SHAPE("ExportedReport", exported_report_properties);

static const struct property exported_twin_room_properties[] = {PROPERTY("room_id", TEXT),
								PROPERTY("added_at", TIME)};
const struct shape exported_twin_room_shape =
	SHAPE("ExportedTwinRoom", exported_twin_room_properties);

static const struct property exported_twin_call_properties[] = {
	PROPERTY("turn_id", INT, .nullable = true),
	PROPERTY("provider", TEXT),
	PROPERTY("model", TEXT),
	PROPERTY("reserved", INT),
	PROPERTY("spent", INT, .nullable = true),
	PROPERTY("created_at", TIME)};
const struct shape exported_twin_call_shape =
	SHAPE("ExportedTwinCall", exported_twin_call_properties);

#define PART(name, shape) PROPERTY(name, LIST, .of = &(shape))
static const struct property export_properties[] = {
	PROPERTY("exported_at", TIME),
	PART("account", user_shape),
	PART("privacy", privacy_shape),
	PART("settings", user_settings_shape),
	PART("sessions", session_shape),
	PART("networks", exported_network_shape),
	PART("presence", exported_presence_shape),
	PART("memberships", exported_membership_shape),
	PART("invitations", exported_invitation_shape),
	PART("invites", invite_shape),
	PART("bans", exported_ban_shape),
	PART("relationships", relationship_shape),
	PART("knowledge", knowledge_shape),
	PART("votes", exported_vote_shape),
	PART("shares", exported_share_shape),
	PART("reactions", exported_reaction_shape),
	PART("former_texts", exported_former_text_shape),
	PART("mentions", exported_mention_shape),
	PART("aeon_interactions", interaction_shape),
	PART("days", day_shape),
	PART("mail_settings", mail_settings_shape),
	PART("mails", exported_mail_shape),
	PART("audit", exported_audit_shape),
	PART("removals", exported_removal_shape),
	PART("reports", exported_report_shape),
	PART("twin", twin_shape),
	PART("twin_rooms", exported_twin_room_shape),
	PART("memories", memory_shape),
	PART("conversations", conversation_summary_shape),
	PART("chat", chat_line_shape),
	PART("turns", turn_shape),
	PART("twin_calls", exported_twin_call_shape),
	PART("messages", message_shape),
};
const struct shape export_shape = SHAPE("Export", export_properties);

static int page_relationships(struct store *store, int64_t user_id, int64_t before, int64_t limit,
			      struct page *page, struct buf *out, struct problem *why)
{
	return q_export_relationships(store, user_id, before, limit, clock_now(), page, out, why);
}

/* The query of a part, which is of one of two kinds: see export.sql. */
struct part {
	int (*below)(struct store *, int64_t user_id, int64_t before, int64_t limit, struct page *,
		     struct buf *out, struct problem *);
	int (*behind)(struct store *, int64_t user_id, const char *after, int64_t limit,
		      struct page *, struct buf *out, struct problem *);
};

/* In the order of the properties above. */
static const struct part parts[] = {
	{.below = q_export_account},
	{.below = q_export_privacy},
	{.below = q_export_settings},
	{.below = q_export_sessions},
	{.behind = q_export_networks},
	{.below = q_export_presence},
	{.below = q_export_memberships},
	{.behind = q_export_invitations},
	{.below = q_export_invites},
	{.behind = q_export_bans},
	{.below = page_relationships},
	{.below = q_export_knowledge},
	{.below = q_export_votes},
	{.behind = q_export_shares},
	{.behind = q_export_reactions},
	{.behind = q_export_former_texts},
	{.behind = q_export_mentions},
	{.below = q_export_interactions},
	{.below = q_export_days},
	{.below = q_export_mail_settings},
	{.below = q_export_mails},
	{.below = q_export_audit},
	{.below = q_export_removals},
	{.below = q_export_reports},
	{.below = q_export_twin},
	{.behind = q_export_twin_rooms},
	{.below = q_export_memories},
	{.behind = q_export_conversations},
	{.behind = q_export_chat},
	{.below = q_export_turns},
	{.below = q_export_twin_calls},
	{0}, /* messages: room by room */
};
#define PARTS ((int)(sizeof(parts) / sizeof(*parts)))

struct writing {
	struct arena *arena;
	struct store *store;
	int64_t user_id;
	struct buf *out, page;
	struct buf *rooms; /* struct room: those that may have messages of the user */
	export_flush *flush;
	void *context;
	int done;
	bool has_some; /* of the current list */
};

/* The messages of `room` behind `from`, to `before`; or a part, without a room. */
struct source {
	const struct part *part;
	const char *room;
	int64_t from, before;
};

static int hand_over(struct writing *w, size_t least, struct problem *why)
{
	if (w->out->len < least)
		return 0;
	return w->flush(w->out, w->done, PARTS, w->context, why);
}

static int read_page(struct writing *w, const struct source *source, struct page *page,
		     struct problem *why)
{
	const struct part *part = source->part;
	int limit = page_limit(page);
	store_work_begin(w->store);
	if (source->room)
		return q_export_messages(w->store, w->user_id, source->room, source->from,
					 page->after ? page_int(page) : source->before, limit, page,
					 &w->page, why);
	if (part->below)
		return part->below(w->store, w->user_id, page_int(page), limit, page, &w->page,
				   why);
	return part->behind(w->store, w->user_id, page->after ? page->after : "", limit, page,
			    &w->page, why);
}

/* Writes all pages of the source into the open list. */
static int write_pages(struct writing *w, const struct source *source, struct problem *why)
{
	struct page page = {.limit = PAGE};
	do {
		char after[PAGE_KEY];
		snprintf(after, sizeof(after), "%s", page.next);
		page.after = after[0] ? after : NULL;
		buf_clear(&w->page);
		TRY(read_page(w, source, &page, why));
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

struct room {
	const char *id;
	int64_t last;
};

static int collect_room(const struct q_export_rooms *row, void *context, struct problem *why)
{
	struct writing *w = context;
	const struct room room = {.id = arena_strdup(w->arena, row->room), .last = row->last};
	(void)why;
	buf_add(w->rooms, &room, sizeof(room));
	return 0;
}

/* In windows of the log, because only a few of its messages may be the user's. */
static int write_messages(struct writing *w, struct problem *why)
{
	w->rooms = buf_in(w->arena);
	TRY(q_export_rooms(w->store, w->user_id, collect_room, w, why));
	const struct room *rooms = (const struct room *)(void *)w->rooms->data;
	for (size_t i = 0; i < w->rooms->len / sizeof(*rooms); i++)
		for (int64_t last = rooms[i].last; last > 0; last -= WINDOW) {
			const struct source source = {
				.room = rooms[i].id, .from = last - WINDOW, .before = last + 1};
			TRY(write_pages(w, &source, why));
		}
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
		const struct source source = {.part = &parts[w->done]};
		bool is_messages = !source.part->below && !source.part->behind;
		TRY(is_messages ? write_messages(w, why) : write_pages(w, &source, why));
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
