/* Memories of twins: see memories.h. */
#include "realm/memories.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include <sodium.h>

#include "base/arena.h"
#include "base/clock.h"
#include "realm/quota.h"
#include "realm/source_search.h"
#include "realm/twins.h"
#include "store/queries.h"

#define DIGEST_BYTES 16

static const char *const visibilities[] = {"private", "friends", "public", NULL};

#define VISIBILITY_HELP                                                                            \
	"Users to which the twin may repeat it: private: you alone; friends: your friends, too; "  \
	"public: "                                                                                 \
	"all users."
#define LOCAL_HELP "Whether no byte of it is sent to a provider of models."

static const struct field new_rows[] = {
	FIELD(struct memory_new, content, TEXT, .required = true, .min = 1, .max = 4000,
	      .help = "What the twin should remember."),
	FIELD(struct memory_new, memory_type, TEXT, .required = true, .min = 1, .max = 50,
	      .line = true, .help = "Any type, such as fact, preference or event."),
	FIELD(struct memory_new, importance, INT, .min = 1, .max = 10, .default_value = "5",
	      .help = "From 1 to 10."),
	FIELD(struct memory_new, visibility, CHOICE, .choices = visibilities,
	      .default_value = "private", .help = VISIBILITY_HELP),
	FIELD(struct memory_new, local_only, BOOL, .default_value = "false", .help = LOCAL_HELP),
	FIELD(struct memory_new, meta_data, OBJECT, .max = 8192,
	      .help = "Any JSON object. The server stores it and does not interpret it."),
};
const struct fields memory_new_fields = FIELDS(struct memory_new, new_rows);

static const struct field change_rows[] = {
	FIELD(struct memory_change, content, TEXT, .min = 1, .max = 4000, .help = "New text."),
	FIELD(struct memory_change, memory_type, TEXT, .min = 1, .max = 50, .line = true,
	      .help = "New type."),
	FIELD(struct memory_change, importance, INT, .min = 1, .max = 10, .help = "From 1 to 10."),
	FIELD(struct memory_change, visibility, CHOICE, .choices = visibilities,
	      .help = VISIBILITY_HELP),
	FIELD(struct memory_change, local_only, TRISTATE, .help = LOCAL_HELP),
	FIELD(struct memory_change, meta_data, OBJECT, .max = 8192,
	      .help = "New JSON object. It replaces the stored one."),
};
const struct fields memory_change_fields = FIELDS(struct memory_change, change_rows);

static const struct field filter_rows[] = {
	FIELD(struct memory_filter, memory_type, TEXT, .min = 1, .max = 50,
	      .help = "Only memories of this type. Not used with q."),
	FIELD(struct memory_filter, q, TEXT, .min = 1, .max = 1000,
	      .help = "A question: the answer is then an object with the texts of the realm on "
		      "which your twin may draw for you, the best first."),
};
const struct fields memory_filter_fields = FIELDS(struct memory_filter, filter_rows);

static const struct property memory_properties[] = {
	PROPERTY("id", INT),
	PROPERTY("content", TEXT),
	PROPERTY("memory_type", TEXT),
	PROPERTY("importance", INT),
	PROPERTY("visibility", TEXT),
	PROPERTY("local_only", BOOL, .help = LOCAL_HELP),
	PROPERTY("times", INT, .help = "How often it was given."),
	PROPERTY(
		"quote", TEXT, .nullable = true,
		.help = "Of a fact: your words by which a model found it. The content is the whole "
			"sentence."),
	PROPERTY("created_at", TIME),
	PROPERTY("updated_at", TIME),
	PROPERTY("meta_data", OBJECT, .nullable = true),
	PROPERTY("sources", ANY, .help = "Of a fact: your texts that it comes from, [{kind, id}]."),
};
const struct shape memory_shape = SHAPE("Memory", memory_properties);

static void digest_of(const char *content, unsigned char digest[DIGEST_BYTES])
{
	crypto_generichash(digest, DIGEST_BYTES, (const unsigned char *)content, strlen(content),
			   NULL, 0);
}

/* A fact becomes what its owner gave to the twin: it no longer goes with the text that it is from.
 */
static int adopt(struct store *store, int64_t id, struct problem *why)
{
	TRY(q_fact_adopt(store, id, why));
	return q_fact_sources_delete(store, id, why);
}

int memory_tell(struct store *store, int64_t owner, int64_t id, bool is_deleted,
		struct problem *why)
{
	char text[24];
	snprintf(text, sizeof(text), "%" PRId64, id);
	return twin_tell(store, owner, &(struct twin_changed){TWIN_MEMORY, text, is_deleted}, why);
}

/* --- keeping ---------------------------------------------------------------------------------- */

struct keeping {
	int64_t owner, id;
	const struct memory_new *input;
	bool fresh;
};

static int keep(struct store *store, void *context, struct problem *why)
{
	struct keeping *k = context;
	const struct memory_new *input = k->input;
	unsigned char digest[DIGEST_BYTES];
	digest_of(input->content, digest);
	int known = q_memory_by_digest(store, k->owner, digest, sizeof(digest), &k->id, why);
	TRY(known);
	k->fresh = !known;
	if (known) {
		TRY(adopt(store, k->id, why));
		TRY(q_memory_strengthen(store, k->id, input->importance, clock_now(), why));
		return memory_tell(store, k->owner, k->id, false, why);
	}
	TRY(quota_check_text(store, k->owner, TEXT_BYTES(input->content, input->meta_data), why));
	TRY(q_memory_insert(store, k->owner, input->content, digest, sizeof(digest),
			    input->memory_type, input->importance, input->visibility,
			    input->local_only, input->meta_data, clock_now(), &k->id, why));
	return memory_tell(store, k->owner, k->id, false, why);
}

int memory_add(struct store *store, int64_t owner, const struct memory_new *input, int64_t *id_r,
	       bool *fresh_r, struct problem *why)
{
	struct keeping k = {.owner = owner, .input = input};
	TRY(store_write(store, keep, &k, why));
	*id_r = k.id;
	*fresh_r = k.fresh;
	return 0;
}

int memory_show(struct store *store, int64_t owner, int64_t id, struct buf *out,
		struct problem *why)
{
	int found = q_memory_one(store, owner, id, out, why);
	return found == 0 ? problem_set(why, PROBLEM_NOT_FOUND) : found;
}

struct editing {
	int64_t owner, id;
	const struct memory_change *change;
};

static int update(struct store *store, void *context, struct problem *why)
{
	const struct editing *e = context;
	const struct memory_change *c = e->change;
	unsigned char digest[DIGEST_BYTES] = {0};
	int64_t before, same;
	TRY(q_quota_text(store, e->owner, &before, why));
	if (c->content) {
		digest_of(c->content, digest);
		int known = q_memory_by_digest(store, e->owner, digest, sizeof(digest), &same, why);
		TRY(known);
		if (known && same != e->id)
			return problem_set(why, PROBLEM_MEMORY_EXISTS);
	}
	int changed = q_memory_update(store, e->owner, e->id, c->given, c->content, digest,
				      sizeof(digest), c->memory_type, c->importance, c->visibility,
				      c->local_only, c->meta_data, clock_now(), why);
	if (changed <= 0)
		return changed < 0 ? -1 : problem_set(why, PROBLEM_NOT_FOUND);
	if (c->content)
		TRY(adopt(store, e->id, why));
	TRY(quota_check_grown(store, e->owner, before, why));
	return memory_tell(store, e->owner, e->id, false, why);
}

int memory_update(struct store *store, int64_t owner, int64_t id,
		  const struct memory_change *change, struct problem *why)
{
	struct editing e = {owner, id, change};
	return store_write(store, update, &e, why);
}

static int delete (struct store *store, void *context, struct problem *why)
{
	const struct editing *e = context;
	int deleted = q_memory_delete(store, e->owner, e->id, why);
	if (deleted <= 0)
		return deleted < 0 ? -1 : problem_set(why, PROBLEM_NOT_FOUND);
	return memory_tell(store, e->owner, e->id, true, why);
}

int memory_delete(struct store *store, int64_t owner, int64_t id, struct problem *why)
{
	struct editing e = {.owner = owner, .id = id};
	return store_write(store, delete, &e, why);
}

/* --- learning --------------------------------------------------------------------------------- */

/* 1 when the owner may have one more memory of these texts, 0 or -1. */
static int has_room(struct store *store, int64_t owner, int64_t most,
		    const struct memory_fact *fact, struct problem *why)
{
	struct problem refused = {0};
	int64_t count = 0;
	TRY(q_quota_memories(store, owner, most, &count, why));
	if (count >= most)
		return 0;
	if (quota_check_text(store, owner, TEXT_BYTES(fact->content, fact->quote), &refused) == 0)
		return 1;
	if (refused.code == PROBLEM_QUOTA_EXCEEDED)
		return 0;
	*why = refused;
	return -1;
}

/* What the owner gave to the twin stays the owner's, although a text says it, too. */
static int strengthen(struct store *store, int64_t id, const struct memory_fact *fact,
		      struct problem *why)
{
	int is_fact = q_memory_is_fact(store, id, why);
	TRY(is_fact);
	if (is_fact) {
		int added = q_fact_source_insert(store, id, fact->kind, fact->source, why);
		if (added <= 0) /* the text said it before it was edited */
			return added;
	}
	return q_memory_strengthen(store, id, 1, clock_now(), why);
}

int memory_learn(struct store *store, int64_t owner, const struct memory_fact *fact, int64_t most,
		 struct problem *why)
{
	unsigned char digest[DIGEST_BYTES];
	int64_t id;
	digest_of(fact->content, digest);
	int known = q_memory_by_digest(store, owner, digest, sizeof(digest), &id, why);
	TRY(known);
	if (known) {
		TRY(strengthen(store, id, fact, why));
		return memory_tell(store, owner, id, false, why);
	}
	int room = has_room(store, owner, most, fact, why);
	if (room <= 0)
		return room;
	TRY(q_fact_insert(store, owner, fact->content, digest, sizeof(digest), fact->quote,
			  clock_now(), &id, why));
	TRY(q_fact_source_insert(store, id, fact->kind, fact->source, why));
	TRY(memory_tell(store, owner, id, false, why));
	return 1;
}

/* --- lists ------------------------------------------------------------------------------------ */

int memories_list(struct arena *arena, struct store *store, int64_t owner,
		  const struct memory_filter *filter, const struct query_vector *vector,
		  struct page *page, struct buf *out, struct problem *why)
{
	int64_t before = page_int(page);
	if (filter->q)
		return source_search(arena, store, owner, filter->q, vector,
				     page->limit < SOURCE_SEARCH_MAX ? page->limit
								     : SOURCE_SEARCH_MAX,
				     out, why);
	if (filter->memory_type)
		return q_memories_of_type(store, owner, filter->memory_type, before,
					  page_limit(page), page, out, why);
	return q_memories(store, owner, before, page_limit(page), page, out, why);
}
