/*
 * Who is typing in a room. It passes the log by: it is worth nothing a moment later.
 *
 * A room hears of it at most once a second, however much its people type, and typing ends by itself
 * when nobody says so again.
 */
#ifndef WS_BRIDGE_FEATURES_TYPING_H
#define WS_BRIDGE_FEATURES_TYPING_H

#include <stdbool.h>
#include <stdint.h>

struct bridge;
struct command;
struct room;

extern const struct command typing_command;

void typing_set(struct bridge *bridge, struct room *room, int64_t user_id, const char *name,
		bool is_typing);

/* For a room that ends. */
void typing_free(struct room *room);

#endif
