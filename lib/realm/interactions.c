/* AEON interactions: see interactions.h. */
#include "realm/interactions.h"

#include <string.h>

#include "base/arena.h"
#include "base/clock.h"
#include "realm/events.h"
#include "realm/relationships.h"
#include "realm/users.h"

static const struct field new_rows[] = {
	FIELD(struct interaction_new, target_aeon_user_id, INT, .required = true, .min = 1,
	      .max = 9e15),
	FIELD(struct interaction_new, interaction_type, TEXT, .required = true, .min = 1,
	      .max = 50),
	FIELD(struct interaction_new, content, TEXT, .required = true, .min = 1, .max = 8000),
	FIELD(struct interaction_new, context, OBJECT, .max = 8192),
	FIELD(struct interaction_new, is_public, BOOL, .default_value = "false"),
	FIELD(struct interaction_new, meta_data, OBJECT, .max = 8192),
	FIELD(struct interaction_new, parent_id, INT, .min = 0, .max = 9e15,
	      .help = "Id of the interaction that this one continues."),
};
const struct fields interaction_new_fields = FIELDS(struct interaction_new, new_rows);

static const struct field response_rows[] = {
	FIELD(struct interaction_response, response_content, TEXT, .required = true, .min = 1,
	      .max = 8000),
};
const struct fields interaction_response_fields =
	FIELDS(struct interaction_response, response_rows);

static const char *const scopes[] = {"mine", "public", NULL};
static const struct field filter_rows[] = {
	FIELD(struct interaction_filter, interaction_type, TEXT, .min = 1, .max = 50),
	FIELD(struct interaction_filter, is_public, TRISTATE),
	FIELD(struct interaction_filter, with, INT, .min = 0, .max = 9e15,
	      .help = "Id of the user on the other side."),
	FIELD(struct interaction_filter, scope, CHOICE, .choices = scopes, .default_value = "mine"),
};
const struct fields interaction_filter_fields = FIELDS(struct interaction_filter, filter_rows);

static const struct property interaction_properties[] = {
	PROPERTY("id", INT),
	PROPERTY("aeon_user_id", INT),
	PROPERTY("aeon_name", TEXT),
	PROPERTY("target_aeon_user_id", INT),
	PROPERTY("target_aeon_name", TEXT),
	PROPERTY("interaction_type", TEXT),
	PROPERTY("content", TEXT),
	PROPERTY("context", OBJECT, .nullable = true),
	PROPERTY("created_at", TIME),
	PROPERTY("response_content", TEXT, .nullable = true),
	PROPERTY("response_at", TIME, .nullable = true),
	PROPERTY("is_public", BOOL),
	PROPERTY("parent_id", INT, .nullable = true),
	PROPERTY("responded_by", TEXT, .nullable = true, .help = "user or twin."),
	PROPERTY("meta_data", OBJECT, .nullable = true),
};
const struct shape interaction_shape = SHAPE("Interaction", interaction_properties);

struct change {
	struct arena *arena;
	int64_t viewer, id;
	const struct interaction_new *input;
	const struct interaction_response *response;
};

/* Tells one side what the interaction is now. */
static int tell(struct store *store, const struct change *c, enum event_kind kind, int64_t user_id,

		struct problem *why)
{
	struct buf *data = buf_in(c->arena);
	TRY(interaction_show(store, user_id, c->id, data, why));
	return event_append(store,
			    &(struct event){.kind = kind,
					    .user_id = user_id,
					    .other_id = c->viewer,
					    .data = data->data},
			    why);
}

static int create(struct store *store, void *context, struct problem *why)
{
	struct change *c = context;
	const struct interaction_new *input = c->input;
	TRY(user_reachable(store, c->viewer, input->target_aeon_user_id, why));
	if (input->parent_id) {
		int there = store_get(NULL, store, why, Q_INTERACTION_FOR_RESPONSE, "ll", c->viewer,
				      input->parent_id);
		if (there <= 0)
			return there < 0 ? -1
					 : problem_field(c->arena, why, "body", "parent_id",
							 "Value error, no such interaction");
	}
	TRY(store_exec(store, why, Q_INTERACTION_INSERT, "lltttlilt", c->viewer,
		       input->target_aeon_user_id, input->interaction_type, input->content,
		       input->context, clock_now(), input->is_public, input->parent_id,
		       input->meta_data));
	c->id = store_last_id(store);
	TRY(relationship_nudge(store, c->viewer, input->target_aeon_user_id, why));
	return tell(store, c, EVENT_INTERACTION_CREATED, input->target_aeon_user_id, why);
}

int interaction_create(struct arena *arena, struct store *store, int64_t author,
		       const struct interaction_new *input, int64_t *id_r, struct problem *why)
{
	if (input->target_aeon_user_id == author)
		return problem_field(arena, why, "body", "target_aeon_user_id",
				     "Value error, you cannot address yourself");
	struct change c = {.arena = arena, .viewer = author, .input = input};
	TRY(store_write(store, create, &c, why));
	*id_r = c.id;
	return 0;
}

int interaction_show(struct store *store, int64_t viewer, int64_t id, struct buf *out,
		     struct problem *why)
{
	int found = store_object(store, out, why, Q_INTERACTION_ONE, &interaction_shape, "ll",
				 viewer, id);
	return found == 0 ? problem_set(why, PROBLEM_INTERACTION_NOT_FOUND) : found;
}

int interactions_list(struct store *store, int64_t viewer, const struct interaction_filter *filter,
		      struct page *page, struct buf *out, struct problem *why)
{
	if (strcmp(filter->scope, "public") == 0)
		return store_list(store, out, why, Q_INTERACTIONS_PUBLIC, &interaction_shape, page,
				  "ltlli", viewer, filter->interaction_type, filter->with,
				  page_int(page), page_limit(page));
	return store_list(store, out, why, Q_INTERACTIONS_MINE, &interaction_shape, page, "ltilli",
			  viewer, filter->interaction_type, filter->is_public, filter->with,
			  page_int(page), page_limit(page));
}

static int respond(struct store *store, void *context, struct problem *why)
{
	struct change *c = context;
	int64_t author, target;
	int answered;
	int found = store_get(NULL, store, why, Q_INTERACTION_FOR_RESPONSE, "ll>lli", c->viewer,
			      c->id, &author, &target, &answered);
	if (found <= 0)
		return found < 0 ? -1 : problem_set(why, PROBLEM_INTERACTION_NOT_FOUND);
	if (target != c->viewer)
		return problem_say(why, PROBLEM_FORBIDDEN, "Only the addressed user may answer");
	if (answered)
		return problem_set(why, PROBLEM_ALREADY_ANSWERED);
	TRY(store_exec(store, why, Q_INTERACTION_RESPOND, "ltlt", c->id,
		       c->response->response_content, clock_now(), "user"));
	TRY(relationship_nudge(store, c->viewer, author, why));
	return tell(store, c, EVENT_INTERACTION_RESPONDED, author, why);
}

static int delete (struct store *store, void *context, struct problem *why)
{
	struct change *c = context;
	int64_t author, target;
	int found = store_get(NULL, store, why, Q_INTERACTION_FOR_RESPONSE, "ll>ll", c->viewer,
			      c->id, &author, &target);
	if (found <= 0)
		return found < 0 ? -1 : problem_set(why, PROBLEM_INTERACTION_NOT_FOUND);
	if (author != c->viewer && target != c->viewer)
		return problem_say(why, PROBLEM_FORBIDDEN,
				   "Only the two users of an interaction may remove it");
	return store_exec(store, why, Q_INTERACTION_DELETE, "l", c->id);
}

int interaction_delete(struct store *store, int64_t viewer, int64_t id, struct problem *why)
{
	struct change c = {.viewer = viewer, .id = id};
	return store_write(store, delete, &c, why);
}

int interaction_respond(struct arena *arena, struct store *store, int64_t viewer, int64_t id,
			const struct interaction_response *input, struct problem *why)
{
	struct change c = {.arena = arena, .viewer = viewer, .id = id, .response = input};
	TRY(store_write(store, respond, &c, why));
	return 0;
}
