/* How far people have read: told at most once a second for each of them and room. */
#ifndef WS_BRIDGE_FEATURES_READ_MARKER_H
#define WS_BRIDGE_FEATURES_READ_MARKER_H

struct command;
struct membership;

extern const struct command read_command;

/* For a membership that ends. */
void reading_free(struct membership *member);

#endif
