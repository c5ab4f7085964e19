/* Calls into the table of features: see feature.h. */
#include "ws-bridge/core/feature.h"

#include <stddef.h>

#define CALL_EACH(function, ...)                                                                   \
	do {                                                                                       \
		for (const struct feature *const *at = features; *at; at++)                        \
			if ((*at)->function)                                                       \
				(*at)->function(__VA_ARGS__);                                      \
	} while (0)

void feature_bridge_opened(struct bridge *bridge)
{
	CALL_EACH(bridge_opened, bridge);
}

void feature_conn_credentials(struct conn *conn, const struct credentials *shown)
{
	CALL_EACH(conn_credentials, conn, shown);
}

void feature_conn_closed(struct conn *conn)
{
	CALL_EACH(conn_closed, conn);
}

void feature_conn_drained(struct conn *conn, int64_t missed_since)
{
	CALL_EACH(conn_drained, conn, missed_since);
}

void feature_member_left(struct membership *member)
{
	CALL_EACH(member_left, member);
}

void feature_room_ended(struct room *room)
{
	CALL_EACH(room_ended, room);
}

void feature_user_removed(struct user *user)
{
	CALL_EACH(user_removed, user);
}

void feature_event(struct bridge *bridge, const struct report *event)
{
	CALL_EACH(event, bridge, event);
}
