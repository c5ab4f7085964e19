/* Users who know about a subject: see experts.h. */
#include "realm/experts.h"

#include "realm/person.h"
#include "realm/search.h"
#include "store/queries.h"

static const struct property expert_properties[] = {
	PROPERTY("user_id", INT),
	PROPERTY("username", TEXT),
	PERSON_NAMES,
	PROPERTY("score", REAL,
		 .help = "Sum over `knowledge` of (upvotes + 1) / (upvotes + downvotes + 2)."),
	PROPERTY("matches", INT,
		 .help = "Number of the user's pieces of knowledge with all words."),
	PROPERTY("knowledge", ANY, .help = "Ids of the best five of them: the reason."),
};
const struct shape expert_shape = SHAPE("Expert", expert_properties);

int experts_list(struct arena *arena, struct store *store, int64_t viewer, const char *q, int limit,
		 struct buf *out, struct problem *why)
{
	struct search search;
	TRY(search_parse(arena, store, q, &search, why));
	if (search.all)
		return q_experts(store, viewer, search.all, EXPERTS_LOOKED, EXPERTS_BEST, limit,
				 out, why);
	buf_puts(out, "[]");
	return 0;
}
