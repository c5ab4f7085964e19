/* AEON interactions: see interactions.h. */
#include "realm/interactions.h"

#include <string.h>

#include "base/arena.h"
#include "base/clock.h"
#include "realm/account_changed.h"
#include "realm/events.h"
#include "realm/quota.h"
#include "realm/relationships.h"
#include "realm/turns.h"
#include "realm/users.h"
#include "store/queries.h"

static const struct field new_rows[] = {
	FIELD(struct interaction_new, target_aeon_user_id, INT, .required = true, .min = 1,
	      .max = 9e15, .help = "Id of the user whose twin is addressed."),
	FIELD(struct interaction_new, interaction_type, TEXT, .required = true, .min = 1, .max = 50,
	      .help = "Any type, such as question or advice."),
	FIELD(struct interaction_new, content, TEXT, .required = true, .min = 1, .max = 8000,
	      .help = "Text of the interaction."),
	FIELD(struct interaction_new, context, OBJECT, .max = 8192,
	      .help = "Any JSON object. The server stores it and does not interpret it."),
	FIELD(struct interaction_new, is_public, BOOL, .default_value = "false",
	      .help = "true: all users see it; false: only its two users."),
	FIELD(struct interaction_new, meta_data, OBJECT, .max = 8192,
	      .help = "Any JSON object. The server stores it and does not interpret it."),
	FIELD(struct interaction_new, parent_id, INT, .min = 0, .max = 9e15,
	      .help = "Id of the interaction that this one continues."),
};
const struct fields interaction_new_fields = FIELDS(struct interaction_new, new_rows);

static const struct field response_rows[] = {
	FIELD(struct interaction_response, response_content, TEXT, .required = true, .min = 1,
	      .max = 8000, .help = "Text of the answer."),
};
const struct fields interaction_response_fields =
	FIELDS(struct interaction_response, response_rows);

static const char *const scopes[] = {"mine", "public", NULL};
static const struct field filter_rows[] = {
	FIELD(struct interaction_filter, interaction_type, TEXT, .min = 1, .max = 50,
	      .help = "Only interactions of this type."),
	FIELD(struct interaction_filter, is_public, TRISTATE,
	      .help = "true: only public interactions; false: only private ones."),
	FIELD(struct interaction_filter, with, INT, .min = 0, .max = 9e15,
	      .help = "Id of the user on the other side."),
	FIELD(struct interaction_filter, scope, CHOICE, .choices = scopes, .default_value = "mine",
	      .help = "mine: interactions that you take part in; public: all public ones."),
};
const struct fields interaction_filter_fields = FIELDS(struct interaction_filter, filter_rows);

static const struct property interaction_properties[] = {
	PROPERTY("id", INT),
	PROPERTY("aeon_user_id", INT),
	PROPERTY("aeon_name", TEXT),
	PROPERTY("aeon_full_name", TEXT, .nullable = true),
	PROPERTY("target_aeon_user_id", INT),
	PROPERTY("target_aeon_name", TEXT),
	PROPERTY("target_aeon_full_name", TEXT, .nullable = true),
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
	PROPERTY("asked_by", TEXT, .help = "user or twin."),
	PROPERTY("twin", OBJECT, .nullable = true,
		 .help = "The `name` of the twin that answered, or else of the one that asked."),
	PROPERTY("approved_by", INT, .nullable = true,
		 .help = "The user who approved what the twin wrote."),
	PROPERTY("cites", ANY,
		 .help = "The texts that the twin cites and that you may see, [{kind, id}]."),
};
const struct shape interaction_shape = SHAPE("Interaction", interaction_properties);

struct change {
	struct arena *arena;
	int64_t viewer, id;
	const struct interaction_new *input;
	const struct interaction_response *response;
};

/* Tells one side how the interaction is now. */
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
	TRY(user_check_contact(store, c->viewer, input->target_aeon_user_id, why));
	if (input->parent_id) {
		int there =
			q_interaction_for_response(store, c->viewer, input->parent_id, NULL, why);
		if (there <= 0)
			return there < 0
				       ? -1
				       : problem_field(c->arena, why, "body", "parent_id",
						       "Value error, there is no such interaction");
	}
	TRY(quota_check_text(store, c->viewer,
			     TEXT_BYTES(input->content, input->context, input->meta_data), why));
	TRY(q_interaction_insert(store, c->viewer, input->target_aeon_user_id,
				 input->interaction_type, input->content, input->context,
				 clock_now(), input->is_public, input->parent_id, input->meta_data,
				 input->turn_id, &c->id, why));
	if (!input->turn_id)
		TRY(relationship_nudge(store, c->viewer, input->target_aeon_user_id, why));
	TRY(turn_for_interaction(store, c->id, c->viewer, input->target_aeon_user_id,
				 input->turn_id, why));
	TRY(account_tell(store, c->viewer, ACCOUNT_INTERACTION, c->id, false, why));
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
	int found = q_interaction_one(store, viewer, id, out, why);
	return found == 0 ? problem_set(why, PROBLEM_INTERACTION_NOT_FOUND) : found;
}

int interactions_list(struct store *store, int64_t viewer, const struct interaction_filter *filter,
		      struct page *page, struct buf *out, struct problem *why)
{
	if (strcmp(filter->scope, "public") == 0)
		return q_interactions_public(store, viewer, filter->interaction_type, filter->with,
					     page_int(page), page_limit(page), page, out, why);
	return q_interactions_mine(store, viewer, filter->interaction_type, filter->is_public,
				   filter->with, page_int(page), page_limit(page), page, out, why);
}

static int respond(struct store *store, void *context, struct problem *why)
{
	struct change *c = context;
	struct q_interaction_for_response was;
	int found = q_interaction_for_response(store, c->viewer, c->id, &was, why);
	if (found <= 0)
		return found < 0 ? -1 : problem_set(why, PROBLEM_INTERACTION_NOT_FOUND);
	if (was.target != c->viewer)
		return problem_say(why, PROBLEM_FORBIDDEN, "Only the addressed user may answer");
	if (was.answered)
		return problem_set(why, PROBLEM_ALREADY_ANSWERED);
	TRY(quota_check_text(store, c->viewer, TEXT_BYTES(c->response->response_content), why));
	TRY(q_interaction_respond(store, c->id, c->response->response_content, clock_now(),
				  c->response->turn_id, why));
	if (!c->response->turn_id)
		TRY(relationship_nudge(store, c->viewer, was.author, why));
	TRY(turn_for_response(c->arena, store, c->id, was.author, c->viewer, c->response->turn_id,
			      why));
	TRY(account_tell(store, c->viewer, ACCOUNT_INTERACTION, c->id, false, why));
	return tell(store, c, EVENT_INTERACTION_RESPONDED, was.author, why);
}

static int delete (struct store *store, void *context, struct problem *why)
{
	struct change *c = context;
	struct q_interaction_for_response was;
	int found = q_interaction_for_response(store, c->viewer, c->id, &was, why);
	if (found <= 0)
		return found < 0 ? -1 : problem_set(why, PROBLEM_INTERACTION_NOT_FOUND);
	if (was.author != c->viewer && was.target != c->viewer)
		return problem_say(why, PROBLEM_FORBIDDEN,
				   "Only the two users of an interaction may remove it");
	TRY(q_interaction_delete(store, c->id, why));
	return account_tell(store, c->viewer, ACCOUNT_INTERACTION, c->id, true, why);
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
