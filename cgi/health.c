/*
 * Health: every answer is measured when it is asked for.
 *
 * Only /health measures nothing: it says that the process answers, and is cheap to ask often.
 */
#include "config.h"

#include <string.h>

#include "base/clock.h"
#include "base/json_out.h"
#include "base/log.h"
#include "cgi/request.h"
#include "realm/bridges.h"
#include "realm/feed.h"
#include "realm/interactions.h"
#include "realm/knowledge.h"
#include "realm/presence.h"
#include "realm/realm.h"
#include "realm/relationships.h"
#include "realm/rooms.h"
#include "realm/settings.h"
#include "store/lead.h"

/* --- shapes ----------------------------------------------------------------------------------- */

#define HEALTH_MEMBERS                                                                             \
	PROPERTY("status", TEXT, .help = "healthy, degraded or unhealthy."),                       \
		PROPERTY("service", TEXT, .help = "aeon."), PROPERTY("version", TEXT)

static const struct property health_properties[] = {HEALTH_MEMBERS};
static const struct shape health_shape = SHAPE("Health", health_properties);

static const struct property database_properties[] = {
	PROPERTY("status", TEXT, .help = "up or down."),
	PROPERTY("latency_ms", REAL, .help = "Duration of one read."),
	PROPERTY("wal_bytes", INT, .help = "Size of the write-ahead log."),
};
static const struct shape database_shape = SHAPE("DatabaseHealth", database_properties);

static const struct property bridge_properties[] = {
	PROPERTY("status", TEXT, .help = "up or down."),
	PROPERTY("latency_ms", REAL),
	PROPERTY("connections", INT, .help = "Open WebSockets."),
	PROPERTY("rooms", INT, .help = "Rooms with a connected user."),
};
static const struct shape bridge_shape = SHAPE("BridgeHealth", bridge_properties);

static const struct property component_properties[] = {
	PROPERTY("database", PART, .of = &database_shape),
	PROPERTY("bridge", PART, .of = &bridge_shape),
};
static const struct shape component_shape = SHAPE("HealthComponents", component_properties);

static const struct property detailed_properties[] = {
	HEALTH_MEMBERS,
	PROPERTY("components", PART, .of = &component_shape),
};
static const struct shape detailed_shape = SHAPE("DetailedHealth", detailed_properties);

static const struct property feature_properties[] = {
	PROPERTY("real_time_messaging", BOOL), PROPERTY("chat_rooms", BOOL),
	PROPERTY("social_features", BOOL),     PROPERTY("aeon_interactions", BOOL),
	PROPERTY("shared_knowledge", BOOL),
};
static const struct shape feature_shape = SHAPE("Phase3Features", feature_properties);

static const struct property phase3_properties[] = {
	PROPERTY("status", TEXT, .help = "healthy or degraded."),
	PROPERTY("phase", TEXT, .help = "3."),
	PROPERTY("features", PART, .of = &feature_shape),
	PROPERTY("websocket_connections", INT),
	PROPERTY("active_rooms", INT, .help = "Rooms with a connected user."),
};
static const struct shape phase3_shape = SHAPE("Phase3Health", phase3_properties);

/* --- checks ----------------------------------------------------------------------------------- */

struct part {
	bool up;
	int64_t us; /* how long the check took */
};

/* The answer reports a failure as "down", and the log has its cause. */
static struct part check_database(struct request *rq)
{
	struct problem why = {0};
	int64_t started = clock_monotonic(), pos;
	bool up = request_store(rq, &why) == 0 && events_head(rq->store, &pos, &why) >= 0;
	if (!up) {
		log_problem(LOG_LEVEL_ERROR, "database_down", &why);
		app_close_store(rq->app);
		rq->store = NULL;
	}
	return (struct part){.up = up, .us = clock_monotonic() - started};
}

/* The bridge is up when every bridge listens on its socket and renews its lease. */
static struct part check_bridge(struct request *rq, struct bridges *bridges_r)
{
	struct problem why = {0};
	int64_t started = clock_monotonic();
	*bridges_r = (struct bridges){0};
	uint32_t alive = realm_bridges_alive(rq->app->settings);
	bool up = rq->store && bridges_live(rq->store, alive, bridges_r, &why) >= 0 &&
		  bridges_r->live == rq->app->settings->ws_bridges;
	return (struct part){.up = up, .us = clock_monotonic() - started};
}

/* Each feature is tried by a small read, for no particular user. */
static int try_rooms(struct request *rq, struct page *page, struct buf *out, struct problem *why)
{
	const struct room_filter any = {.is_public = -1, .is_aeon_room = -1, .joined = -1};
	return rooms_list(rq->arena, rq->store, 0, &any, page, out, why);
}

static int try_social(struct request *rq, struct page *page, struct buf *out, struct problem *why)
{
	const struct relationship_filter any = {0};
	return relationships_list(rq->store, 0, &any, page, out, why);
}

static int try_interactions(struct request *rq, struct page *page, struct buf *out,
			    struct problem *why)
{
	const struct interaction_filter any = {.scope = "public", .is_public = -1};
	return interactions_list(rq->store, 0, &any, page, out, why);
}

static int try_knowledge(struct request *rq, struct page *page, struct buf *out,
			 struct problem *why)
{
	const struct knowledge_filter any = {0};
	return knowledge_list(rq->arena, rq->store, 0, &any, page, out, why);
}

static const struct {
	const char *name;
	int (*try)(struct request *rq, struct page *page, struct buf *out, struct problem *why);
} stored_features[] = {
	{"chat_rooms", try_rooms},
	{"social_features", try_social},
	{"aeon_interactions", try_interactions},
	{"shared_knowledge", try_knowledge},
};

/* --- answers ---------------------------------------------------------------------------------- */

static void open_answer(struct request *rq, const char *status)
{
	jw_open(rq->out, '{');
	jw_kv_text(rq->out, "status", status);
	jw_kv_text(rq->out, "service", "aeon");
	jw_kv_text(rq->out, "version", PACKAGE_VERSION);
}

static int do_health(struct request *rq, struct problem *why)
{
	(void)why;
	open_answer(rq, "healthy");
	jw_close(rq->out, '}');
	return 0;
}

static void open_part(struct buf *out, const char *name, const struct part *part)
{
	jw_key(out, name), jw_open(out, '{');
	jw_kv_text(out, "status", part->up ? "up" : "down");
	jw_key(out, "latency_ms"), jw_real(out, (double)part->us / 1000);
}

static int do_detailed(struct request *rq, struct problem *why)
{
	(void)why;
	struct buf *out = rq->out;
	struct bridges bridges;
	struct part database = check_database(rq), bridge = check_bridge(rq, &bridges);
	if (!database.up)
		rq->status = 503;
	open_answer(rq, !database.up ? "unhealthy" : bridge.up ? "healthy" : "degraded");
	jw_key(out, "components"), jw_open(out, '{');
	open_part(out, "database", &database);
	jw_kv_int(out, "wal_bytes", store_log_bytes(rq->app->settings->database));
	jw_close(out, '}');
	open_part(out, "bridge", &bridge);
	jw_kv_int(out, "connections", bridges.connections);
	jw_kv_int(out, "rooms", bridges.rooms);
	jw_close(out, '}');
	jw_close(out, '}');
	jw_close(out, '}');
	return 0;
}

static int do_phase3(struct request *rq, struct problem *why)
{
	(void)why;
	struct buf *features = buf_in(rq->arena), *scratch = buf_in(rq->arena);
	struct bridges bridges;
	bool database = check_database(rq).up;
	bool all = check_bridge(rq, &bridges).up;
	jw_open(features, '{');
	jw_kv_bool(features, "real_time_messaging", all && database);
	for (size_t i = 0; i < sizeof(stored_features) / sizeof(*stored_features); i++) {
		struct problem wrong = {0};
		struct page one = {.limit = 1};
		bool works = database && stored_features[i].try(rq, &one, scratch, &wrong) >= 0;
		jw_kv_bool(features, stored_features[i].name, works);
		all = all && works;
	}
	jw_close(features, '}');
	jw_open(rq->out, '{');
	jw_kv_text(rq->out, "status", all ? "healthy" : "degraded");
	jw_kv_text(rq->out, "phase", "3");
	jw_key(rq->out, "features"), jw_raw(rq->out, features->data, features->len);
	jw_kv_int(rq->out, "websocket_connections", bridges.connections);
	jw_kv_int(rq->out, "active_rooms", bridges.rooms);
	jw_close(rq->out, '}');
	return 0;
}

static const struct route routes[] = {
	{
		.name = "health",
		.method = "GET",
		.path = "/health",
		.access = ACCESS_PUBLIC,
		.status = 200,
		.answer = &health_shape,
		.summary = "Check that the service answers",
		.handle = do_health,
	},
	{
		.name = "detailed_health",
		.method = "GET",
		.path = API "/health/detailed",
		.access = ACCESS_PUBLIC,
		.status = 200,
		.or_status = 503,
		.answer = &detailed_shape,
		.summary = "Get each component's state and latency; 503 without the database",
		.handle = do_detailed,
	},
	{
		.name = "phase3_health",
		.method = "GET",
		.path = API "/phase3/health/phase3",
		.access = ACCESS_PUBLIC,
		.status = 200,
		.answer = &phase3_shape,
		.summary = "Check that each feature works now",
		.handle = do_phase3,
	},
};
const struct routes health_routes = ROUTES("Health", routes);
