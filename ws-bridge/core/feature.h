/*
 * What a feature adds to the bridge: commands, messages between bridges, and what it does when
 * something happens.
 *
 * The core reaches features through this table only, and includes none of them. The program has the
 * table of features/features.c; a test may link another one.
 */
#ifndef WS_BRIDGE_CORE_FEATURE_H
#define WS_BRIDGE_CORE_FEATURE_H

#include <stdint.h>

struct bridge;
struct command;
struct conn;
struct membership;
struct message;
struct peer_message;
struct report;
struct room;
struct user;

/* What a client has shown in its handshake: one of the two, the other is NULL. */
struct credentials {
	const char *token, *ticket;
};

/* Everything may be NULL. */
struct feature {
	const struct command *const *commands;   /* ends with NULL */
	const struct message *const *messages;   /* that it sends; ends with NULL */
	const struct peer_message *peer_message; /* that it takes from other bridges */

	void (*bridge_opened)(struct bridge *bridge);

	/* The handshake is over, and the client has shown a token or a ticket. */
	void (*conn_credentials)(struct conn *conn, const struct credentials *shown);

	/* The connection has lost its socket. conn->user still has its value, but the connection
	 * is no longer among that user's connections. */
	void (*conn_closed)(struct conn *conn);

	/* Frames of the class FRAME_STATE were dropped since that moment, and the queue has now
	 * drained: the present state must be sent again. */
	void (*conn_drained)(struct conn *conn, int64_t missed_since);

	/* The membership ends; it is no longer in the lists of its user and its room. */
	void (*member_left)(struct membership *member);

	/* The last member has left, and the room is freed after this call. */
	void (*room_ended)(struct room *room);

	/* The user has no connection, and is freed after this call. */
	void (*user_removed)(struct user *user);

	/* An event of the log, after it was sent. */
	void (*event)(struct bridge *bridge, const struct report *event);
};

extern const struct feature *const features[]; /* ends with NULL */

/* These call the function of each feature that has one. */
void feature_bridge_opened(struct bridge *bridge);
void feature_conn_credentials(struct conn *conn, const struct credentials *shown);
void feature_conn_closed(struct conn *conn);
void feature_conn_drained(struct conn *conn, int64_t missed_since);
void feature_member_left(struct membership *member);
void feature_room_ended(struct room *room);
void feature_user_removed(struct user *user);
void feature_event(struct bridge *bridge, const struct report *event);

#endif
