/*
 * `room_participants`: the members of all rooms of a user, told to a new connection in frames of a
 * bounded size.
 *
 * The first frame comes with the welcome. Further ones are read one by one, as the client takes
 * them and the budget of the user allows. Each is read at its place in the log, so what changes
 * meanwhile comes as an event.
 */
#ifndef WS_BRIDGE_FEATURES_MEMBER_LIST_H
#define WS_BRIDGE_FEATURES_MEMBER_LIST_H

#include <stdbool.h>
#include <stddef.h>

#include "realm/rooms.h"

struct arena;
struct conn;

/* A part of the list. */
struct member_part {
	struct co_members_place place; /* before it was read: where it begins */
	struct buf *members;
	bool more;
};

/* Reads a part, within a job. */
int member_part_read(struct arena *arena, struct store *store, int64_t viewer,
		     struct member_part *part, struct problem *why);

/* Sends a part, and has the following ones read. */
void member_part_send(struct conn *conn, const struct member_part *part);

#endif
