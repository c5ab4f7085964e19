/* Counts of everything: see stats.h. */
#include "realm/stats.h"

static const struct property realm_stats_properties[] = {
	PROPERTY("users", INT),         PROPERTY("disabled_users", INT), PROPERTY("sessions", INT),
	PROPERTY("rooms", INT),         PROPERTY("participants", INT),   PROPERTY("messages", INT),
	PROPERTY("relationships", INT), PROPERTY("knowledge", INT),      PROPERTY("votes", INT),
	PROPERTY("interactions", INT),  PROPERTY("events", INT),
};
const struct shape realm_stats_shape = SHAPE("Stats", realm_stats_properties);
