/*
 * What the bridges are told that no log has: that a twin writes in a room, and the parts of an
 * answer to a twin's owner. A lost message does no harm: an indicator ends by itself, and the row
 * of the turn has the whole text. The bridge's side is ws-bridge/features/typing.c and delta.c.
 */
#ifndef TWIN_LIVE_H
#define TWIN_LIVE_H

#include <stdbool.h>
#include <stddef.h>
#include <sys/un.h>

#include "realm/settings.h"

struct store;
struct turn;

struct live {
	int fd, count;
	struct sockaddr_un bridges[BRIDGES_MAX];
};

void live_open(struct live *live, const struct settings *settings);
void live_close(struct live *live);

/* Does nothing for a turn that is not of a room. */
void live_typing(const struct live *live, struct store *store, const struct turn *turn,
		 bool is_typing);

/* To the twin's owner: the text goes on after `offset` code points. */
void live_delta(const struct live *live, const struct turn *turn, size_t offset, const char *text,
		size_t bytes);

#endif
