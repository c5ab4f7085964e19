/*
 * Health: the parts are measured when it is asked for (realm/health.h).
 *
 * Everybody gets the status. What is wrong, and the numbers, are for administrators and for the
 * addresses of the setting health_from.
 */
#include "config.h"

#include <stdio.h>
#include <string.h>

#include "base/clock.h"
#include "base/json_out.h"
#include "base/log.h"
#include "cgi/credentials.h"
#include "cgi/request.h"
#include "realm/health.h"
#include "realm/interactions.h"
#include "realm/knowledge.h"
#include "realm/knowledge_list.h"
#include "realm/relationships.h"
#include "realm/rooms.h"
#include "realm/settings.h"

/* --- shapes ----------------------------------------------------------------------------------- */

#define STATUS(values) PROPERTY("status", TEXT, .help = values)
#define DETAILS .optional = true
#define HEALTH_PROPERTIES                                                                          \
	STATUS("healthy, degraded or unhealthy."), PROPERTY("service", TEXT, .help = "aeon."),     \
		PROPERTY("version", TEXT),                                                         \
		PROPERTY("reasons", TEXTS, DETAILS,                                                \
			 .help = "What is wrong, one sentence each. Only for administrators, "     \
				 "like all that may be absent.")
#define PART_PROPERTIES                                                                            \
	STATUS("up or down."), PROPERTY("reason", TEXT, .nullable = true, .help = "Why it is down.")
#define SECONDS(name, what)                                                                        \
	PROPERTY(name, REAL, .nullable = true, .help = "Seconds since " what ".")

static const struct property health_properties[] = {HEALTH_PROPERTIES};
static const struct shape health_shape = SHAPE("Health", health_properties);

static const struct property database_properties[] = {
	PART_PROPERTIES,
	PROPERTY("latency_ms", REAL, .help = "Duration of one read."),
	PROPERTY("wal_bytes", INT, .help = "Size of the write-ahead log."),
};
static const struct shape database_shape = SHAPE("DatabaseHealth", database_properties);

static const struct property writes_properties[] = {
	PART_PROPERTIES,
	SECONDS("seconds_since_success", "the last commit"),
	SECONDS("seconds_since_failure", "the last write that the database failed"),
};
static const struct shape writes_shape = SHAPE("WriteHealth", writes_properties);

static const struct property disk_properties[] = {
	PART_PROPERTIES,
	PROPERTY("free_bytes", INT, .nullable = true),
};
static const struct shape disk_shape = SHAPE("DiskHealth", disk_properties);

static const struct property maintenance_properties[] = {
	PART_PROPERTIES,
	PROPERTY("leader", TEXT, .nullable = true,
		 .help = "The program that does the maintenance: bridge, cgi or aeonctl."),
	PROPERTY("leader_pid", INT, .nullable = true),
	SECONDS("seconds_since_checkpoint", "the last good checkpoint"),
	SECONDS("seconds_since_pruning", "expired rows were last removed without a failure"),
	SECONDS("seconds_since_erasure", "erased accounts were last worked on without a failure"),
};
static const struct shape maintenance_shape = SHAPE("MaintenanceHealth", maintenance_properties);

static const struct property bridge_properties[] = {
	PART_PROPERTIES,
	PROPERTY("latency_ms", REAL),
	PROPERTY("connections", INT, .help = "Open WebSockets."),
	PROPERTY("rooms", INT, .help = "Rooms with a connected user."),
};
static const struct shape bridge_shape = SHAPE("BridgeHealth", bridge_properties);

static const struct property twins_properties[] = {
	PART_PROPERTIES,
	PROPERTY("running", INT, .help = "Processes of aeon-twin."),
};
static const struct shape twins_shape = SHAPE("TwinHealth", twins_properties);

static const struct property stores_properties[] = {
	PART_PROPERTIES,
	PROPERTY("behind", INT,
		 .help = "Changes that a store, such as ChromaDB, does not have yet."),
};
static const struct shape stores_shape = SHAPE("StoreHealth", stores_properties);

static const struct property programs_properties[] = {PART_PROPERTIES};
static const struct shape programs_shape = SHAPE("ProgramHealth", programs_properties);

static const struct property component_properties[] = {
	PROPERTY("database", PART, .of = &database_shape),
	PROPERTY("writes", PART, .of = &writes_shape),
	PROPERTY("disk", PART, .of = &disk_shape),
	PROPERTY("maintenance", PART, .of = &maintenance_shape),
	PROPERTY("bridge", PART, .of = &bridge_shape),
	PROPERTY("twins", PART, .of = &twins_shape),
	PROPERTY("stores", PART, .of = &stores_shape),
	PROPERTY("programs", PART, .of = &programs_shape),
};
static const struct shape component_shape = SHAPE("HealthComponents", component_properties);

static const struct property detailed_properties[] = {
	HEALTH_PROPERTIES,
	PROPERTY("components", PART, DETAILS, .of = &component_shape),
};
static const struct shape detailed_shape = SHAPE("DetailedHealth", detailed_properties);

static const struct property feature_properties[] = {
	PROPERTY("real_time_messaging", BOOL),
	PROPERTY("chat_rooms", BOOL),
	PROPERTY("social_features", BOOL),
	PROPERTY("aeon_interactions", BOOL),
	PROPERTY("shared_knowledge", BOOL),
	PROPERTY("twins", BOOL, .help = "Whether twins answer."),
};
static const struct shape feature_shape = SHAPE("Phase3Features", feature_properties);

static const struct property phase3_properties[] = {
	STATUS("healthy or degraded."),
	PROPERTY("phase", TEXT, .help = "3."),
	PROPERTY("reasons", TEXTS, DETAILS),
	PROPERTY("features", PART, DETAILS, .of = &feature_shape),
	PROPERTY("websocket_connections", INT, DETAILS),
	PROPERTY("active_rooms", INT, DETAILS, .help = "Rooms with a connected user."),
};
static const struct shape phase3_shape = SHAPE("Phase3Health", phase3_properties);

/* --- measuring -------------------------------------------------------------------------------- */

/* The answer reports a failure of the database as "down", and the log has its cause. */
static void measure(struct request *rq, struct health *health)
{
	struct problem why = {0};
	request_store(rq, &why);
	health_measure(rq->store, rq->app->settings, !rq->app->is_cgi, health, &why);
	if (!health->parts[HEALTH_DATABASE].good) {
		log_problem(LOG_LEVEL_ERROR, "database_down", &why);
		app_close_store(rq->app);
		rq->store = NULL;
	}
}

static const char *status_of(const struct health *health)
{
	return health->all_good                      ? "healthy"
	       : health->parts[HEALTH_DATABASE].good ? "degraded"
						     : "unhealthy";
}

static bool may_see_details(struct request *rq)
{
	struct problem why = {0};
	if (request_comes_from(rq, rq->app->settings->health_from))
		return true;
	return request_authenticate(rq, &why) == 0 && is_administrator(&rq->session);
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

static void open_part(struct buf *out, const char *name, const struct health *health,
		      enum health_part part)
{
	bool up = health->parts[part].good;
	jw_key(out, name), jw_open(out, '{');
	jw_kv_text(out, "status", up ? "up" : "down");
	jw_kv_text(out, "reason", up ? NULL : health->parts[part].reason);
}

static void put_ms(struct buf *out, int64_t us)
{
	jw_key(out, "latency_ms"), jw_real(out, (double)us / 1000);
}

static void put_seconds(struct buf *out, const char *name, int64_t since)
{
	jw_key(out, name);
	if (since == HEALTH_UNKNOWN)
		jw_null(out);
	else
		jw_real(out, (double)(since / 1000) / 1000);
}

static void put_components(struct buf *out, const struct health *health)
{
	bool wal = health->parts[HEALTH_DATABASE].good && !health->parts[HEALTH_WAL].good;
	jw_key(out, "components"), jw_open(out, '{');
	open_part(out, "database", health, wal ? HEALTH_WAL : HEALTH_DATABASE);
	put_ms(out, health->read_us);
	jw_kv_int(out, "wal_bytes", health->wal_bytes);
	jw_close(out, '}');
	open_part(out, "writes", health, HEALTH_WRITES);
	put_seconds(out, "seconds_since_success", health->notes.since_good[HEALTH_WRITE]);
	put_seconds(out, "seconds_since_failure", health->notes.since_bad[HEALTH_WRITE]);
	jw_close(out, '}');
	open_part(out, "disk", health, HEALTH_DISK);
	jw_key(out, "free_bytes");
	if (health->free_bytes == HEALTH_UNKNOWN)
		jw_null(out);
	else
		jw_int(out, health->free_bytes);
	jw_close(out, '}');
	open_part(out, "maintenance", health, HEALTH_MAINTENANCE);
	jw_kv_text(out, "leader", health->leader);
	jw_key(out, "leader_pid");
	if (health->leader)
		jw_int(out, health->notes.leader_pid);
	else
		jw_null(out);
	put_seconds(out, "seconds_since_checkpoint", health->notes.since_good[HEALTH_CHECKPOINT]);
	put_seconds(out, "seconds_since_pruning", health->notes.since_good[HEALTH_PRUNING]);
	put_seconds(out, "seconds_since_erasure", health->notes.since_good[HEALTH_ERASURE]);
	jw_close(out, '}');
	open_part(out, "bridge", health, HEALTH_BRIDGES);
	put_ms(out, health->bridges_us);
	jw_kv_int(out, "connections", health->bridges.connections);
	jw_kv_int(out, "rooms", health->bridges.rooms);
	jw_close(out, '}');
	open_part(out, "twins", health, HEALTH_TWINS);
	jw_kv_int(out, "running", health->twins);
	jw_close(out, '}');
	open_part(out, "stores", health, HEALTH_STORES);
	jw_kv_int(out, "behind", health->stores_behind);
	jw_close(out, '}');
	open_part(out, "programs", health, HEALTH_PROGRAMS);
	jw_close(out, '}');
	jw_close(out, '}');
}

/* Writes what both service routes answer, and leaves the object open. Returns whether the caller
 * may see the details. */
static bool open_answer(struct request *rq, struct health *health)
{
	measure(rq, health);
	bool details = may_see_details(rq);
	if (!health->parts[HEALTH_DATABASE].good)
		rq->status = 503;
	jw_open(rq->out, '{');
	jw_kv_text(rq->out, "status", status_of(health));
	jw_kv_text(rq->out, "service", "aeon");
	jw_kv_text(rq->out, "version", PACKAGE_VERSION);
	if (details)
		jw_key(rq->out, "reasons"), health_reasons(health, rq->out);
	return details;
}

static int do_health(struct request *rq, struct problem *why)
{
	struct health health;
	(void)why;
	open_answer(rq, &health);
	jw_close(rq->out, '}');
	return 0;
}

static int do_detailed(struct request *rq, struct problem *why)
{
	struct health health;
	(void)why;
	if (open_answer(rq, &health))
		put_components(rq->out, &health);
	jw_close(rq->out, '}');
	return 0;
}

/* Returns whether all features work. */
static bool try_features(struct request *rq, const struct health *health, struct buf *features)
{
	struct buf *scratch = buf_in(rq->arena);
	bool database = health->parts[HEALTH_DATABASE].good;
	bool all = database && health->parts[HEALTH_BRIDGES].good;
	jw_open(features, '{');
	jw_kv_bool(features, "real_time_messaging", all && health->bridges.live > 0);
	for (size_t i = 0; i < sizeof(stored_features) / sizeof(*stored_features); i++) {
		struct problem wrong = {0};
		struct page one = {.limit = 1};
		bool works = database && stored_features[i].try(rq, &one, scratch, &wrong) >= 0;
		jw_kv_bool(features, stored_features[i].name, works);
		all = all && works;
	}
	bool twins = database && health->parts[HEALTH_TWINS].good;
	jw_kv_bool(features, "twins", twins && health->twins > 0);
	jw_close(features, '}');
	return all;
}

static int do_phase3(struct request *rq, struct problem *why)
{
	struct buf *features = buf_in(rq->arena);
	struct health health;
	(void)why;
	measure(rq, &health);
	bool all = try_features(rq, &health, features) && health.all_good;
	jw_open(rq->out, '{');
	jw_kv_text(rq->out, "status", all ? "healthy" : "degraded");
	jw_kv_text(rq->out, "phase", "3");
	if (may_see_details(rq)) {
		jw_key(rq->out, "reasons"), health_reasons(&health, rq->out);
		jw_key(rq->out, "features"), jw_raw(rq->out, features->data, features->len);
		jw_kv_int(rq->out, "websocket_connections", health.bridges.connections);
		jw_kv_int(rq->out, "active_rooms", health.bridges.rooms);
	}
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
		.or_status = 503,
		.answer = &health_shape,
		.summary = "Check that the realm works; 503 without the database",
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
		.summary = "Get each component's state; 503 without the database",
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
