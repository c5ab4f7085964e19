/* /phase3/social: one's network, people like oneself, people who are there. */
#include "cgi/request.h"
#include "realm/graph.h"
#include "realm/social.h"

#define SOCIAL API "/phase3/social"

/* These lists are the best of a ranking, which has no next page. */
struct best {
	int64_t limit;
};

#define BEST(name, most)                                                                           \
	static const struct field name##_rows[] = {                                                \
		FIELD(struct best, limit, INT, .min = 1, .max = 200, .default_value = most,        \
		      .help = "Entries at most, of each list."),                                   \
	};                                                                                         \
	static const struct fields name##_fields = FIELDS(struct best, name##_rows)
BEST(similar, "10");
BEST(active, "20");
BEST(suggested, "20");

static int best_of(const struct request *rq)
{
	return (int)((const struct best *)rq->query)->limit;
}

struct around {
	int64_t limit, depth;
};

#define AROUND(name, most, deep, what)                                                             \
	static const struct field name##_rows[] = {                                                \
		FIELD(struct around, limit, INT, .min = 1, .max = 200, .default_value = most,      \
		      .help = what),                                                               \
		FIELD(struct around, depth, INT, .min = 1, .max = 2, .default_value = deep,        \
		      .help = "2: those of my connections, too."),                                 \
	};                                                                                         \
	static const struct fields name##_fields = FIELDS(struct around, name##_rows)
AROUND(network, "50", "1", "Entries at most, of each list.");
AROUND(graph, "200", "2", "Nodes at most.");

struct tag_filter {
	const char *q;
	int64_t limit;
};
static const struct field tag_rows[] = {
	FIELD(struct tag_filter, q, TEXT, .min = 1, .max = 64, .help = "What they begin with."),
	FIELD(struct tag_filter, limit, INT, .min = 1, .max = 200, .default_value = "50"),
};
static const struct fields tag_fields = FIELDS(struct tag_filter, tag_rows);

struct span {
	int64_t days;
};
static const struct field span_rows[] = {
	FIELD(struct span, days, INT, .min = 1, .max = 366, .default_value = "30"),
};
static const struct fields span_fields = FIELDS(struct span, span_rows);

static int do_tags(struct request *rq, struct problem *why)
{
	const struct tag_filter *filter = rq->query;
	return social_tags(rq->arena, rq->store, rq->session.user_id, filter->q, (int)filter->limit,
			   rq->out, why);
}

static int do_suggestions(struct request *rq, struct problem *why)
{
	return social_suggestions(rq->arena, rq->store, rq->session.user_id, best_of(rq), rq->out,
				  why);
}

static int do_graph(struct request *rq, struct problem *why)
{
	const struct around *around = rq->query;
	return graph_show(rq->arena, rq->store, rq->session.user_id, (int)around->depth,
			  (int)around->limit, rq->out, why);
}

static int do_analytics(struct request *rq, struct problem *why)
{
	const struct span *span = rq->query;
	return social_days(rq->store, rq->session.user_id, (int)span->days, rq->out, why);
}

static int do_network(struct request *rq, struct problem *why)
{
	const struct around *around = rq->query;
	return social_network(rq->store, rq->session.user_id, (int)around->depth,
			      (int)around->limit, rq->out, why);
}

static int do_similar(struct request *rq, struct problem *why)
{
	return social_similar_users(rq->arena, rq->store, rq->session.user_id, best_of(rq), rq->out,
				    why);
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
	{
		.name = "list_suggestions",
		.method = "GET",
		.path = SOCIAL "/suggestions",
		.query = &suggested_fields,
		.status = 200,
		.answer = &suggestion_shape,
		.list = true,
		.summary = "People whom I might like to know, and why",
		.handle = do_suggestions,
	},
	{
		.name = "get_graph",
		.method = "GET",
		.path = SOCIAL "/graph",
		.query = &graph_fields,
		.status = 200,
		.answer = &graph_shape,
		.summary = "Who is around me, for drawing",
		.handle = do_graph,
	},
	{
		.name = "list_analytics",
		.method = "GET",
		.path = SOCIAL "/analytics",
		.query = &span_fields,
		.status = 200,
		.answer = &day_shape,
		.list = true,
		.summary = "What I have done on each of the last days, today first",
		.handle = do_analytics,
	},
	{
		.name = "list_tags",
		.method = "GET",
		.path = API "/phase3/knowledge/tags",
		.query = &tag_fields,
		.status = 200,
		.answer = &tag_shape,
		.list = true,
		.summary = "Tags of what I may see, most used first",
		.handle = do_tags,
	},
};
const struct routes social_routes = ROUTES("Social", routes);
