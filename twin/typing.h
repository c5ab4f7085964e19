/*
 * Tells the bridges that a twin writes in a room. A lost message does no harm, because an indicator
 * ends by itself. The bridge's side is ws-bridge/features/typing.c.
 */
#ifndef TWIN_TYPING_H
#define TWIN_TYPING_H

#include <stdbool.h>
#include <sys/un.h>

#include "realm/settings.h"

struct store;
struct turn;

struct typing {
	int fd, count;
	struct sockaddr_un bridges[BRIDGES_MAX];
};

void typing_open(struct typing *typing, const struct settings *settings);
void typing_close(struct typing *typing);

/* Does nothing for a turn that is not of a room. */
void typing_tell(const struct typing *typing, struct store *store, const struct turn *turn,
		 bool is_typing);

#endif
