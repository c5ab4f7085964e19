/* Subscriptions: see subscription.h. */
#include "ws-bridge/core/subscription.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "base/uuid.h"
#include "ws-bridge/core/conn.h"

struct subscription {
	size_t count;
	char room_ids[][UUID_TEXT]; /* sorted */
};

static int compare_ids(const void *one, const void *other)
{
	return strcmp(one, other);
}

bool subscribed(const struct conn *conn, const char *room_id)
{
	const struct subscription *to = conn->subscription;
	return !to || bsearch(room_id, to->room_ids, to->count, UUID_TEXT, compare_ids) != NULL;
}

void subscribe(struct conn *conn, const char *const *room_ids, size_t count)
{
	free(conn->subscription);
	conn->subscription = NULL;
	if (!room_ids)
		return;
	struct subscription *to = xcalloc(1, sizeof(*to) + count * UUID_TEXT);
	to->count = count;
	for (size_t i = 0; i < count; i++)
		snprintf(to->room_ids[i], UUID_TEXT, "%s", room_ids[i]);
	qsort(to->room_ids, to->count, UUID_TEXT, compare_ids);
	conn->subscription = to;
}

void subscribe_also(struct conn *conn, const char *room_id)
{
	const struct subscription *to = conn->subscription;
	const char *room_ids[SUBSCRIPTION_MAX + 1] = {room_id};
	if (subscribed(conn, room_id))
		return;
	for (size_t i = 0; i < to->count; i++)
		room_ids[i + 1] = to->room_ids[i];
	struct subscription *old = conn->subscription;
	conn->subscription = NULL;
	subscribe(conn, old->count < SUBSCRIPTION_MAX ? room_ids : NULL, old->count + 1);
	free(old);
}
