/*
 * libwebsockets: see listen.h.
 *
 * What connections write goes out as raw output of the library, which keeps what the kernel does
 * not take at once and puts its own control frames behind it; as it is never handed more while it
 * keeps some, no frame is torn. The close frame is one of ours, too: the library sends none when
 * asked outside of a receive callback, and repeats nonsense when it answers one.
 *
 * In four things libwebsockets 4.1 is not what RFC 6455 asks, and shows nobody the bytes, so that
 * nothing can be done here. It takes unmasked frames; the mask protects proxies from scripts in
 * browsers, which cannot leave it out. It takes lengths in more bytes than they need. Of pings that
 * come together it answers the first alone. It ends some faulty connections without a close frame,
 * as with a ping of more than 125 bytes.
 */
#include "ws-bridge/io/listen.h"

#include <arpa/inet.h>
#include <errno.h>
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

#include "base/log.h"
#include "base/utf8.h"
#include "realm/settings.h"
#include "ws-bridge/features/auth.h"
#include "ws-bridge/core/bridge.h"
#include "ws-bridge/core/conn.h"
#include "ws-bridge/io/origin.h"
#include "ws-bridge/core/socket.h"

#define PATH "/api/v1/phase3/ws/"
#define UNIX "unix:"
#define MESSAGE_PART 1024 /* bytes of a message handed on at once; a buffer that each one has */
#define SPARE_FDS 64      /* for what is no connection */

_Static_assert(SOCKET_ROOM >= LWS_PRE, "libwebsockets needs more room before what it writes");

/* What libwebsockets keeps for us with each of its sockets. */
struct socket {
	struct lws *wsi;
	struct conn *conn;
};

/* --- sockets ---------------------------------------------------------------------------------- */

/* Protocol errors are the library's to tell: then nothing more may go out, and nothing comes in. */
static bool ends_by_itself(const struct socket *socket)
{
	return lws_get_close_length(socket->wsi) > 0;
}

int socket_write(struct socket *socket, unsigned char *frames, size_t bytes)
{
	if (ends_by_itself(socket))
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

void socket_pause_input(struct socket *socket, bool held)
{
	lws_rx_flow_control(socket->wsi, !held);
}

void socket_cut_off(struct socket *socket)
{
	lws_set_timeout(socket->wsi, PENDING_TIMEOUT_USER_REASON_BASE, LWS_TO_KILL_ASYNC);
}

/* --- subprotocols ----------------------------------------------------------------------------- */

static lws_callback_function on_event;

/* Who offers no subprotocol gets the first. */
#define PROTOCOL(protocol_name, speech)                                                            \
	{                                                                                          \
		.name = (protocol_name), .callback = on_event,                                     \
		.per_session_data_size = sizeof(struct socket), .rx_buffer_size = MESSAGE_PART,    \
		.tx_packet_size = 65536, .id = (speech)                                            \
	}
static const struct lws_protocols protocols[] = {PROTOCOL("aeon.compat", SPEECH_COMPAT),
						 PROTOCOL("aeon.v1", SPEECH_V1),
						 PROTOCOL("aeon.v1.batch", SPEECH_V1_BATCH),
						 {0}};

/* --- the handshake ---------------------------------------------------------------------------- */

/* A header of the request; "" when it is missing. -1 when it is too long. */
static int header(struct lws *wsi, enum lws_token_indexes which, char *value, int size)
{
	value[0] = '\0';
	return lws_hdr_copy(wsi, value, size, which) < 0 && lws_hdr_total_length(wsi, which) > 0
		       ? -1
		       : 0;
}

/* The user that the path names, 0 for "me", or -1 for another path. */
static int64_t asked_user(struct lws *wsi)
{
	char path[128], *end;
	if (header(wsi, WSI_TOKEN_GET_URI, path, sizeof(path)) < 0 ||
	    strncmp(path, PATH, strlen(PATH)) != 0)
		return -1;
	const char *who = path + strlen(PATH);
	if (strcmp(who, "me") == 0)
		return 0;
	errno = 0;
	long long id = *who >= '1' && *who <= '9' ? strtoll(who, &end, 10) : -1;
	return id > 0 && *end == '\0' && errno == 0 ? id : -1;
}

static bool is_ours(const char *name)
{
	for (const struct lws_protocols *ours = protocols; ours->name; ours++)
		if (strcmp(name, ours->name) == 0)
			return true;
	return false;
}

/*
 * Whether the library can choose a subprotocol of ours, or is offered none: it reads no more than
 * this, and ends the connection without a word when it does not find what it knows.
 */
static bool offer_is_good(struct lws *wsi)
{
	char offered[128], *rest = offered;
	if (header(wsi, WSI_TOKEN_PROTOCOL, offered, sizeof(offered)) < 0)
		return false;
	bool good = *offered == '\0';
	for (const char *name; !good && (name = strsep(&rest, ", \t")) != NULL;)
		good = is_ours(name);
	explicit_bzero(offered, sizeof(offered)); /* there may be a ticket */
	return good;
}

/* Answers a handshake that cannot be; else returns 0. */
static int admit(struct lws *wsi, const struct bridge *bridge)
{
	char origin[512], host[512];
	unsigned status = 0;
	if (asked_user(wsi) < 0)
		status = HTTP_STATUS_NOT_FOUND;
	else if (header(wsi, WSI_TOKEN_ORIGIN, origin, sizeof(origin)) < 0 ||
		 header(wsi, WSI_TOKEN_HOST, host, sizeof(host)) < 0 ||
		 !origin_allowed(bridge->settings->origins, origin, host))
		status = HTTP_STATUS_FORBIDDEN;
	else if (!offer_is_good(wsi))
		status = HTTP_STATUS_BAD_REQUEST;
	if (!status)
		return 0;
	lws_return_http_status(wsi, status, NULL);
	return 1;
}

static void greet_bearer(struct conn *conn, struct lws *wsi)
{
	static const char bearer[] = "Bearer ";
	char value[256];
	if (header(wsi, WSI_TOKEN_HTTP_AUTHORIZATION, value, sizeof(value)) < 0 ||
	    strncasecmp(value, bearer, strlen(bearer)) != 0)
		conn_close(conn, CLOSE_UNAUTHENTICATED);
	else
		auth_start(conn, value + strlen(bearer));
	explicit_bzero(value, sizeof(value));
}

/* Among the subprotocols that are offered, because browsers let a page set no other header. */
static void greet_ticket(struct conn *conn, struct lws *wsi)
{
	static const char ticket[] = "ticket.";
	char offered[256], *rest = offered;
	header(wsi, WSI_TOKEN_PROTOCOL, offered, sizeof(offered));
	for (const char *name; (name = strsep(&rest, ", \t")) != NULL;) {
		if (strncmp(name, ticket, strlen(ticket)) == 0) {
			auth_start_by_ticket(conn, name + strlen(ticket));
			break;
		}
	}
	explicit_bzero(offered, sizeof(offered));
}

/* Who shows nothing has some seconds to send it. */
static void greet(struct conn *conn, struct lws *wsi)
{
	if (conn->closing)
		return;
	if (lws_hdr_total_length(wsi, WSI_TOKEN_HTTP_AUTHORIZATION) > 0)
		greet_bearer(conn, wsi);
	else
		greet_ticket(conn, wsi);
}

static void receive(const struct socket *socket, const char *text, size_t bytes)
{
	if (ends_by_itself(socket))
		return;
	struct part part = {.text = text,
			    .bytes = bytes,
			    .left = lws_remaining_packet_payload(socket->wsi),
			    .binary = lws_frame_is_binary(socket->wsi),
			    .last = lws_is_final_fragment(socket->wsi)};
	conn_receive(socket->conn, &part);
}

/* What to answer to a close frame (RFC 6455, 7.4); the library has replaced most wrong codes. */
static int answer_to(const unsigned char *body, size_t bytes)
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
		lws_return_http_status(wsi, HTTP_STATUS_NOT_FOUND, NULL);
		return -1;
	case LWS_CALLBACK_HTTP_CONFIRM_UPGRADE:
		return admit(wsi, bridge);
	case LWS_CALLBACK_ESTABLISHED:
		socket->wsi = wsi;
		socket->conn = conn_open(bridge, socket, (enum speech)lws_get_protocol(wsi)->id,
					 asked_user(wsi));
		greet(socket->conn, wsi);
		return 0;
	case LWS_CALLBACK_RECEIVE:
		receive(socket, in, bytes);
		return 0;
	case LWS_CALLBACK_RECEIVE_PONG:
		conn_alive(socket->conn);
		return 0;
	case LWS_CALLBACK_SERVER_WRITEABLE:
		conn_flush(socket->conn);
		return 0;
	case LWS_CALLBACK_WS_PEER_INITIATED_CLOSE:
		conn_answer_close(socket->conn, answer_to(in, bytes));
		return -1;
	case LWS_CALLBACK_CLOSED:
		if (socket->conn)
			conn_gone(socket->conn);
		socket->conn = NULL;
		return 0;
	default:
		return 0;
	}
}

/* Heartbeats are the wheel's; lws would keep a sorted list of all connections. */
static const lws_retry_bo_t no_validity_timers = {0};

/* --- listening -------------------------------------------------------------------------------- */

/* Where to listen, for lws and for bind(). */
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

/* Sets the address in both forms; returns -1 when `listen` is none. */
static int parse(const char *listen, struct address *address)
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

/* Tried beforehand, because lws goes on without a socket that it cannot bind. */
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
	if (parse(listen, &address) < 0)
		return problem_say(why, PROBLEM_CONFIG,
				   "Cannot listen on \"%s\": give unix:/PATH or ADDRESS:PORT",
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
		.options = LWS_SERVER_OPTION_LIBUV | LWS_SERVER_OPTION_VALIDATE_UTF8,
		.foreign_loops = loops,
		.user = bridge,
		.gid = -1,
		.uid = -1,
		.retry_and_idle_policy = &no_validity_timers,
		.pcontext = context_r,
		.fd_limit_per_thread = (unsigned)bridge->settings->ws_connections + SPARE_FDS,
	};
	if (address.local.sun_family == AF_UNIX)
		info.options |= LWS_SERVER_OPTION_UNIX_SOCK;
	lws_set_log_level(LLL_ERR | LLL_WARN, log_lws); /* notices quote what clients send */
	*context_r = lws_create_context(&info);
	if (!*context_r)
		return problem_say(why, PROBLEM_INTERNAL, "libwebsockets cannot be started");
	if (address.local.sun_family == AF_UNIX)
		chmod(address.host, 0660);
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
