/* Coming into a room, with what one has missed there, and leaving it. */
#ifndef WS_BRIDGE_FEATURES_JOIN_H
#define WS_BRIDGE_FEATURES_JOIN_H

struct command;

extern const struct command join_command, leave_command;

#endif
