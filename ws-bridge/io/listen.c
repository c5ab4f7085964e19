/*
 * libwebsockets: see listen.h.
 *
 * The frames of a connection go out as raw output of the library. It keeps the bytes that the
 * kernel does not take at once, and puts its own control frames after them. It gets nothing more
 * while it keeps some, so no frame is torn. The close frame is ours, too: the library sends none
 * when asked outside of a receive callback, and repeats wrong codes when it answers one.
 *
 * libwebsockets 4.1 departs from RFC 6455 in four ways, which cannot be mended here. It accepts
 * unmasked frames; the mask protects proxies from scripts in browsers, which cannot leave it out.
 * It accepts lengths in more bytes than they need. Of several pings that come together it answers
 * only the first. It ends some connections without a close frame, as after a ping of 126 bytes.
 */
#include "ws-bridge/io/listen.h"

#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <linux/sockios.h>
#include <netinet/in.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include <libwebsockets.h>

#include "base/arena.h"
#include "base/ip.h"
#include "base/log.h"
#include "base/origin.h"
#include "base/utf8.h"
#include "realm/caller.h"
#include "realm/settings.h"
#include "ws-bridge/core/bridge.h"
#include "ws-bridge/core/conn.h"
#include "ws-bridge/core/feature.h"
#include "ws-bridge/core/live.h"
#include "ws-bridge/core/receive.h"
#include "ws-bridge/io/credentials.h"
#include "ws-bridge/core/socket.h"

#define PATH "/api/v1/phase3/ws/"
#define UNIX "unix:"
#define MESSAGE_PART 1024 /* bytes of a message handed on at once: a buffer of each connection */
#define HANDSHAKE_BYTES 40960 /* of its headers: 32 KiB of cookies, and the others */
#define SPARE_FDS 64          /* descriptors that are no connection */

_Static_assert(SOCKET_ROOM >= LWS_PRE, "libwebsockets needs more room before what it writes");

/* libwebsockets keeps one of these with each of its sockets. */
struct socket {
	struct lws *wsi;
	struct conn *conn;
};

/* --- sockets ---------------------------------------------------------------------------------- */

/* The library answers protocol errors itself: then nothing more may go out, and nothing comes in.
 */
static bool library_closes(const struct socket *socket)
{
	return lws_get_close_length(socket->wsi) > 0;
}

int socket_write(struct socket *socket, unsigned char *frames, size_t bytes)
{
	if (library_closes(socket))
		return 0;
	return lws_write(socket->wsi, frames, bytes, LWS_WRITE_HTTP) < 0 ? -1 : 0;
}

bool socket_keeps(const struct socket *socket)
{
	return lws_partial_buffered(socket->wsi);
}

size_t socket_unsent(const struct socket *socket)
{
	int bytes = 0;
	ioctl(lws_get_socket_fd(socket->wsi), SIOCOUTQ, &bytes);
	return (size_t)bytes;
}

void socket_want(struct socket *socket)
{
	lws_callback_on_writable(socket->wsi);
}

void socket_pause_input(struct socket *socket, bool paused)
{
	lws_rx_flow_control(socket->wsi, !paused);
}

void socket_cut_off(struct socket *socket)
{
	lws_set_timeout(socket->wsi, PENDING_TIMEOUT_USER_REASON_BASE, LWS_TO_KILL_ASYNC);
}

/* --- subprotocols ----------------------------------------------------------------------------- */

static lws_callback_function on_event;

/* A client that offers no subprotocol gets the first one. */
#define PROTOCOL(protocol_name, subprotocol)                                                       \
	{                                                                                          \
		.name = (protocol_name), .callback = on_event,                                     \
		.per_session_data_size = sizeof(struct socket), .rx_buffer_size = MESSAGE_PART,    \
		.tx_packet_size = 65536, .id = (subprotocol)                                       \
	}
static const struct lws_protocols protocols[] = {PROTOCOL("aeon.compat", SUBPROTOCOL_COMPAT),
						 PROTOCOL("aeon.v1", SUBPROTOCOL_V1),
						 PROTOCOL("aeon.v1.batch", SUBPROTOCOL_V1_BATCH),
						 {0}};

/* --- the handshake ---------------------------------------------------------------------------- */

/* Why a request does not become a WebSocket. */
enum refusal {
	REFUSED_NOT,
	REFUSED_KEY,
	REFUSED_OFFER,
	REFUSED_ORIGIN,
	REFUSED_PATH,
	REFUSED_TWO,
	REFUSED_UPGRADE,
	REFUSED_VERSION,
};

/* The user that the path names, 0 for "me", or -1 for another path. */
static int64_t path_user(struct lws *wsi)
{
	char path[128], *end;
	if (handshake_header(wsi, WSI_TOKEN_GET_URI, path, sizeof(path)) < 0 ||
	    strncmp(path, PATH, strlen(PATH)) != 0)
		return -1;
	const char *name = path + strlen(PATH);
	if (strcmp(name, "me") == 0)
		return 0;
	errno = 0;
	long long id = *name >= '1' && *name <= '9' ? strtoll(name, &end, 10) : -1;
	return id > 0 && *end == '\0' && errno == 0 ? id : -1;
}

static bool protocol_known(const char *name)
{
	for (const struct lws_protocols *ours = protocols; ours->name; ours++)
		if (strcmp(name, ours->name) == 0)
			return true;
	return false;
}

/*
 * Whether the library can choose one of our subprotocols, or is offered none. It reads no more than
 * these bytes, and ends the connection without an answer when it finds none that it knows.
 */
static bool offer_acceptable(struct lws *wsi)
{
	char offered[128], *rest = offered;
	if (handshake_header(wsi, WSI_TOKEN_PROTOCOL, offered, sizeof(offered)) < 0)
		return false;
	bool known = *offered == '\0';
	for (const char *name; !known && (name = strsep(&rest, ", \t")) != NULL;)
		known = protocol_known(name);
	explicit_bzero(offered, sizeof(offered)); /* it may contain a ticket */
	return known;
}

/*
 * Answers a request that does not become a WebSocket, as REST does. The library's own answers are
 * HTML.
 */
static void refuse(struct lws *wsi, enum refusal refusal)
{
	static const struct {
		const char *status, *detail, *code, *header;
	} answers[] = {
		[REFUSED_KEY] = {"400 Bad Request",
				 "The handshake needs a Sec-WebSocket-Key of 16 bytes in base64",
				 "bad_request", ""},
		[REFUSED_OFFER] = {"400 Bad Request", "Unknown subprotocol. Offer aeon.v1 or none",
				   "bad_request", ""},
		[REFUSED_ORIGIN] = {"403 Forbidden",
				    "Pages of this origin may not open a WebSocket here",
				    "forbidden", ""},
		[REFUSED_PATH] = {"404 Not Found", "Not Found", "not_found", ""},
		[REFUSED_TWO] = {"400 Bad Request",
				 "Send either a token or the cookie of one login",
				 "two_credentials", ""},
		[REFUSED_UPGRADE] = {"426 Upgrade Required",
				     "This path accepts only WebSocket connections",
				     "upgrade_required", "Upgrade: websocket\r\n"},
		[REFUSED_VERSION] = {"426 Upgrade Required",
				     "Only version 13 of the WebSocket protocol is known",
				     "upgrade_required",
				     "Upgrade: websocket\r\nSec-WebSocket-Version: 13\r\n"},
	};
	unsigned char answer[LWS_PRE + 512];
	char body[160];
	int length = snprintf(body, sizeof(body), "{\"detail\":\"%s\",\"code\":\"%s\"}",
			      answers[refusal].detail, answers[refusal].code);
	int bytes = snprintf((char *)answer + LWS_PRE, sizeof(answer) - LWS_PRE,
			     "HTTP/1.1 %s\r\nContent-Type: application/json\r\n"
			     "Content-Length: %d\r\nCache-Control: no-store\r\n%s"
			     "Connection: close\r\n\r\n%s",
			     answers[refusal].status, length, answers[refusal].header, body);
	lws_write(wsi, answer + LWS_PRE, (size_t)bytes, LWS_WRITE_HTTP);
}

static bool header_is(struct lws *wsi, enum lws_token_indexes which, const char *expected)
{
	char value[16];
	return handshake_header(wsi, which, value, sizeof(value)) == 0 &&
	       strcmp(value, expected) == 0;
}

/* RFC 6455, 4.2.1: 16 bytes in base64. The library would end the connection without an answer. */
static bool key_acceptable(struct lws *wsi)
{
	static const char base64[] =
		"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
	char key[32];
	return handshake_header(wsi, WSI_TOKEN_KEY, key, sizeof(key)) == 0 && strlen(key) == 24 &&
	       strspn(key, base64) == 22 && strcmp(key + 22, "==") == 0;
}

/* Answers a handshake that is refused and returns -1, which ends the connection; else returns 0. */
static int check_handshake(struct lws *wsi, const struct bridge *bridge, const char *upgrade)
{
	char origin[512], host[512];
	enum refusal refusal = REFUSED_NOT;
	if (path_user(wsi) < 0)
		refusal = REFUSED_PATH;
	else if (strcasecmp(upgrade, "websocket") != 0)
		refusal = REFUSED_UPGRADE; /* the library could also speak HTTP/2 */
	else if (!header_is(wsi, WSI_TOKEN_VERSION, "13"))
		refusal = REFUSED_VERSION;
	else if (!key_acceptable(wsi))
		refusal = REFUSED_KEY;
	else if (handshake_header(wsi, WSI_TOKEN_ORIGIN, origin, sizeof(origin)) < 0 ||
		 handshake_header(wsi, WSI_TOKEN_HOST, host, sizeof(host)) < 0 ||
		 !origin_allowed(bridge->settings->origins, origin, host))
		refusal = REFUSED_ORIGIN;
	else if (!offer_acceptable(wsi))
		refusal = REFUSED_OFFER;
	else if (!credentials_clear(wsi))
		refusal = REFUSED_TWO;
	else if (!credentials_have_origin(wsi))
		refusal = REFUSED_ORIGIN;
	if (refusal == REFUSED_NOT)
		return 0;
	refuse(wsi, refusal);
	return -1;
}

/* A header that is too long counts as missing. */
static void find_caller(struct lws *wsi, const struct settings *settings, struct arena *arena,
			struct caller *caller_r)
{
	char forwarded[1024], client[512], peer[IP_TEXT];
	struct sockaddr_storage other = {0};
	socklen_t bytes = sizeof(other);
	handshake_header(wsi, WSI_TOKEN_X_FORWARDED_FOR, forwarded, sizeof(forwarded));
	handshake_header(wsi, WSI_TOKEN_HTTP_USER_AGENT, client, sizeof(client));
	getpeername(lws_get_socket_fd(wsi), (struct sockaddr *)&other, &bytes);
	bool local = other.ss_family == AF_UNIX;
	lws_get_peer_simple(wsi, peer, sizeof(peer));
	caller_find(arena, settings, local ? NULL : peer, forwarded, client, caller_r);
}

static void open_connection(struct bridge *bridge, struct socket *socket, struct lws *wsi)
{
	struct arena *arena = arena_new();
	struct caller caller;
	find_caller(wsi, bridge->settings, arena, &caller);
	socket->wsi = wsi;
	socket->conn = conn_open(bridge, socket, (enum subprotocol)lws_get_protocol(wsi)->id,
				 path_user(wsi), &caller);
	arena_free(&arena);
	credentials_take(socket->conn, wsi);
}

static void take_part(const struct socket *socket, const char *text, size_t bytes)
{
	if (library_closes(socket))
		return;
	struct part part = {.text = text,
			    .bytes = bytes,
			    .left = lws_remaining_packet_payload(socket->wsi),
			    .binary = lws_frame_is_binary(socket->wsi),
			    .last = lws_is_final_fragment(socket->wsi)};
	receive_part(socket->conn, &part);
}

/* The answer to a close frame (RFC 6455, 7.4). The library has replaced most wrong codes already.
 */
static int close_answer(const unsigned char *body, size_t bytes)
{
	if (bytes == 0)
		return 0;
	int code = bytes == 1 ? 0 : body[0] << 8 | body[1];
	if (code < 1000 || code > 4999)
		return LWS_CLOSE_STATUS_PROTOCOL_ERR;
	return utf8_count((const char *)body + 2, bytes - 2) < 0 ? LWS_CLOSE_STATUS_INVALID_PAYLOAD
								 : code;
}

static int on_event(struct lws *wsi, enum lws_callback_reasons reason, void *session, void *in,
		    size_t bytes)
{
	struct bridge *bridge = lws_context_user(lws_get_context(wsi));
	struct socket *socket = session;
	switch (reason) {
	case LWS_CALLBACK_HTTP:
		refuse(wsi, path_user(wsi) < 0 ? REFUSED_PATH : REFUSED_UPGRADE);
		return -1;
	case LWS_CALLBACK_HTTP_CONFIRM_UPGRADE:
		return check_handshake(wsi, bridge, in);
	case LWS_CALLBACK_ESTABLISHED:
		open_connection(bridge, socket, wsi);
		return 0;
	case LWS_CALLBACK_RECEIVE:
		take_part(socket, in, bytes);
		return 0;
	case LWS_CALLBACK_RECEIVE_PONG:
		conn_alive(socket->conn);
		return 0;
	case LWS_CALLBACK_SERVER_WRITEABLE:
		live_flush(socket->conn);
		return 0;
	case LWS_CALLBACK_WS_PEER_INITIATED_CLOSE:
		receive_close(socket->conn, close_answer(in, bytes));
		return -1;
	case LWS_CALLBACK_CLOSED:
		if (socket->conn)
			receive_end(socket->conn);
		socket->conn = NULL;
		return 0;
	default:
		return 0;
	}
}

/* The timing wheel has the heartbeats; libwebsockets would keep a sorted list of all connections.
 */
static const lws_retry_bo_t no_validity_timers = {0};

/* --- listening -------------------------------------------------------------------------------- */

/* Where to listen, for libwebsockets and for bind(). */
struct address {
	const char *host; /* or the path */
	int port;         /* 0: a unix socket */
	char text[64];
	struct sockaddr_un local;
	struct sockaddr_in inet;
};

static void log_lws(int level, const char *line)
{
	char text[256];
	snprintf(text, sizeof(text), "%.*s", (int)strcspn(line, "\n"), line);
	if (level & LLL_ERR)
		log_warn("libwebsockets", LOG_TEXT("text", text));
	else
		log_debug("libwebsockets", LOG_TEXT("text", text));
}

/* Sets the address in both forms; returns -1 when `listen` is not an address. */
static int parse_address(const char *listen, struct address *address)
{
	if (strncmp(listen, UNIX, strlen(UNIX)) == 0) {
		size_t room = sizeof(address->local.sun_path);
		address->host = listen + strlen(UNIX);
		address->local.sun_family = AF_UNIX;
		int length = snprintf(address->local.sun_path, room, "%s", address->host);
		return *address->host == '/' && (size_t)length < room ? 0 : -1;
	}
	const char *colon = strrchr(listen, ':');
	char *end;
	long port = colon ? strtol(colon + 1, &end, 10) : 0;
	if (port < 1 || port > 65535 || *end)
		return -1;
	snprintf(address->text, sizeof(address->text), "%.*s", (int)(colon - listen), listen);
	address->host = address->text;
	address->port = (int)port;
	address->inet.sin_family = AF_INET;
	address->inet.sin_port = htons((uint16_t)port);
	return inet_pton(AF_INET, address->text, &address->inet.sin_addr) == 1 ? 0 : -1;
}

/* Tries it first, because libwebsockets carries on without a socket that it cannot bind. */
static int try_bind(const struct address *address)
{
	bool local = address->local.sun_family == AF_UNIX;
	int on = 1, fd = socket(local ? AF_UNIX : AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
	if (fd < 0)
		return -1;
	setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof(on));
	int bound =
		local ? bind(fd, (const struct sockaddr *)&address->local, sizeof(address->local))
		      : bind(fd, (const struct sockaddr *)&address->inet, sizeof(address->inet));
	int why = errno;
	close(fd);
	if (local && bound == 0)
		unlink(address->host);
	errno = why;
	return bound;
}

int listen_open(struct bridge *bridge, uv_loop_t *loop, const char *listen,
		struct lws_context **context_r, struct problem *why)
{
	struct address address = {0};
	void *loops[] = {loop};
	if (parse_address(listen, &address) < 0)
		return problem_say(why, PROBLEM_CONFIG,
				   "Cannot listen on \"%s\". Use unix:/PATH or ADDRESS:PORT",
				   listen);
	listen_unlink(listen);
	if (try_bind(&address) < 0) {
		problem_say(why, PROBLEM_INTERNAL, "Cannot listen on %s", listen);
		return problem_cause(why, "%s", strerror(errno));
	}
	struct lws_context_creation_info info = {
		.port = address.port,
		.iface = address.host,
		.protocols = protocols,
		.options = LWS_SERVER_OPTION_LIBUV, /* receive.c checks that texts are UTF-8 */
		.foreign_loops = loops,
		.user = bridge,
		.gid = -1,
		.uid = -1,
		.retry_and_idle_policy = &no_validity_timers,
		.pcontext = context_r,
		.max_http_header_data = HANDSHAKE_BYTES,
		.fd_limit_per_thread = (unsigned)bridge->settings->ws_connections + SPARE_FDS,
	};
	if (address.local.sun_family == AF_UNIX)
		info.options |= LWS_SERVER_OPTION_UNIX_SOCK;
	lws_set_log_level(LLL_ERR | LLL_WARN, log_lws); /* notices quote what clients send */
	*context_r = lws_create_context(&info);
	if (!*context_r)
		return problem_say(why, PROBLEM_INTERNAL, "libwebsockets cannot be started");
	if (address.local.sun_family == AF_UNIX &&
	    fchmodat(AT_FDCWD, address.host, 0660, AT_SYMLINK_NOFOLLOW) != 0)
		return problem_say(why, PROBLEM_INTERNAL, "Cannot change the mode of %s", listen);
	return 0;
}

void listen_unlink(const char *listen)
{
	if (strncmp(listen, UNIX, strlen(UNIX)) == 0)
		unlink(listen + strlen(UNIX));
}

void listen_close(struct lws_context *context)
{
	if (context)
		lws_context_destroy(context);
}
