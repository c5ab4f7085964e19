/*
 * One connection: its socket, its queue of frames, its user, and how it is closed. What its client
 * sends comes in through receive.h; live events go out through live.h.
 */
#ifndef WS_BRIDGE_CORE_CONN_H
#define WS_BRIDGE_CORE_CONN_H

#include <stdbool.h>
#include <stdint.h>
#include <sys/queue.h>

#include "base/buf.h"
#include "base/problem.h"
#include "ws-bridge/core/frame.h"
#include "ws-bridge/core/limit.h"
#include "ws-bridge/core/wheel.h"

struct bridge;
struct budget_cost;
struct caller;
struct member_list;
struct message;
struct catchup;
struct socket;
struct subject;
struct subscription;
struct user;

/* X(constant, code, reason): the close codes that are not the library's own. A reason is a sentence
 * of at most 123 bytes (RFC 6455, 5.5). */
#define CLOSE_TABLE(X)                                                                             \
	X(BINARY, 1003, "Only text frames are accepted.")                                          \
	X(NOT_UTF8, 1007, "A message was not UTF-8.")                                              \
	X(TOO_LARGE, 1009, "A message was larger than the server accepts.")                        \
	X(FAULT, 1011, "The server has a fault. Connect again later.")                             \
	X(RESTART, 1012, "The server restarts. Connect again.")                                    \
	X(NOT_JSON, 4400, "Several messages were not JSON.")                                       \
	X(UNAUTHENTICATED, 4401, "The token is missing or no longer valid. Log in again.")         \
	X(FORBIDDEN, 4403, "The path names another user than the token.")                          \
	X(SLOW, 4008, "The client reads too slowly. Connect again and resume.")                    \
	X(SILENT, 4009, "The client does not answer pings.")                                       \
	X(OVERLOADED, 4012, "There are too many connections. Close one, or try again later.")      \
	X(TOO_FAST, 4029, "The client sends too fast. Wait before you connect again.")

#define CLOSE_ENUM(constant, code, reason) CLOSE_##constant,
enum close { CLOSE_NONE, CLOSE_ANSWERED, CLOSE_TABLE(CLOSE_ENUM) CLOSE__COUNT };
#undef CLOSE_ENUM

struct close_info {
	int code; /* 0: none of its own */
	const char *reason;
};
const struct close_info *close_info(enum close close);

/* What the handshake has chosen. Plain aeon.v1 puts each message into a frame of its own. */
enum subprotocol { SUBPROTOCOL_COMPAT, SUBPROTOCOL_V1, SUBPROTOCOL_V1_BATCH };

struct conn {
	struct socket *socket; /* NULL once it is gone */
	struct bridge *bridge;
	struct caller *caller; /* never changes, so jobs may read it */
	struct user *user;     /* NULL until authenticated */
	LIST_ENTRY(conn) of_bridge, of_user;
	STAILQ_ENTRY(conn) of_dirty;
	struct timer timer; /* first until authentication, then the heartbeat, then the close */
	struct timer login; /* set while authenticated: when the login expires */
	struct queue out;
	struct buf in; /* the beginning of a message whose end has not come yet */
	size_t valid;  /* bytes of it that were found to be UTF-8 */
	struct limit limit;
	struct catchup *catchup;           /* NULL: the connection is live, it does not lag */
	struct subscription *subscription; /* NULL: to all rooms of the user */
	struct member_list *member_list;   /* of features/member_list.c, or NULL */
	int64_t path_user;                 /* the user in the path; 0: the user of the token */
	int64_t session_id;
	int64_t caught_up;    /* the position up to which a catch-up has served it from the log */
	int64_t missed_since; /* states of users that changed from then on were not sent; 0: none */
	int64_t missed_after; /* of users up to this id they were sent, but for these: */
	struct buf missed;    /* of int64_t: the first MISSED_MOST users of dropped frames */
	int64_t left_since;   /* and members of rooms that the user left from then on; 0: none */
	int64_t left_after;   /* of users up to this id they were sent */
	unsigned references;  /* one of the socket, and one of each job */
	enum close closing;
	uint8_t pauses; /* reasons not to read from the socket at the moment */
	uint8_t not_json, missed_pongs;
	uint8_t early; /* messages before authentication */
	bool v1, batches, away, is_dirty, full;
};

#define MISSED_MOST 1000 /* takes less memory than a twentieth of the queue */

/* path_user: the user that the path names, or 0. Copies the caller. */
struct conn *conn_open(struct bridge *bridge, struct socket *socket, enum subprotocol subprotocol,
		       int64_t path_user, const struct caller *caller);

/* A job keeps the struct, not the socket. The last reference frees it. */
struct conn *conn_ref(struct conn *conn);
void conn_unref(struct conn *conn);

/* Puts the connection among those of the user, and takes it out. */
void conn_enter(struct conn *conn, struct user *user);
void conn_leave(struct conn *conn);

/* Queues an answer, with a reference of its own. A connection that is closing gets nothing more. */
void conn_send(struct conn *conn, struct frame *frame);

/* Sends an answer that only this connection gets: `{"type":type,"data":data}`. */
void conn_say(struct conn *conn, const struct message *message, const struct buf *data);

/* The same for a message in parts. Adds `more` to the data, unless this is the last part. */
void conn_say_part(struct conn *conn, const struct message *message, struct buf *data, bool more);

/* Sends an error about the subject; NULL: about none. */
void conn_error(struct conn *conn, const struct problem *why, const struct subject *subject);

/* Frames that were queued before still go out, but not to slow or silent readers. Only the first
 * call counts. */
void conn_close(struct conn *conn, enum close reason);

/* Answers the client's close frame, unless that was an answer itself. code 0: with none. */
void conn_answer_close(struct conn *conn, int code);

/* Between the two calls further messages stay in the socket. Each pause needs its resume. */
void conn_pause_input(struct conn *conn);
void conn_resume_input(struct conn *conn);

/* Pays with the budget of the connection's user. PROBLEM_RATE_LIMITED. */
int conn_pay(struct conn *conn, struct budget_cost cost, struct problem *why);

/* The client has given a sign of life. */
void conn_alive(struct conn *conn);

/* The connection is flushed at the end of this turn. */
void conn_wake(struct conn *conn);

/* Writes what is queued, as far as the socket takes it; returns whether it took anything. */
bool conn_write(struct conn *conn);

/* Pauses the input while the queue is full, because each request would add an answer to it. */
void conn_note_queue(struct conn *conn);

/* Whether the queue grows past `most` bytes with that frame, although everything is written that
 * can be. */
bool conn_overflows(struct conn *conn, const struct frame *frame, size_t most);

/* Drops a live frame; a frame of FRAME_STATE is remembered as missed. */
void conn_drop(struct conn *conn, const struct frame *frame);

/* The state must be sent once the queue has drained: above all that of the user, unless 0. */
void conn_miss(struct conn *conn, int64_t user_id);

/* The same for members of rooms that its user has left since that moment, in microseconds. Those up
 * to the id `after` were sent. */
void conn_miss_left(struct conn *conn, int64_t since, int64_t after);

/* Starts the heartbeat, in place of the time-out for authentication. */
void conn_start_heartbeat(struct conn *conn);

#endif
