/*
 * Who is typing in a room. It passes the log by: it is worth nothing a moment later.
 *
 * A room hears of it at most once a second, however much its people type, and typing ends by itself
 * when nobody says so again.
 */
#ifndef WS_BRIDGE_TYPING_H
#define WS_BRIDGE_TYPING_H

#include <stdbool.h>

struct command;
struct room;
struct user;

extern const struct command typing_command;

void typing_set(struct room *room, struct user *user, bool is_typing);

/* For a room that ends. */
void typing_free(struct room *room);

#endif
