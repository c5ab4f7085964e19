/* /phase3/social: the viewer's network, similar users, active users and tags. */
#include "cgi/request.h"
#include "realm/experts.h"
#include "realm/graph.h"
#include "realm/path.h"
#include "realm/path_questions.h"
#include "realm/social.h"

#define SOCIAL API "/phase3/social"

/* A ranking gives its first entries and has no next page. */
struct ranking {
	int64_t limit;
};

#define RANKING(name, default_limit)                                                               \
	static const struct field name##_rows[] = {                                                \
		FIELD(struct ranking, limit, INT, .min = 1, .max = 200,                            \
		      .default_value = default_limit, .help = "Most entries in the list."),        \
	};                                                                                         \
	static const struct fields name##_fields = FIELDS(struct ranking, name##_rows)
RANKING(similar, "10");
RANKING(active, "20");
RANKING(suggested, "20");

static int ranking_limit(const struct request *rq)
{
	return (int)((const struct ranking *)rq->query)->limit;
}

struct neighbourhood {
	int64_t limit, depth;
};

#define NEIGHBOURHOOD(name, default_limit, default_depth, limit_help)                              \
	static const struct field name##_rows[] = {                                                \
		FIELD(struct neighbourhood, limit, INT, .min = 1, .max = 200,                      \
		      .default_value = default_limit, .help = limit_help),                         \
		FIELD(struct neighbourhood, depth, INT, .min = 1, .max = 2,                        \
		      .default_value = default_depth,                                              \
		      .help = "1: your own connections; 2: also theirs."),                         \
	};                                                                                         \
	static const struct fields name##_fields = FIELDS(struct neighbourhood, name##_rows)
NEIGHBOURHOOD(network, "50", "1", "Most entries in each list.");
NEIGHBOURHOOD(graph, "200", "2", "Most nodes in the graph.");

struct tag_filter {
	const char *q;
	int64_t limit;
};
static const struct field tag_rows[] = {
	FIELD(struct tag_filter, q, TEXT, .min = 1, .max = 64, .may_be_blank = true,
	      .help = "Beginning of the tags."),
	FIELD(struct tag_filter, limit, INT, .min = 1, .max = 200, .default_value = "50",
	      .help = "Most tags in the list."),
};
static const struct fields tag_fields = FIELDS(struct tag_filter, tag_rows);

struct span {
	int64_t days;
};
static const struct field span_rows[] = {
	FIELD(struct span, days, INT, .min = 1, .max = 366, .default_value = "30",
	      .help = "Number of days, up to today."),
};
static const struct fields span_fields = FIELDS(struct span, span_rows);

struct expert_query {
	const char *q;
	int64_t limit;
};
static const struct field expert_rows[] = {
	FIELD(struct expert_query, q, TEXT, .required = true, .min = 1, .max = 200,
	      .may_be_blank = true, .help = "What to know about, as in a search of knowledge."),
	FIELD(struct expert_query, limit, INT, .min = 1, .max = 200, .default_value = "10",
	      .help = "Most entries in the list."),
};
static const struct fields expert_fields = FIELDS(struct expert_query, expert_rows);

struct path_query {
	int64_t to;
};
static const struct field path_rows[] = {
	FIELD(struct path_query, to, INT, .required = true, .min = 1, .max = 9e15,
	      .help = "Id of the user at the end of the path."),
};
static const struct fields path_fields = FIELDS(struct path_query, path_rows);

static int do_tags(struct request *rq, struct problem *why)
{
	const struct tag_filter *filter = rq->query;
	return social_tags(rq->arena, rq->store, rq->session.user_id, filter->q, (int)filter->limit,
			   rq->out, why);
}

static int do_suggestions(struct request *rq, struct problem *why)
{
	return social_suggestions(rq->arena, rq->store, rq->session.user_id, ranking_limit(rq),
				  rq->out, why);
}

static int do_graph(struct request *rq, struct problem *why)
{
	const struct neighbourhood *query = rq->query;
	return graph_show(rq->arena, rq->store, rq->session.user_id, (int)query->depth,
			  (int)query->limit, rq->out, why);
}

#define AGAIN_US INT64_C(20000) /* between two looks whether Neo4j has answered */

/*
 * Gets what Neo4j has found, while the request waits: 1, and NULL without it; 0 when it must wait;
 * or -1.
 */
static int find_candidates(struct request *rq, int64_t to,
			   const struct path_candidates **candidates_r, struct problem *why)
{
	int64_t viewer = rq->session.user_id;
	bool may_wait = rq->waited != APP_CANNOT_WAIT && rq->waited < PATH_WAIT_US;
	int done = 1;
	*candidates_r = NULL;
	if (!rq->kept) {
		int possible = 0;
		if (may_wait)
			TRY(possible = path_question_possible(rq->store, rq->app->settings, why));
		if (!possible)
			return 1;
		TRY(path_question_ask(rq->store, viewer, to, &rq->kept, why));
		done = 0;
	} else {
		TRY(done = path_question_read(rq->arena, rq->store, viewer, to, rq->kept,
					      candidates_r, why));
	}
	if (!done && may_wait) {
		rq->wait = rq->waited + AGAIN_US;
		return 0;
	}
	TRY(path_question_end(rq->store, rq->kept, why));
	return 1;
}

static int do_path(struct request *rq, struct problem *why)
{
	const struct path_query *query = rq->query;
	const struct path_candidates *candidates;
	int ready = find_candidates(rq, query->to, &candidates, why);
	if (ready <= 0)
		return ready;
	return path_show(rq->arena, rq->store, rq->session.user_id, query->to, candidates, rq->out,
			 why);
}

static int do_experts(struct request *rq, struct problem *why)
{
	const struct expert_query *query = rq->query;
	return experts_list(rq->arena, rq->store, rq->session.user_id, query->q, (int)query->limit,
			    rq->out, why);
}

static int do_analytics(struct request *rq, struct problem *why)
{
	const struct span *span = rq->query;
	return social_days(rq->store, rq->session.user_id, (int)span->days, rq->out, why);
}

static int do_network(struct request *rq, struct problem *why)
{
	const struct neighbourhood *query = rq->query;
	return social_network(rq->store, rq->session.user_id, (int)query->depth, (int)query->limit,
			      rq->out, why);
}

static int do_similar(struct request *rq, struct problem *why)
{
	return social_similar_users(rq->arena, rq->store, rq->session.user_id, ranking_limit(rq),
				    rq->out, why);
}

static int do_active(struct request *rq, struct problem *why)
{
	return social_active_users(rq->store, rq->session.user_id, ranking_limit(rq), rq->out, why);
}

static const struct route routes[] = {
	{
		.name = "get_network",
		.method = "GET",
		.path = SOCIAL "/network",
		.weight = 5,
		.query = &network_fields,
		.status = 200,
		.answer = &network_shape,
		.summary = "Get your network and its totals",
		.handle = do_network,
	},
	{
		.name = "list_similar_users",
		.method = "GET",
		.path = SOCIAL "/similar-users",
		.weight = 10,
		.query = &similar_fields,
		.status = 200,
		.answer = &similar_user_shape,
		.list = true,
		.summary = "List users whose knowledge has tags like yours, most similar first",
		.handle = do_similar,
	},
	{
		.name = "list_active_users",
		.method = "GET",
		.path = SOCIAL "/active-users",
		.weight = 5,
		.query = &active_fields,
		.status = 200,
		.answer = &active_user_shape,
		.list = true,
		.summary = "List users seen in the last 24 hours, latest first",
		.handle = do_active,
	},
	{
		.name = "list_suggestions",
		.method = "GET",
		.path = SOCIAL "/suggestions",
		.weight = 10,
		.query = &suggested_fields,
		.status = 200,
		.answer = &suggestion_shape,
		.list = true,
		.summary = "List users that you may want to know, with a reason for each",
		.handle = do_suggestions,
	},
	{
		.name = "get_graph",
		.method = "GET",
		.path = SOCIAL "/graph",
		.weight = 10,
		.query = &graph_fields,
		.status = 200,
		.answer = &graph_shape,
		.summary = "Get your connections as a graph of nodes and edges",
		.handle = do_graph,
	},
	{
		.name = "list_experts",
		.method = "GET",
		.path = SOCIAL "/experts",
		.weight = 10,
		.query = &expert_fields,
		.status = 200,
		.answer = &expert_shape,
		.list = true,
		.summary = "List users who know about something, by the knowledge that they share",
		.handle = do_experts,
	},
	{
		.name = "get_path",
		.method = "GET",
		.path = SOCIAL "/path",
		.weight = 10,
		.query = &path_fields,
		.status = 200,
		.answer = &path_shape,
		.summary = "Find out how you know a user: the shortest path of relationships",
		.problems = {PROBLEM_USER_NOT_FOUND, PROBLEM_TOO_EXPENSIVE},
		.handle = do_path,
	},
	{
		.name = "list_analytics",
		.method = "GET",
		.path = SOCIAL "/analytics",
		.weight = 3,
		.query = &span_fields,
		.status = 200,
		.answer = &day_shape,
		.list = true,
		.summary = "List your activity of the last days, today first",
		.handle = do_analytics,
	},
	{
		.name = "list_tags",
		.method = "GET",
		.path = API "/phase3/knowledge/tags",
		.weight = 2,
		.query = &tag_fields,
		.status = 200,
		.answer = &tag_shape,
		.list = true,
		.summary = "List the tags of the knowledge that you can see, most used first",
		.handle = do_tags,
	},
};
const struct routes social_routes = ROUTES("Social", routes);
