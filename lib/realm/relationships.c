/* Relationships: see relationships.h. */
#include "realm/relationships.h"

#include "base/arena.h"
#include "base/clock.h"
#include "base/json_out.h"
#include "realm/events.h"

static const struct field new_rows[] = {
	FIELD(struct relationship_new, related_user_id, INT, .required = true, .min = 1,
	      .max = 9e15),
	FIELD(struct relationship_new, relationship_type, TEXT, .required = true, .min = 1,
	      .max = 50, .pattern = "^[a-z_]+$",
	      .help = "friend opens what is shared with friends; blocked hides each from the "
		      "other."),
	FIELD(struct relationship_new, strength, REAL, .min = 0, .max = 1, .preset = "1"),
	FIELD(struct relationship_new, shared_interests, TEXTS, .max = 50, .item_max = 100),
	FIELD(struct relationship_new, meta_data, OBJECT, .max = 8192),
};
const struct fields relationship_new_fields = FIELDS(struct relationship_new, new_rows);

static const struct field filter_rows[] = {
	FIELD(struct relationship_filter, relationship_type, TEXT, .min = 1, .max = 50),
};
const struct fields relationship_filter_fields = FIELDS(struct relationship_filter, filter_rows);

static const struct member relationship_members[] = {
	MEMBER("id", INT),
	MEMBER("user_id", INT),
	MEMBER("related_user_id", INT),
	MEMBER("related_username", TEXT),
	MEMBER("relationship_type", TEXT),
	MEMBER("strength", REAL, .help = "0 to 1."),
	MEMBER("created_at", TIME),
	MEMBER("last_interaction", TIME),
	MEMBER("interaction_count", INT),
	MEMBER("shared_interests", TEXTS),
	MEMBER("meta_data", OBJECT, .nullable = true),
};
const struct shape relationship_shape = SHAPE("Relationship", relationship_members);

struct change {
	struct arena *arena;
	int64_t user_id;
	const struct relationship_new *input;
};

static int put(struct store *store, void *context, struct problem *why)
{
	struct change *c = context;
	const struct relationship_new *r = c->input;
	int there = store_get(NULL, store, why, Q_RELATIONSHIP_TARGET, "ll", c->user_id,
			      r->related_user_id);
	if (there <= 0)
		return there < 0 ? -1 : problem_set(why, PROBLEM_USER_NOT_FOUND);
	int known = store_get(NULL, store, why, Q_RELATIONSHIP_EXISTS, "ll", c->user_id,
			      r->related_user_id);
	TRY(known);
	struct buf *interests = buf_in(c->arena), *data = buf_in(c->arena);
	jw_texts(interests, r->shared_interests.at, r->shared_interests.count);
	TRY(store_exec(store, why, Q_RELATIONSHIP_PUT, "lltdltt", c->user_id, r->related_user_id,
		       r->relationship_type, r->strength, clock_now(), interests->data,
		       r->meta_data));
	TRY(relationship_show(store, c->user_id, r->related_user_id, data, why));
	TRY(event_append(store, EVENT_RELATIONSHIP_UPDATED, NULL, c->user_id, data, NULL, why));
	return !known;
}

int relationship_put(struct arena *arena, struct store *store, int64_t user_id,
		     const struct relationship_new *input, struct problem *why)
{
	if (input->related_user_id == user_id)
		return problem_field(arena, why, "body", "related_user_id",
				     "Value error, you cannot relate to yourself");
	struct change c = {.arena = arena, .user_id = user_id, .input = input};
	return store_write(store, put, &c, why);
}

int relationship_show(struct store *store, int64_t user_id, int64_t related_user_id,
		      struct buf *out, struct problem *why)
{
	int found = store_object(store, out, why, Q_RELATIONSHIP_ONE, &relationship_shape, "ll",
				 user_id, related_user_id);
	return found == 0 ? problem_set(why, PROBLEM_NOT_FOUND) : found;
}

int relationships_list(struct store *store, int64_t user_id,
		       const struct relationship_filter *filter, struct page *page, struct buf *out,
		       struct problem *why)
{
	return store_list(store, out, why, Q_RELATIONSHIPS_MINE, &relationship_shape, page, "ltli",
			  user_id, filter->relationship_type, page_int(page), page_limit(page));
}
