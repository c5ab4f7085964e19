/* Removal: see removal.h. */
#include "realm/removal.h"

#include <string.h>

#include "base/arena.h"
#include "base/clock.h"
#include "realm/audit.h"
#include "realm/changes.h"
#include "realm/collect.h"
#include "realm/events.h"
#include "realm/moderation.h"
#include "realm/session.h"
#include "store/queries.h"

static const char *const kinds[] = {"room", "message", "knowledge", "interaction", NULL};

#define KIND_ROW                                                                                   \
	FIELD(struct removal, kind, CHOICE, .required = true, .choices = kinds,                    \
	      .help = "Kind of the thing.")
#define ID_ROW                                                                                     \
	FIELD(struct removal, id, TEXT, .required = true, .min = 1, .max = 36,                     \
	      .help = "Id of the thing, as text.")
static const struct field removal_rows[] = {
	KIND_ROW,
	ID_ROW,
	FIELD(struct removal, reason, TEXT, .required = true, .min = 1, .max = REASON_MAX,
	      .help = "Why; only administrators see it."),
};
const struct fields removal_fields = FIELDS(struct removal, removal_rows);
static const struct field restoring_rows[] = {KIND_ROW, ID_ROW};
const struct fields restoring_fields = FIELDS(struct removal, restoring_rows);

static const struct field filter_rows[] = {
	FIELD(struct removal_filter, kind, CHOICE, .choices = kinds, .help = "Only this kind."),
};
const struct fields removal_filter_fields = FIELDS(struct removal_filter, filter_rows);

static const struct property removal_properties[] = {
	PROPERTY("id", INT),
	PROPERTY("kind", TEXT, .help = "room, message, knowledge or interaction."),
	PROPERTY("object", TEXT, .help = "Id of the thing."),
	PROPERTY("room_id", TEXT, .nullable = true),
	PROPERTY("author_id", INT, .nullable = true, .help = "Author, or owner of the room."),
	PROPERTY("author_name", TEXT, .nullable = true),
	PROPERTY("author_full_name", TEXT, .nullable = true),
	PROPERTY("removed_by", INT, .nullable = true, .help = "null: the operator."),
	PROPERTY("remover_name", TEXT, .nullable = true),
	PROPERTY("remover_full_name", TEXT, .nullable = true),
	PROPERTY("removed_at", TIME),
	PROPERTY("reason", TEXT),
	PROPERTY("content", OBJECT, .help = "The removed thing."),
};
const struct shape removal_shape = SHAPE("Removal", removal_properties);

/* One removal or restoring that the user may do. */
struct work {
	const char *object, *room_id, *reason;
	int64_t id;     /* of the row of removals */
	int64_t by;     /* 0: the operator */
	int64_t author; /* 0: the realm itself */
};

/* --- each kind -------------------------------------------------------------------------------- */

static int remove_room(struct store *store, struct work *w, struct problem *why)
{
	TRY(q_remove_room(store, w->object, w->author, w->by, w->reason, clock_now(), &w->id, why));
	TRY(q_room_remember_members(store, w->object, why));
	TRY(room_send_away(store, w->object, why));
	return q_room_hide(store, w->object, clock_now(), why);
}

static int restore_room(struct store *store, struct work *w, struct problem *why)
{
	const char *room = w->object, *subject = event_info(EVENT_ROOM_RESTORED)->subject;
	int64_t now = clock_now();
	TRY(q_restore_room(store, w->id, why));
	TRY(q_room_return_members(store, room, why));
	TRY(q_room_give_owner(store, room, why));
	TRY(q_room_tell_restored(store, event_name(EVENT_MEMBER_RETURNED), NULL, room, true, now,
				 why));
	return q_room_tell_restored(store, event_name(EVENT_ROOM_RESTORED), subject, room, false,
				    now, why);
}

static int remove_message(struct store *store, struct work *w, struct problem *why)
{
	TRY(q_remove_message(store, w->object, w->by, w->reason, clock_now(), &w->id, why));
	TRY(q_reactions_delete(store, w->object, why));
	TRY(q_message_hide(store, w->object, clock_now(), why));
	return message_note_change(store, EVENT_MESSAGE_REMOVED, w->room_id, w->object, w->author,
				   why);
}

static int restore_message(struct store *store, struct work *w, struct problem *why)
{
	int changed = q_restore_message(store, w->id, why);
	if (changed <= 0)
		return changed < 0 ? -1 : problem_set(why, PROBLEM_NOT_FOUND);
	return message_note_change(store, EVENT_MESSAGE_RESTORED, w->room_id, w->object, w->author,
				   why);
}

static int remove_knowledge(struct store *store, struct work *w, struct problem *why)
{
	TRY(q_remove_knowledge(store, w->object, w->by, w->reason, clock_now(), &w->id, why));
	TRY(q_remove_votes(store, w->id, w->object, why));
	TRY(q_remove_shares(store, w->id, w->object, why));
	return q_knowledge_take_away(store, w->object, why);
}

static int restore_knowledge(struct store *store, struct work *w, struct problem *why)
{
	TRY(q_restore_knowledge(store, w->id, why));
	TRY(q_restore_tag_names(store, w->id, why));
	TRY(q_restore_tags(store, w->id, why));
	TRY(q_restore_votes(store, w->id, why));
	TRY(q_restore_shares(store, w->id, why));
	TRY(q_restore_day(store, w->id, why));
	return q_restore_vote_days(store, w->id, why);
}

static int remove_interaction(struct store *store, struct work *w, struct problem *why)
{
	TRY(q_remove_interaction(store, w->object, w->by, w->reason, clock_now(), &w->id, why));
	return q_interaction_take_away(store, w->object, why);
}

static int restore_interaction(struct store *store, struct work *w, struct problem *why)
{
	int restored = q_restore_interaction(store, w->id, why);
	if (restored <= 0)
		return restored < 0 ? -1 : problem_set(why, PROBLEM_NOT_FOUND);
	TRY(q_restore_children(store, w->id, why));
	return q_restore_day(store, w->id, why);
}

/* In the order of `kinds`. */
static const struct {
	int (*remove)(struct store *, struct work *, struct problem *);
	int (*restore)(struct store *, struct work *, struct problem *);
} handlers[] = {
	{remove_room, restore_room},
	{remove_message, restore_message},
	{remove_knowledge, restore_knowledge},
	{remove_interaction, restore_interaction},
};

static size_t kind_index(const char *kind)
{
	size_t i = 0;
	while (strcmp(kinds[i], kind) != 0)
		i++;
	return i;
}

/* --- by an administrator ---------------------------------------------------------------------- */

struct order {
	struct arena *arena;
	const struct session *by;
	const struct removal *removal;
};

static int check_allowed(int found, bool allowed, struct problem *why)
{
	if (found <= 0)
		return found < 0 ? -1 : problem_set(why, PROBLEM_NOT_FOUND);
	return allowed ? 0 : problem_set(why, PROBLEM_FORBIDDEN);
}

static int note(struct store *store, const struct order *o, enum audit_action action,
		const char *detail, struct problem *why)
{
	return audit(store,
		     &(struct audit_entry){.action = action,
					   .caller = o->by->caller,
					   .actor = o->by->user_id,
					   .kind = o->removal->kind,
					   .object = o->removal->id,
					   .detail = detail},
		     why);
}

static int remove_one(struct store *store, void *context, struct problem *why)
{
	const struct order *o = context;
	const struct removal *r = o->removal;
	struct q_thing_for_moderation thing = {0};
	int found = q_thing_for_moderation(o->arena, store, o->by->user_id, r->kind, r->id, &thing,
					   why);
	TRY(check_allowed(found, thing.allowed, why));
	struct work w = {.object = r->id,
			 .room_id = thing.room,
			 .reason = r->reason,
			 .by = o->by->user_id,
			 .author = thing.author};
	TRY(handlers[kind_index(r->kind)].remove(store, &w, why));
	return note(store, o, AUDIT_REMOVED, r->reason, why);
}

int thing_remove(struct arena *arena, struct store *store, const struct session *by,
		 const struct removal *removal, struct problem *why)
{
	struct order o = {arena, by, removal};
	if (!is_administrator(by))
		return problem_set(why, PROBLEM_FORBIDDEN);
	return store_write(store, remove_one, &o, why);
}

static int restore_one(struct store *store, void *context, struct problem *why)
{
	const struct order *o = context;
	const struct removal *r = o->removal;
	struct q_removal_for_restore row = {0};
	int found =
		q_removal_for_restore(o->arena, store, o->by->user_id, r->kind, r->id, &row, why);
	TRY(check_allowed(found, row.allowed, why));
	struct work w = {.object = r->id, .room_id = row.room, .id = row.id, .author = row.author};
	TRY(handlers[kind_index(r->kind)].restore(store, &w, why));
	TRY(q_removal_delete(store, row.id, why));
	return note(store, o, AUDIT_RESTORED, NULL, why);
}

int thing_restore(struct arena *arena, struct store *store, const struct session *by,
		  const struct removal *removal, struct problem *why)
{
	struct order o = {arena, by, removal};
	if (!is_administrator(by))
		return problem_set(why, PROBLEM_FORBIDDEN);
	return store_write(store, restore_one, &o, why);
}

int removals_list(struct store *store, const struct session *viewer,
		  const struct removal_filter *filter, struct page *page, struct buf *out,
		  struct problem *why)
{
	if (!is_administrator(viewer))
		return problem_set(why, PROBLEM_FORBIDDEN);
	return q_removal_list(store, filter->kind, page_int(page), page_limit(page), page, out,
			      why);
}

/* --- everything that an account said ---------------------------------------------------------- */

#define WINDOW 200 /* entries of a room's log that one step looks at */
#define MOST 50    /* knowledge or interactions in one step */

int content_remove(struct store *store, const struct session *by, int64_t user_id,
		   const char *reason, struct problem *why)
{
	TRY(q_content_removal_begin(store, user_id, by->user_id, reason, clock_now(), why));
	TRY(q_user_clear_texts(store, user_id, clock_now(), why));
	return audit_user(store, by, AUDIT_CONTENT_REMOVED, user_id, reason, why);
}

struct sweep {
	struct arena *arena;
	struct q_content_removal_next next;
};

/* Removes the things of one kind with these ids. Returns how many. */
static int remove_all(struct store *store, const struct sweep *s, const char *kind,
		      const char *room_id, const struct collected_texts *ids, struct problem *why)
{
	const char **at = (const char **)(void *)ids->list->data;
	size_t count = ids->list->len / sizeof(*at);
	for (size_t i = 0; i < count; i++) {
		struct work w = {.object = at[i],
				 .room_id = room_id,
				 .reason = s->next.reason,
				 .by = s->next.by,
				 .author = s->next.user};
		TRY(handlers[kind_index(kind)].remove(store, &w, why));
	}
	return (int)count;
}

/* The next part of a room's log. Returns 0 when there is no other room. */
static int sweep_messages(struct store *store, const struct sweep *s, struct problem *why)
{
	const struct q_content_removal_next *next = &s->next;
	struct collected_texts ids = {.arena = s->arena, .list = buf_in(s->arena)};
	struct q_content_removal_room room = {.room = next->room};
	int64_t last = next->seq;
	if (last == 0) {
		int found =
			q_content_removal_room(s->arena, store, next->user, next->room, &room, why);
		if (found <= 0)
			return found;
		last = room.last_seq;
	}
	TRY(q_content_removal_messages(store, next->user, room.room, last - WINDOW, last,
				       next->before, collect_text, &ids, why));
	TRY(remove_all(store, s, "message", room.room, &ids, why));
	last = last > WINDOW ? last - WINDOW : 0;
	TRY(q_content_removal_at(store, next->user, room.room, last, why));
	return 1;
}

static int sweep_knowledge(struct store *store, const struct sweep *s, struct problem *why)
{
	struct collected_texts ids = {.arena = s->arena, .list = buf_in(s->arena)};
	TRY(q_content_removal_knowledge(store, s->next.user, s->next.before, MOST, collect_text,
					&ids, why));
	return remove_all(store, s, "knowledge", NULL, &ids, why);
}

static int sweep_interactions(struct store *store, const struct sweep *s, struct problem *why)
{
	struct collected_texts ids = {.arena = s->arena, .list = buf_in(s->arena)};
	TRY(q_content_removal_interactions(store, s->next.user, s->next.before, MOST, collect_text,
					   &ids, why));
	return remove_all(store, s, "interaction", NULL, &ids, why);
}

/* Answers to interactions of others. */
static int sweep_answers(struct store *store, const struct sweep *s, struct problem *why)
{
	return q_content_removal_answers(store, s->next.user, s->next.before, MOST, why);
}

/* A room of the user stays, since others speak in it, but without the texts of its owner. */
static int sweep_rooms(struct store *store, const struct sweep *s, struct problem *why)
{
	const char *room;
	int found = q_content_removal_owned(s->arena, store, s->next.user, s->next.before,
					    ROOM_CLEARED_NAME, &room, why);
	if (found > 0)
		TRY(room_clear_texts(s->arena, store, room, why));
	return found;
}

static int sweep(struct store *store, void *context, struct problem *why)
{
	static int (*const parts[])(struct store *, const struct sweep *, struct problem *) = {
		sweep_knowledge, sweep_interactions, sweep_answers, sweep_rooms, sweep_messages};
	struct sweep *s = context;
	int done = q_content_removal_next(s->arena, store, &s->next, why);
	if (done <= 0)
		return done;
	done = 0;
	for (size_t i = 0; i < sizeof(parts) / sizeof(*parts) && done == 0; i++)
		TRY(done = parts[i](store, s, why));
	if (done == 0)
		TRY(q_content_removal_end(store, s->next.user, why));
	return 1;
}

int content_removal_step(struct store *store, struct problem *why)
{
	struct sweep s = {.arena = arena_new()};
	int result = store_write_unsynced(store, sweep, &s, why);
	arena_free(&s.arena);
	return result;
}

int removals_prune(struct store *store, int64_t before, int64_t limit, struct problem *why)
{
	TRY(q_removed_rooms_delete(store, before, why));
	return q_removals_prune(store, before, limit, why);
}
