/* Relationships: see relationships.h. */
#include "realm/relationships.h"

#include "base/arena.h"
#include "base/clock.h"
#include "base/json_out.h"
#include "realm/account_changed.h"
#include "realm/collect.h"
#include "realm/events.h"
#include "realm/person.h"
#include "realm/presence.h"
#include "realm/rooms.h"
#include "store/queries.h"

#define TYPE(structure, ...)                                                                       \
	FIELD(structure, relationship_type, TEXT, .min = 1, .max = 50, .pattern = "^[a-z_]+$",     \
	      .help = "friend shows what is for friends; blocked hides both users from each "      \
		      "other.",                                                                    \
	      __VA_ARGS__)
#define STRENGTH(structure, ...)                                                                   \
	FIELD(structure, strength, REAL, .min = 0, .max = 1,                                       \
	      .help = "It halves in 30 days without an interaction.", __VA_ARGS__)
#define INTERESTS_AND_DATA(structure)                                                              \
	FIELD(structure, shared_interests, TEXTS, .max = 50, .item_max = 100,                      \
	      .help = "Interests of both users."),                                                 \
		FIELD(structure, meta_data, OBJECT, .max = 8192,                                   \
		      .help = "Any JSON object. The server stores it and does not interpret it.")

static const struct field new_rows[] = {
	FIELD(struct relationship_new, related_user_id, INT, .required = true, .min = 1,
	      .max = 9e15, .help = "Id of the other user."),
	TYPE(struct relationship_new, .required = true),
	STRENGTH(struct relationship_new, .default_value = "1"),
	INTERESTS_AND_DATA(struct relationship_new),
};
const struct fields relationship_new_fields = FIELDS(struct relationship_new, new_rows);

static const struct field change_rows[] = {
	TYPE(struct relationship_change),
	STRENGTH(struct relationship_change),
	INTERESTS_AND_DATA(struct relationship_change),
};
const struct fields relationship_change_fields = FIELDS(struct relationship_change, change_rows);

static const struct field filter_rows[] = {
	FIELD(struct relationship_filter, relationship_type, TEXT, .min = 1, .max = 50,
	      .help = "Only relationships of this type."),
};
const struct fields relationship_filter_fields = FIELDS(struct relationship_filter, filter_rows);

static const struct property relationship_properties[] = {
	PROPERTY("id", INT),
	PROPERTY("user_id", INT),
	PROPERTY("related_user_id", INT),
	PROPERTY("related_username", TEXT),
	PROPERTY("related_full_name", TEXT, .nullable = true),
	PROPERTY("related_twin", OBJECT, .nullable = true, .help = TWIN_OF_PERSON),
	PROPERTY("relationship_type", TEXT),
	PROPERTY("strength", REAL,
		 .help = "0 to 1. It halves in 30 days without contact. Each message, vote, "
			 "interaction and answer raises it by (1 - strength) / 20."),
	PROPERTY("created_at", TIME),
	PROPERTY("last_interaction", TIME),
	PROPERTY("interaction_count", INT),
	PROPERTY("shared_interests", TEXTS),
	PROPERTY("meta_data", OBJECT, .nullable = true),
};
const struct shape relationship_shape = SHAPE("Relationship", relationship_properties);

/* An action on the relationship from one user to another. */
struct doing {
	struct arena *arena;
	int64_t user_id, related_user_id;
	const struct relationship_new *input;
	const struct relationship_change *change;
	int (*act)(struct store *store, struct doing *d, struct problem *why);
};

static const char *texts_json(struct arena *arena, const struct texts *texts)
{
	struct buf *json = buf_in(arena);
	jw_texts(json, texts->at, texts->count);
	return json->data;
}

/* Tells the user's own clients how the relationship is now. */
static int tell(struct store *store, struct doing *d, struct problem *why)
{
	struct buf *data = buf_in(d->arena);
	TRY(relationship_show(store, d->user_id, d->related_user_id, data, why));
	return event_append(store,
			    &(struct event){.kind = EVENT_RELATIONSHIP_UPDATED,
					    .other_id = d->related_user_id,
					    .user_id = d->user_id,
					    .data = data->data},
			    why);
}

static int put(struct store *store, struct doing *d, struct problem *why)
{
	const struct relationship_new *r = d->input;
	int there = q_relationship_target(store, d->user_id, d->related_user_id, why);
	if (there <= 0)
		return there < 0 ? -1 : problem_set(why, PROBLEM_USER_NOT_FOUND);
	bool is_new;
	TRY(q_relationship_put(store, d->user_id, d->related_user_id, r->relationship_type,
			       r->strength, clock_now(), texts_json(d->arena, &r->shared_interests),
			       r->meta_data, &is_new, why));
	TRY(tell(store, d, why));
	return is_new;
}

static int update(struct store *store, struct doing *d, struct problem *why)
{
	const struct relationship_change *c = d->change;
	int changed = q_relationship_update(
		store, d->user_id, d->related_user_id, c->given, c->relationship_type, c->strength,
		texts_json(d->arena, &c->shared_interests), c->meta_data, clock_now(), why);
	if (changed <= 0)
		return changed < 0 ? -1 : problem_set(why, PROBLEM_NOT_FOUND);
	return tell(store, d, why);
}

static int remove_it(struct store *store, struct doing *d, struct problem *why)
{
	int removed = q_relationship_delete(store, d->user_id, d->related_user_id, why);
	if (removed <= 0)
		return removed < 0 ? -1 : problem_set(why, PROBLEM_NOT_FOUND);
	return account_tell(store, d->user_id, ACCOUNT_RELATIONSHIP, d->related_user_id, true, why);
}

/* What two users are to each other: the user of the doing, and the related one. */
struct bond {
	int blocked;
	int told, told_back; /* the user's presence is told to the other, and the other way round */
};

static int look(struct store *store, const struct doing *d, struct bond *bond_r,
		struct problem *why)
{
	TRY(bond_r->blocked = q_relationship_blocked(store, d->user_id, d->related_user_id, why));
	TRY(bond_r->told = presence_is_told(store, d->related_user_id, d->user_id, why));
	TRY(bond_r->told_back = presence_is_told(store, d->user_id, d->related_user_id, why));
	return 0;
}

/* The two see more or less of each other's presence now. */
static int tell_presence(struct store *store, const struct doing *d, const struct bond *before,
			 const struct bond *after, struct problem *why)
{
	bool turned = before->blocked != after->blocked;
	if (before->told != after->told || (turned && after->told))
		TRY(presence_tell_again(store, d->user_id, d->related_user_id, why));
	if (before->told_back != after->told_back || (turned && after->told_back))
		TRY(presence_tell_again(store, d->related_user_id, d->user_id, why));
	return 0;
}

/* The clients of the other user read the rooms again in which both are or were. */
static int tell_rooms(struct store *store, int64_t user_id, int64_t other_id, struct problem *why)
{
	int heard = q_rooms_heard(store, other_id, user_id, why);
	return heard > 0 ? account_tell(store, other_id, ACCOUNT_RELATIONSHIP, 0, false, why)
			 : heard;
}

static int tell_blocked(struct store *store, const struct doing *d, bool blocked,
			struct problem *why)
{
	struct event one = {.kind = blocked ? EVENT_BLOCKED : EVENT_UNBLOCKED,
			    .user_id = d->user_id,
			    .other_id = d->related_user_id};
	struct event other = {.kind = one.kind, .user_id = one.other_id, .other_id = one.user_id};
	TRY(event_append(store, &one, why));
	TRY(event_append(store, &other, why));
	if (blocked) {
		TRY(rooms_uninvite_by(store, d->user_id, d->related_user_id, why));
		TRY(rooms_uninvite_by(store, d->related_user_id, d->user_id, why));
	}
	return tell_rooms(store, d->user_id, d->related_user_id, why);
}

static int act(struct store *store, void *context, struct problem *why)
{
	struct doing *d = context;
	struct bond before, after;
	int result;
	TRY(look(store, d, &before, why));
	TRY(result = d->act(store, d, why));
	TRY(look(store, d, &after, why));
	if (before.blocked != after.blocked)
		TRY(tell_blocked(store, d, after.blocked, why));
	TRY(tell_presence(store, d, &before, &after, why));
	return result;
}

int relationship_put(struct arena *arena, struct store *store, int64_t user_id,
		     const struct relationship_new *input, struct problem *why)
{
	struct doing d = {.arena = arena,
			  .user_id = user_id,
			  .related_user_id = input->related_user_id,
			  .input = input,
			  .act = put};
	if (input->related_user_id == user_id)
		return problem_field(arena, why, "body", "related_user_id",
				     "Value error, you cannot have a relationship to yourself");
	return store_write(store, act, &d, why);
}

int relationship_update(struct arena *arena, struct store *store, int64_t user_id,
			int64_t related_user_id, const struct relationship_change *change,
			struct problem *why)
{
	struct doing d = {.arena = arena,
			  .user_id = user_id,
			  .related_user_id = related_user_id,
			  .change = change,
			  .act = update};
	return store_write(store, act, &d, why);
}

int relationship_delete(struct arena *arena, struct store *store, int64_t user_id,
			int64_t related_user_id, struct problem *why)
{
	struct doing d = {.arena = arena,
			  .user_id = user_id,
			  .related_user_id = related_user_id,
			  .act = remove_it};
	return store_write(store, act, &d, why);
}

int relationship_nudge(struct store *store, int64_t one, int64_t other, struct problem *why)
{
	return q_relationship_nudge(store, one, other, clock_now(), why);
}

int relationship_show(struct store *store, int64_t user_id, int64_t related_user_id,
		      struct buf *out, struct problem *why)
{
	int found = q_relationship_one(store, user_id, related_user_id, clock_now(), out, why);
	return found == 0 ? problem_set(why, PROBLEM_NOT_FOUND) : found;
}

int relationships_list(struct store *store, int64_t user_id,
		       const struct relationship_filter *filter, struct page *page, struct buf *out,
		       struct problem *why)
{
	return q_relationships_mine(store, user_id, filter->relationship_type, page_int(page),
				    page_limit(page), clock_now(), page, out, why);
}

int relationships_end_blocks(struct store *store, int64_t user_id, int64_t limit,
			     struct problem *why)
{
	struct buf others = {0};
	int result = q_erased_blocks(store, user_id, limit, collect_id, &others, why);
	const int64_t *ids = (const int64_t *)(const void *)others.data;
	size_t count = others.len / sizeof(*ids);
	for (size_t i = 0; i < count && result >= 0; i++) {
		result = q_erase_block(store, user_id, ids[i], why);
		if (result >= 0)
			result = tell_rooms(store, user_id, ids[i], why);
	}
	buf_free(&others);
	return result < 0 ? -1 : (int)count;
}

int relationships_blocked(struct store *store, int64_t viewer, struct buf *ids, struct problem *why)
{
	return q_relationships_blocked(store, viewer, collect_id, ids, why);
}

int relationships_of(struct store *store, int64_t viewer, int64_t user_id,
		     const struct relationship_filter *filter, struct page *page, struct buf *out,
		     struct problem *why)
{
	bool open;
	int found = q_relationships_open(store, viewer, user_id, &open, why);
	if (found <= 0)
		return found < 0 ? -1 : problem_set(why, PROBLEM_USER_NOT_FOUND);
	if (!open)
		return problem_say(why, PROBLEM_FORBIDDEN,
				   "You may not see this user's relationships");
	return q_relationships_of(store, viewer, user_id, filter->relationship_type, page_int(page),
				  page_limit(page), clock_now(), page, out, why);
}
