/* The social view: see social.h. */
#include "realm/social.h"

#include "base/arena.h"
#include "base/clock.h"
#include "base/json_out.h"
#include "base/utf8.h"
#include "realm/interactions.h"
#include "realm/knowledge.h"
#include "realm/knowledge_list.h"
#include "realm/person.h"
#include "realm/relationships.h"
#include "realm/similar.h"
#include "store/queries.h"

#define VOTE_WEIGHT 0.7        /* of an upvote in influence_score, */
#define INTERACTION_WEIGHT 0.3 /* and of an interaction: the mission's formula */

static const struct property totals_properties[] = {
	PROPERTY("connections", INT),
	PROPERTY("shared_knowledge", INT),
	PROPERTY("upvotes", INT),
	PROPERTY("aeon_interactions", INT),
};
static const struct shape totals_shape = SHAPE("NetworkTotals", totals_properties);

static const struct property network_properties[] = {
	PROPERTY("user_id", INT),
	PROPERTY("connections", LIST, .of = &relationship_shape),
	PROPERTY("shared_knowledge", LIST, .of = &knowledge_shape),
	PROPERTY("aeon_interactions", LIST, .of = &interaction_shape),
	PROPERTY("network_strength", REAL, .help = "Mean strength of your relationships."),
	PROPERTY("influence_score", REAL, .help = "Upvotes x 0.7 + interactions x 0.3."),
	PROPERTY("totals", PART, .of = &totals_shape),
	PROPERTY("last_updated", TIME),
};
const struct shape network_shape = SHAPE("Network", network_properties);

static const struct property similar_properties[] = {
	PROPERTY("user_id", INT),
	PROPERTY("username", TEXT),
	PERSON_NAMES,
	PROPERTY("similarity_score", REAL, .help = "0 to 1."),
	PROPERTY("common_tags", TEXTS),
	PROPERTY("common_knowledge_count", INT,
		 .help = "Number with a common tag, in their newest 100."),
	PROPERTY("total_knowledge_count", INT),
};
const struct shape similar_user_shape = SHAPE("SimilarUser", similar_properties);

static const struct property active_properties[] = {
	PROPERTY("user_id", INT),
	PROPERTY("username", TEXT),
	PERSON_NAMES,
	PROPERTY("status", TEXT, .help = "connected, away or offline."),
	PROPERTY("last_seen", TIME),
	PROPERTY("knowledge_count", INT),
	PROPERTY("interaction_count", INT),
	PROPERTY("is_aeon", BOOL),
};
const struct shape active_user_shape = SHAPE("ActiveUser", active_properties);

/* The viewer's connections, then theirs. */
static int put_connections(struct store *store, int64_t viewer, int depth, int limit,
			   struct buf *out, struct problem *why)
{
	TRY(q_network_connections(store, viewer, limit, clock_now(), out, why));
	if (depth < 2)
		return 0;
	struct buf more = {0};
	int result = q_network_beyond(store, viewer, limit, clock_now(), &more, why);
	if (result >= 0 && more.len > 2) {
		jw_reopen(out);
		jw_raw(out, more.data + 1, more.len - 1);
	}
	buf_free(&more);
	return result;
}

static void put_totals(struct buf *out, int64_t connections, const struct q_network_counts *counts)
{
	jw_key(out, "totals");
	jw_open(out, '{');
	jw_kv_int(out, "connections", connections);
	jw_kv_int(out, "shared_knowledge", counts->knowledge);
	jw_kv_int(out, "upvotes", counts->upvotes);
	jw_kv_int(out, "aeon_interactions", counts->interactions);
	jw_close(out, '}');
}

int social_network(struct store *store, int64_t viewer, int depth, int limit, struct buf *out,
		   struct problem *why)
{
	struct q_network_strength network;
	struct q_network_counts counts;
	const struct knowledge_filter own = {.creator_id = viewer, .content = "full"};
	const struct interaction_filter mine = {.scope = "mine", .is_public = -1};
	struct page knowledge_page = {.limit = limit}, interaction_page = {.limit = limit};
	TRY(q_network_strength(store, viewer, clock_now(), &network, why));
	TRY(q_network_counts(store, viewer, &counts, why));
	jw_open(out, '{');
	jw_kv_int(out, "user_id", viewer);
	jw_key(out, "connections");
	TRY(put_connections(store, viewer, depth, limit, out, why));
	jw_key(out, "shared_knowledge");
	TRY(knowledge_list(NULL, store, viewer, &own, &knowledge_page, out, why));
	jw_key(out, "aeon_interactions");
	TRY(interactions_list(store, viewer, &mine, &interaction_page, out, why));
	jw_key(out, "network_strength");
	jw_real(out, network.strength);
	jw_key(out, "influence_score");
	jw_real(out, (double)counts.upvotes * VOTE_WEIGHT +
			     (double)counts.interactions * INTERACTION_WEIGHT);
	put_totals(out, network.connections, &counts);
	jw_key(out, "last_updated");
	jw_time(out, clock_now());
	jw_close(out, '}');
	return 0;
}

static const struct property tag_properties[] = {
	PROPERTY("tag", TEXT),
	PROPERTY("count", INT),
};
const struct shape tag_shape = SHAPE("Tag", tag_properties);

int social_tags(struct arena *arena, struct store *store, int64_t viewer, const char *prefix,
		int limit, struct buf *out, struct problem *why)
{
	return q_tags_counted(store, viewer, prefix ? utf8_key(arena, prefix) : NULL, limit, out,
			      why);
}

static const struct property suggestion_properties[] = {
	PROPERTY("user_id", INT),
	PROPERTY("username", TEXT),
	PERSON_NAMES,
	PROPERTY("reason", TEXT, .help = "friend_of_friend or similar."),
	PROPERTY("score", REAL, .help = "Number of common friends, or the similarity."),
	PROPERTY("by", TEXTS, .help = "The common friends, or the common tags."),
};
const struct shape suggestion_shape = SHAPE("Suggestion", suggestion_properties);

/* Friends of friends: their ids, and their JSON. */
struct suggesting {
	struct arena *arena;
	int64_t *ids;
	struct buf **rows;
	int count;
};

static int add_friend(int64_t user_id, const struct buf *json, void *context, struct problem *why)
{
	struct suggesting *s = context;
	struct buf *row = buf_in(s->arena);
	(void)why;
	jw_raw(row, json->data, json->len);
	s->ids[s->count] = user_id;
	s->rows[s->count++] = row;
	return 0;
}

static void put_stranger(struct buf *out, const struct similar *one)
{
	jw_open(out, '{');
	jw_kv_int(out, "user_id", one->user_id);
	jw_kv_text(out, "username", one->username);
	person_names_put(out, one->full_name, one->twin);
	jw_kv_text(out, "reason", "similar");
	jw_key(out, "score");
	jw_real(out, one->score);
	jw_key(out, "by");
	jw_texts(out, one->tags, (size_t)one->tag_count);
	jw_close(out, '}');
}

/* As many of each kind as there are; a user of both kinds is a friend of a friend. */
int social_suggestions(struct arena *arena, struct store *store, int64_t viewer, int limit,
		       struct buf *out, struct problem *why)
{
	struct suggesting s = {.arena = arena,
			       .ids = arena_alloc(arena, (size_t)limit * sizeof(*s.ids)),
			       .rows = arena_alloc(arena, (size_t)limit * sizeof(struct buf *))};
	const struct similar *like;
	int half = (limit + 1) / 2, like_count;
	TRY(q_friends_of_friends(store, viewer, limit, clock_now(), add_friend, &s, why));
	const struct similar_question strangers = {.viewer = viewer,
						   .limit = limit -
							    (s.count < half ? s.count : half),
						   .only_strangers = true,
						   .left_out = s.ids,
						   .left_out_count = s.count};
	TRY(similar_users(arena, store, &strangers, &like, &like_count, why));
	jw_open(out, '[');
	for (int i = 0, put = 0; put < limit && (i < s.count || i < like_count); i++) {
		if (i < s.count && put++ < limit)
			jw_raw(out, s.rows[i]->data, s.rows[i]->len);
		if (i < like_count && put++ < limit)
			put_stranger(out, &like[i]);
	}
	jw_close(out, ']');
	return 0;
}

static const struct property day_properties[] = {
	PROPERTY("day", TEXT, .help = "Day in UTC, such as 2026-01-31."),
	PROPERTY("messages", INT),
	PROPERTY("votes", INT),
	PROPERTY("knowledge", INT),
	PROPERTY("interactions", INT),
};
const struct shape day_shape = SHAPE("Day", day_properties);

int social_days(struct store *store, int64_t viewer, int days, struct buf *out, struct problem *why)
{
	return q_days_of_user(store, viewer, clock_now() / CLOCK_DAY, days, out, why);
}

int social_similar_users(struct arena *arena, struct store *store, int64_t viewer, int limit,
			 struct buf *out, struct problem *why)
{
	const struct similar_question question = {
		.viewer = viewer, .limit = limit, .wants_common_items = true};
	const struct similar *best;
	int count;
	TRY(similar_users(arena, store, &question, &best, &count, why));
	jw_open(out, '[');
	for (int i = 0; i < count; i++) {
		jw_open(out, '{');
		jw_kv_int(out, "user_id", best[i].user_id);
		jw_kv_text(out, "username", best[i].username);
		person_names_put(out, best[i].full_name, best[i].twin);
		jw_key(out, "similarity_score");
		jw_real(out, best[i].score);
		jw_key(out, "common_tags");
		jw_texts(out, best[i].tags, (size_t)best[i].tag_count);
		jw_kv_int(out, "common_knowledge_count", best[i].common_items);
		jw_kv_int(out, "total_knowledge_count", best[i].items);
		jw_close(out, '}');
	}
	jw_close(out, ']');
	return 0;
}

int social_active_users(struct store *store, int64_t viewer, int limit, struct buf *out,
			struct problem *why)
{
	int64_t now = clock_now();
	return q_active_users(store, viewer, now, now - CLOCK_DAY, limit, out, why);
}
