/* The graph: see graph.h. */
#include "realm/graph.h"

#include <string.h>

#include "base/arena.h"
#include "base/clock.h"
#include "base/json_out.h"
#include "realm/person.h"
#include "store/queries.h"

static const struct property node_properties[] = {
	PROPERTY("id", INT),
	PROPERTY("username", TEXT),
	PROPERTY("full_name", TEXT, .nullable = true),
	PROPERTY("twin", OBJECT, .nullable = true,
		 .help = "`name` of the twin, if it does something by itself."),
	PROPERTY("distance", INT, .help = "0: you; 1: your connections; 2: theirs."),
};
static const struct shape node_shape = SHAPE("GraphNode", node_properties);

static const struct property edge_properties[] = {
	PROPERTY("source", INT),
	PROPERTY("target", INT),
	PROPERTY("type", TEXT),
	PROPERTY("strength", REAL),
};
static const struct shape edge_shape = SHAPE("GraphEdge", edge_properties);

static const struct property graph_properties[] = {
	PROPERTY("nodes", LIST, .of = &node_shape),
	PROPERTY("edges", LIST, .of = &edge_shape),
};
const struct shape graph_shape = SHAPE("Graph", graph_properties);

struct drawing {
	struct arena *arena;
	struct store *store;
	int64_t *ids; /* of the nodes */
	int count, limit;
	struct buf *nodes, *edges;
};

static bool has_node(const struct drawing *d, int64_t id)
{
	for (int i = 0; i < d->count; i++)
		if (d->ids[i] == id)
			return true;
	return false;
}

static int add_node(struct drawing *d, int64_t id, int64_t distance, struct problem *why)
{
	struct q_person node = {0};
	if (d->count == d->limit)
		return 0;
	TRY(q_person(d->arena, d->store, id, &node, why));
	d->ids[d->count++] = id;
	jw_open(d->nodes, '{');
	jw_kv_int(d->nodes, "id", id);
	jw_kv_text(d->nodes, "username", node.username);
	person_names_put(d->nodes, node.full_name, node.twin);
	jw_kv_int(d->nodes, "distance", distance);
	jw_close(d->nodes, '}');
	return 0;
}

/* The row is an edge; edges of nearer nodes come first. */
static int add_edge(const struct q_graph_edges *row, void *context, struct problem *why)
{
	struct drawing *d = context;
	if (!has_node(d, row->source))
		return 0;
	if (!has_node(d, row->target))
		TRY(add_node(d, row->target, row->distance, why));
	if (!has_node(d, row->target))
		return 0;
	jw_open(d->edges, '{');
	jw_kv_int(d->edges, "source", row->source);
	jw_kv_int(d->edges, "target", row->target);
	jw_kv_text(d->edges, "type", row->type);
	jw_key(d->edges, "strength");
	jw_real(d->edges, row->strength);
	jw_close(d->edges, '}');
	return 0;
}

int graph_show(struct arena *arena, struct store *store, int64_t viewer, int depth, int limit,
	       struct buf *out, struct problem *why)
{
	struct drawing d = {.arena = arena,
			    .store = store,
			    .ids = arena_alloc(arena, (size_t)limit * sizeof(*d.ids)),
			    .limit = limit,
			    .nodes = out,
			    .edges = buf_in(arena)};
	jw_open(out, '{');
	jw_key(out, "nodes");
	jw_open(out, '[');
	jw_open(d.edges, '[');
	TRY(add_node(&d, viewer, 0, why));
	TRY(q_graph_edges(store, viewer, depth, clock_now(), add_edge, &d, why));
	jw_close(out, ']');
	jw_close(d.edges, ']');
	jw_key(out, "edges");
	jw_raw(out, d.edges->data, d.edges->len);
	jw_close(out, '}');
	return 0;
}
