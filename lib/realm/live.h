/*
 * What other processes tell the bridges that no log has: that a user or a twin types in a room, and
 * the parts of an answer to a twin's owner. A lost message does no harm: an indicator ends by
 * itself, and the row of the turn has the whole text. The bridge's side is
 * ws-bridge/features/typing.c and delta.c.
 */
#ifndef REALM_LIVE_H
#define REALM_LIVE_H

#include <stdbool.h>
#include <stddef.h>
#include <sys/un.h>

#include "realm/settings.h"

struct live {
	int fd, count;
	struct sockaddr_un bridges[BRIDGES_MAX];
};

void live_open(struct live *live, const struct settings *settings);
void live_close(struct live *live);

/* A user or the user's twin, in a room. */
struct live_typist {
	const char *room_id;
	int64_t user_id;
	const char *username;
	bool is_aeon;
};
void live_typing(const struct live *live, const struct live_typist *typist, bool is_typing);

/* Tells the owner of a twin the next part of an answer; it begins after `offset` code points. */
void live_delta(const struct live *live, int64_t owner_id, int64_t turn_id, size_t offset,
		const char *text, size_t bytes);

#endif
