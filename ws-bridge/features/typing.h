/* Typing, for other features. */
#ifndef WS_BRIDGE_FEATURES_TYPING_H
#define WS_BRIDGE_FEATURES_TYPING_H

struct conn;

/* The connection's user has posted there: what the connection said of typing is over. */
void typing_end(const struct conn *conn, const char *room_id);

/* Tells the connection which users type in the room, if any do. It was not told before. */
void typing_show(struct conn *conn, const char *room_id);

/* The same of all rooms of its user. */
void typing_show_all(struct conn *conn);

#endif
