/* The social view: see social.h. */
#include "realm/social.h"

#include "base/clock.h"
#include "base/json_out.h"
#include "realm/interactions.h"
#include "realm/knowledge.h"
#include "realm/relationships.h"

#define VOTE_WEIGHT 0.7        /* of an upvote in influence_score, */
#define INTERACTION_WEIGHT 0.3 /* and of an interaction: the mission's formula */

static const struct member totals_members[] = {
	MEMBER("connections", INT),
	MEMBER("shared_knowledge", INT),
	MEMBER("upvotes", INT),
	MEMBER("aeon_interactions", INT),
};
static const struct shape totals_shape = SHAPE("NetworkTotals", totals_members);

static const struct member network_members[] = {
	MEMBER("user_id", INT),
	MEMBER("connections", LIST, .of = &relationship_shape),
	MEMBER("shared_knowledge", LIST, .of = &knowledge_shape),
	MEMBER("aeon_interactions", LIST, .of = &interaction_shape),
	MEMBER("network_strength", REAL, .help = "Mean strength of the relationships."),
	MEMBER("influence_score", REAL, .help = "Upvotes x 0.7 + interactions x 0.3."),
	MEMBER("totals", PART, .of = &totals_shape),
	MEMBER("last_updated", TIME),
};
const struct shape network_shape = SHAPE("Network", network_members);

static const struct member similar_members[] = {
	MEMBER("user_id", INT),
	MEMBER("username", TEXT),
	MEMBER("similarity_score", REAL, .help = "0 to 1."),
	MEMBER("common_tags", TEXTS),
	MEMBER("common_knowledge_count", INT),
	MEMBER("total_knowledge_count", INT),
};
const struct shape similar_user_shape = SHAPE("SimilarUser", similar_members);

static const struct member active_members[] = {
	MEMBER("user_id", INT),
	MEMBER("username", TEXT),
	MEMBER("status", TEXT, .help = "connected, away or offline."),
	MEMBER("last_seen", TIME),
	MEMBER("knowledge_count", INT),
	MEMBER("interaction_count", INT),
	MEMBER("is_aeon", BOOL),
};
const struct shape active_user_shape = SHAPE("ActiveUser", active_members);

int social_network(struct store *store, int64_t viewer, int limit, struct buf *out,
		   struct problem *why)
{
	double strength;
	int64_t connections, knowledge, upvotes, interactions;
	const struct knowledge_filter own = {.creator_id = viewer};
	const struct interaction_filter mine = {.scope = "mine", .is_public = -1};
	struct page knowledge_page = {.limit = limit}, interaction_page = {.limit = limit};
	TRY(store_get(NULL, store, why, Q_NETWORK_NUMBERS, "l>dllll", viewer, &strength,
		      &connections, &knowledge, &upvotes, &interactions));
	jw_open(out, '{');
	jw_kv_int(out, "user_id", viewer);
	jw_key(out, "connections");
	TRY(store_list(store, out, why, Q_NETWORK_CONNECTIONS, &relationship_shape, NULL, "li",
		       viewer, limit));
	jw_key(out, "shared_knowledge");
	TRY(knowledge_list(NULL, store, viewer, &own, &knowledge_page, out, why));
	jw_key(out, "aeon_interactions");
	TRY(interactions_list(store, viewer, &mine, &interaction_page, out, why));
	jw_key(out, "network_strength");
	jw_real(out, strength);
	jw_key(out, "influence_score");
	jw_real(out, (double)upvotes * VOTE_WEIGHT + (double)interactions * INTERACTION_WEIGHT);
	jw_key(out, "totals");
	jw_open(out, '{');
	jw_kv_int(out, "connections", connections);
	jw_kv_int(out, "shared_knowledge", knowledge);
	jw_kv_int(out, "upvotes", upvotes);
	jw_kv_int(out, "aeon_interactions", interactions);
	jw_close(out, '}');
	jw_key(out, "last_updated");
	jw_time(out, clock_now());
	jw_close(out, '}');
	return 0;
}

int social_similar_users(struct store *store, int64_t viewer, int limit, struct buf *out,
			 struct problem *why)
{
	return store_list(store, out, why, Q_SIMILAR_USERS, &similar_user_shape, NULL, "li", viewer,
			  limit);
}

int social_active_users(struct store *store, int64_t viewer, int limit, struct buf *out,
			struct problem *why)
{
	int64_t now = clock_now();
	return store_list(store, out, why, Q_ACTIVE_USERS, &active_user_shape, NULL, "llli", viewer,
			  now, now - CLOCK_DAY, limit);
}
