/* /phase3/social: one's network, people like oneself, people who are there. */
#include "cgi/request.h"
#include "realm/social.h"

#define SOCIAL API "/phase3/social"

/* These lists are the best of a ranking, which has no next page. */
struct best {
	int64_t limit;
};

#define BEST(name, most)                                                                           \
	static const struct field name##_rows[] = {                                                \
		FIELD(struct best, limit, INT, .min = 1, .max = 200, .preset = most,               \
		      .help = "Entries at most, of each list."),                                   \
	};                                                                                         \
	static const struct fields name##_fields = FIELDS(struct best, name##_rows)
BEST(network, "50");
BEST(similar, "10");
BEST(active, "20");

static int best_of(const struct request *rq)
{
	return (int)((const struct best *)rq->query)->limit;
}

static int do_network(struct request *rq, struct problem *why)
{
	return social_network(rq->store, rq->session.user_id, best_of(rq), rq->out, why);
}

static int do_similar(struct request *rq, struct problem *why)
{
	return social_similar_users(rq->store, rq->session.user_id, best_of(rq), rq->out, why);
}

static int do_active(struct request *rq, struct problem *why)
{
	return social_active_users(rq->store, rq->session.user_id, best_of(rq), rq->out, why);
}

static const struct route routes[] = {
	{
		.name = "get_network",
		.method = "GET",
		.path = SOCIAL "/network",
		.query = &network_fields,
		.status = 200,
		.answer = &network_shape,
		.summary = "My network and what it amounts to",
		.handle = do_network,
	},
	{
		.name = "list_similar_users",
		.method = "GET",
		.path = SOCIAL "/similar-users",
		.query = &similar_fields,
		.status = 200,
		.answer = &similar_user_shape,
		.list = true,
		.summary = "People whose knowledge has tags like mine, most similar first",
		.handle = do_similar,
	},
	{
		.name = "list_active_users",
		.method = "GET",
		.path = SOCIAL "/active-users",
		.query = &active_fields,
		.status = 200,
		.answer = &active_user_shape,
		.list = true,
		.summary = "People seen in the last 24 hours, latest first",
		.handle = do_active,
	},
};
const struct routes social_routes = ROUTES("Social", routes);
