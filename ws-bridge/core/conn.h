/*
 * One connection: what came in is put together and handed to commands.c, what goes out is queued
 * and flushed. It knows its socket by socket.h alone.
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
struct catchup;
struct narrowed;
struct socket;
struct user;

/* X(constant, code, reason): the close codes that are not the library's own */
#define CLOSE_TABLE(X)                                                                             \
	X(BINARY, 1003, "text frames only")                                                        \
	X(NOT_UTF8, 1007, "not UTF-8")                                                             \
	X(TOO_LARGE, 1009, "message too large")                                                    \
	X(FAULT, 1011, "internal fault")                                                           \
	X(RESTART, 1012, "the server restarts")                                                    \
	X(NOT_JSON, 4400, "not JSON")                                                              \
	X(UNAUTHENTICATED, 4401, "not authenticated")                                              \
	X(FORBIDDEN, 4403, "another user's connection")                                            \
	X(SLOW, 4008, "reads too slowly")                                                          \
	X(SILENT, 4009, "does not answer")                                                         \
	X(OVERLOADED, 4012, "too many connections")                                                \
	X(TOO_FAST, 4029, "sends too fast")

#define CLOSE_ENUM(constant, code, reason) CLOSE_##constant,
enum close { CLOSE_NONE, CLOSE_ANSWERED, CLOSE_TABLE(CLOSE_ENUM) CLOSE__COUNT };
#undef CLOSE_ENUM

struct conn {
	struct socket *socket; /* NULL once it is gone */
	struct bridge *bridge;
	struct user *user; /* NULL until authenticated */
	LIST_ENTRY(conn) of_bridge, of_user;
	STAILQ_ENTRY(conn) of_dirty;
	struct timer timer; /* authenticate by then; later the heartbeat; at last the end */
	struct timer login; /* ends by itself then; set while authenticated */
	struct queue out;
	struct buf in; /* the beginning of a message whose end has not come yet */
	struct limit limit;
	struct catchup *behind;    /* NULL: it is live */
	struct narrowed *narrowed; /* NULL: it hears of all its rooms */
	int64_t asked_user;        /* whom the path names; 0: whoever the token belongs to */
	int64_t session_id;
	int64_t served;       /* up to there it was served from the log when it was behind */
	int64_t missed_since; /* presence updates were let go from then on; 0: none */
	unsigned references;  /* the socket's and one per job */
	enum close closing;
	uint8_t pauses; /* reasons not to take messages in at the moment */
	uint8_t not_json, missed_pongs;
	bool v1, joins, away, is_dirty, full;
};

/* Keep the struct, not the socket, for a job; the last one frees it. */
struct conn *conn_ref(struct conn *conn);
void conn_unref(struct conn *conn);

/*
 * Shares the frame. A connection that is closing gets nothing more, and one that is behind nothing
 * but answers.
 */
void conn_send(struct conn *conn, struct frame *frame);

/* Sends an answer of its own: `{"type":type,"data":data}`. */
void conn_say(struct conn *conn, const char *type, const struct buf *data);

/* Tells what went wrong; client_id and room_id name what it was about, or are NULL. */
void conn_error(struct conn *conn, const struct problem *why, const char *client_id,
		const char *room_id);

/* What was sent before still goes out, but not to slow or silent readers. Once is enough. */
void conn_close(struct conn *conn, enum close reason);

/* While held, further messages stay in the socket. */
void conn_pause_input(struct conn *conn);
void conn_resume_input(struct conn *conn);

/* It is flushed at the end of this turn. */
void conn_wake(struct conn *conn);

/* Writes what is queued, as far as the socket takes it. */
void conn_flush(struct conn *conn);

/* Begins the heartbeat, in place of the time-out for authentication. */
void conn_start_heartbeat(struct conn *conn);

#endif
