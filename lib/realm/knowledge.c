/* Shared knowledge: see knowledge.h. */
#include "realm/knowledge.h"

#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "base/clock.h"
#include "base/json_out.h"
#include "base/utf8.h"
#include "realm/events.h"
#include "realm/relationships.h"

static const char *const visibilities[] = {"public", "friends", "private", NULL};

static const struct field new_rows[] = {
	FIELD(struct knowledge_new, content, TEXT, .required = true, .min = 1, .max = 20000),
	FIELD(struct knowledge_new, knowledge_type, TEXT, .required = true, .min = 1, .max = 50),
	FIELD(struct knowledge_new, tags, TEXTS, .max = 32, .item_max = 64,
	      .help = "Trimmed, in lower case, each once."),
	FIELD(struct knowledge_new, visibility, CHOICE, .choices = visibilities,
	      .preset = "public"),
	FIELD(struct knowledge_new, meta_data, OBJECT, .max = 8192),
};
const struct fields knowledge_new_fields = FIELDS(struct knowledge_new, new_rows);

static const struct field filter_rows[] = {
	FIELD(struct knowledge_filter, knowledge_type, TEXT, .min = 1, .max = 50),
	FIELD(struct knowledge_filter, visibility, CHOICE, .choices = visibilities,
	      .help = "public: public ones; friends: also friends' own; private: mine."),
	FIELD(struct knowledge_filter, tag, TEXT, .min = 1, .max = 64),
	FIELD(struct knowledge_filter, creator_id, INT, .min = 0, .max = 9e15),
};
const struct fields knowledge_filter_fields = FIELDS(struct knowledge_filter, filter_rows);

static const struct member knowledge_members[] = {
	MEMBER("id", INT),
	MEMBER("creator_id", INT),
	MEMBER("creator_name", TEXT),
	MEMBER("content", TEXT),
	MEMBER("knowledge_type", TEXT),
	MEMBER("tags", TEXTS),
	MEMBER("visibility", TEXT),
	MEMBER("created_at", TIME),
	MEMBER("updated_at", TIME),
	MEMBER("upvotes", INT),
	MEMBER("downvotes", INT),
	MEMBER("share_count", INT),
	MEMBER("my_vote", TEXT, .nullable = true, .help = "up or down."),
	MEMBER("meta_data", OBJECT, .nullable = true),
};
const struct shape knowledge_shape = SHAPE("Knowledge", knowledge_members);

static const struct member vote_members[] = {
	MEMBER("message", TEXT),
	MEMBER("upvotes", INT),
	MEMBER("downvotes", INT),
};
const struct shape vote_shape = SHAPE("Vote", vote_members);

static int by_text(const void *a, const void *b)
{
	return strcmp(*(const char *const *)a, *(const char *const *)b);
}

/* Trimmed, folded, sorted, each once; what is empty then is left out. */
static struct texts normalise(struct arena *arena, const struct texts *tags)
{
	struct texts clean = {.at = arena_alloc(arena, (tags->count + 1) * sizeof(*clean.at))};
	for (size_t i = 0; i < tags->count; i++) {
		clean.at[clean.count] = utf8_fold(arena, tags->at[i]);
		clean.count += clean.at[clean.count][0] != '\0';
	}
	qsort(clean.at, clean.count, sizeof(*clean.at), by_text);
	size_t kept = 0;
	for (size_t i = 0; i < clean.count; i++)
		if (kept == 0 || strcmp(clean.at[kept - 1], clean.at[i]) != 0)
			clean.at[kept++] = clean.at[i];
	clean.count = kept;
	return clean;
}

struct creation {
	struct arena *arena;
	int64_t creator, id;
	const struct knowledge_new *input;
};

static int create(struct store *store, void *context, struct problem *why)
{
	struct creation *c = context;
	const struct knowledge_new *input = c->input;
	struct texts tags = normalise(c->arena, &input->tags);
	struct buf *json = buf_in(c->arena);
	jw_texts(json, tags.at, tags.count);
	TRY(store_exec(store, why, Q_KNOWLEDGE_INSERT, "lttttlt", c->creator, input->content,
		       input->knowledge_type, json->data, input->visibility, clock_now(),
		       input->meta_data));
	c->id = store_last_id(store);
	for (size_t i = 0; i < tags.count; i++) {
		TRY(store_exec(store, why, Q_TAG_INSERT, "t", tags.at[i]));
		TRY(store_exec(store, why, Q_KNOWLEDGE_TAG, "lt", c->id, tags.at[i]));
	}
	return 0;
}

int knowledge_create(struct arena *arena, struct store *store, int64_t creator,
		     const struct knowledge_new *input, int64_t *id_r, struct problem *why)
{
	struct creation c = {.arena = arena, .creator = creator, .input = input};
	TRY(store_write(store, create, &c, why));
	*id_r = c.id;
	return 0;
}

int knowledge_show(struct store *store, int64_t viewer, int64_t id, struct buf *out,
		   struct problem *why)
{
	int found =
		store_object(store, out, why, Q_KNOWLEDGE_ONE, &knowledge_shape, "ll", viewer, id);
	return found == 0 ? problem_set(why, PROBLEM_KNOWLEDGE_NOT_FOUND) : found;
}

int knowledge_list(struct arena *arena, struct store *store, int64_t viewer,
		   const struct knowledge_filter *filter, struct page *page, struct buf *out,
		   struct problem *why)
{
	if (filter->tag)
		return store_list(store, out, why, Q_KNOWLEDGE_LIST_BY_TAG, &knowledge_shape, page,
				  "lttllit", viewer, filter->knowledge_type, filter->visibility,
				  filter->creator_id, page_int(page), page_limit(page),
				  utf8_fold(arena, filter->tag));
	return store_list(store, out, why,
			  filter->creator_id ? Q_KNOWLEDGE_LIST_BY_CREATOR : Q_KNOWLEDGE_LIST,
			  &knowledge_shape, page, "lttlli", viewer, filter->knowledge_type,
			  filter->visibility, filter->creator_id, page_int(page), page_limit(page));
}

struct voting {
	struct arena *arena;
	int64_t viewer, id;
	int value;
	struct votes votes;
};

static int vote(struct store *store, void *context, struct problem *why)
{
	struct voting *v = context;
	int64_t creator;
	int old;
	int found = store_get(NULL, store, why, Q_KNOWLEDGE_FOR_VOTE, "ll>lill", v->viewer, v->id,
			      &creator, &old, &v->votes.up, &v->votes.down);
	if (found <= 0)
		return found < 0 ? -1 : problem_set(why, PROBLEM_KNOWLEDGE_NOT_FOUND);
	if (creator == v->viewer)
		return problem_set(why, PROBLEM_OWN_KNOWLEDGE);
	if (old == v->value)
		return 0;
	int up = (v->value > 0) - (old > 0), down = (v->value < 0) - (old < 0);
	TRY(store_exec(store, why, Q_KNOWLEDGE_VOTE, "llil", v->id, v->viewer, v->value,
		       clock_now()));
	TRY(store_exec(store, why, Q_KNOWLEDGE_COUNT_VOTES, "lii", v->id, up, down));
	TRY(relationship_nudge(store, v->viewer, creator, why));
	v->votes.up += up;
	v->votes.down += down;
	struct buf *data = buf_in(v->arena);
	jw_open(data, '{');
	jw_kv_int(data, "knowledge_id", v->id);
	jw_kv_int(data, "upvotes", v->votes.up);
	jw_kv_int(data, "downvotes", v->votes.down);
	jw_close(data, '}');
	return event_append(store, EVENT_KNOWLEDGE_VOTED, NULL, creator, data, why);
}

int knowledge_vote(struct arena *arena, struct store *store, int64_t viewer, int64_t id, int value,
		   struct votes *votes_r, struct problem *why)
{
	struct voting v = {.arena = arena, .viewer = viewer, .id = id, .value = value};
	TRY(store_write(store, vote, &v, why));
	*votes_r = v.votes;
	return 0;
}
