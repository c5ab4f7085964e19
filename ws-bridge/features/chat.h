/* Chat messages on their way in. Their way out is the event log, also to the sender. */
#ifndef WS_BRIDGE_FEATURES_CHAT_H
#define WS_BRIDGE_FEATURES_CHAT_H

struct command;

extern const struct command chat_command;

#endif
