/* Changes of messages: edit, delete, react. Their answer is the event that everybody gets; who
 * names a client_id gets an ack as well. */
#ifndef WS_BRIDGE_FEATURES_CHANGES_H
#define WS_BRIDGE_FEATURES_CHANGES_H

struct command;

extern const struct command edit_command, delete_command, react_command;

#endif
