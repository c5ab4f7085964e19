/* One connection: opening, sending and receiving. See load.h. */
#define _GNU_SOURCE
#include "bench/load/load.h"

#include <errno.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

enum {
	BUFFER_BYTES = 1 << 20, /* most bytes that one read of a connection returns */
	LARGEST_SENT = 8192,
	HEAD = 8, /* bytes of a frame before its text */
	/* An address has 28,000 ports, and a port cannot be used again for a minute. */
	SOURCE_ADDRESSES = 16,
	SMALL_WINDOW = 4096,  /* bytes of the receive buffer */
	SMALL_SEGMENT = 1400, /* bytes of a segment; the other side buffers whole segments */
};

static char buffer[BUFFER_BYTES];

/* --- sending ---------------------------------------------------------------------------------- */

/*
 * The mask is zero, which is allowed. If the scenario allows lost connections, an error is noticed
 * at the next read.
 */
static void frame_send(const struct peer *peer, const unsigned char *frame, size_t len)
{
	ssize_t sent = send(peer->fd, frame, len, MSG_NOSIGNAL);
	if (sent != (ssize_t)len && load.scenario->lost == NULL)
		die("a frame could not be sent: %s", strerror(errno));
}

static void control_send(const struct peer *peer, unsigned char opcode, const void *data,
			 size_t len)
{
	unsigned char frame[6 + 125] = {0x80 | opcode, (unsigned char)(0x80 | len)};
	memcpy(frame + 6, data, len);
	frame_send(peer, frame, 6 + len);
}

void peer_send(const struct peer *peer, const char *text, size_t len)
{
	unsigned char frame[HEAD + LARGEST_SENT] = {0x81, 0x80 | 126};
	size_t head = len < 126 ? 6 : HEAD;
	if (len > LARGEST_SENT)
		die("a message of %zu bytes does not fit its frame", len);
	if (head < HEAD) {
		frame[1] = (unsigned char)(0x80 | len);
	} else {
		frame[2] = (unsigned char)(len >> 8);
		frame[3] = (unsigned char)len;
	}
	memcpy(frame + head, text, len);
	frame_send(peer, frame, head + len);
}

void peer_send_close(struct peer *peer)
{
	peer->leaving = true;
	control_send(peer, 0x8, "\x03\xe8", 2);
}

void send_chat(struct room *room, uint64_t stamp, int text)
{
	char message[LARGEST_SENT];
	int len =
		snprintf(message, sizeof(message),
			 "{\"type\":\"chat_message\",\"room_id\":\"%s\",\"content\":\"%llu %0*d\","
			 "\"client_id\":\"%llu-%llu\"}",
			 room->id, (unsigned long long)stamp, text, 0, (unsigned long long)stamp,
			 (unsigned long long)load.sent);
	peer_send(&load.peers[room->first + room->turn], message, (size_t)len);
	room->stamp = stamp;
	room->expected += room->count;
	load.sent++;
}

void pass_turn(struct room *room)
{
	room->turn = (room->turn + 1) % room->count;
}

/* --- receiving -------------------------------------------------------------------------------- */

static void greet(struct peer *peer)
{
	peer->greeted = true;
	load.greeted++;
	if (load.scenario->greeted)
		load.scenario->greeted(peer);
}

static void on_ack(const char *text, size_t len)
{
	load.acked++;
	if (load.sampling)
		sample(&load.ack, acked_stamp_of(text, len));
}

static void on_text(struct peer *peer, const char *text, size_t len)
{
	const struct scenario *scenario = load.scenario;
	if (contains(text, len, "\"type\":\"chat_message\"")) {
		peer->room->delivered++;
		if (scenario->chat_received)
			scenario->chat_received(peer, text, len);
		return;
	}
	if (contains(text, len, "\"type\":\"ack\""))
		on_ack(text, len);
	else if (contains(text, len, "\"type\":\"error\""))
		die("the server says %.*s", (int)len, text);
	if (scenario->other_received)
		scenario->other_received(peer, text, len);
	if (!peer->greeted && contains(text, len, "\"type\":\"room_participants\""))
		greet(peer);
}

static void on_close(const struct peer *peer, const unsigned char *code, size_t len)
{
	if (!peer->leaving)
		die("the server closed a connection with %d",
		    len < 2 ? 1005 : code[0] << 8 | code[1]);
}

/* Handles the first frame in the bytes. Returns its length, or 0 while it is incomplete. */
static size_t frame_handle(struct peer *peer, const char *bytes, size_t len)
{
	const unsigned char *at = (const unsigned char *)bytes;
	size_t head = 2, body;
	if (len < head)
		return 0;
	body = at[1];
	if (body == 126)
		head = 4;
	else if (body > 126)
		die("a frame that is masked or longer than 64 KiB");
	if (len < head)
		return 0;
	if (body == 126)
		body = (size_t)at[2] << 8 | at[3];
	if (len < head + body)
		return 0;
	if (at[0] == 0x81)
		on_text(peer, bytes + head, body);
	else if (at[0] == 0x89)
		control_send(peer, 0xa, at + head, body);
	else if (at[0] == 0x88)
		on_close(peer, at + head, body);
	else if (at[0] != 0x8a)
		die("an unexpected frame, first byte %#x", at[0]);
	return head + body;
}

/* Handles the answer to the upgrade. Returns its length, or 0 while it is incomplete. */
static size_t upgrade_handle(struct peer *peer, const char *at, size_t len)
{
	const char *end = memmem(at, len, "\r\n\r\n", 4);
	if (end == NULL)
		return 0;
	if (memcmp(at, "HTTP/1.1 101", 12) != 0)
		die("no upgrade: %.*s", (int)strcspn(at, "\r"), at);
	peer->upgraded = true;
	if (load.silent)
		greet(peer);
	return (size_t)(end + 4 - at);
}

static void lose(struct peer *peer, const char *why)
{
	if (load.scenario->lost == NULL)
		die("a connection broke: %s", why);
	peer_close(peer);
	load.scenario->lost(peer);
}

/* Handling a frame may close the connection; the rest of the bytes is then ignored. */
static void on_bytes(struct source *source)
{
	struct peer *peer = (struct peer *)source;
	size_t have = peer->rest_len, used = 0, took;
	if (have > 0)
		memcpy(buffer, peer->rest, have);
	ssize_t n = recv(peer->fd, buffer + have, sizeof(buffer) - have, MSG_DONTWAIT);
	if (n < 0 && errno == EAGAIN)
		return;
	if (n <= 0) {
		lose(peer, n < 0 ? strerror(errno) : "closed by the server");
		return;
	}
	have += (size_t)n;
	do {
		took = peer->upgraded ? frame_handle(peer, buffer + used, have - used)
				      : upgrade_handle(peer, buffer + used, have - used);
		used += took;
	} while (took > 0 && peer->fd >= 0);
	peer->rest_len = peer->fd < 0 ? 0 : have - used;
	if (peer->rest_len > 0) {
		peer->rest = grown(peer->rest, peer->rest_len, 1);
		memcpy(peer->rest, buffer + used, peer->rest_len);
	}
}

/* --- opening and closing ---------------------------------------------------------------------- */

static int connect_unix(int fd)
{
	struct sockaddr_un local = {.sun_family = AF_UNIX};
	snprintf(local.sun_path, sizeof(local.sun_path), "%s", load.target + strlen("unix:"));
	return connect(fd, (struct sockaddr *)&local, sizeof(local));
}

static void limit_buffers(int fd)
{
	const int window = SMALL_WINDOW, segment = SMALL_SEGMENT;
	setsockopt(fd, SOL_SOCKET, SO_RCVBUF, &window, sizeof(window));
	setsockopt(fd, IPPROTO_TCP, TCP_MAXSEG, &segment, sizeof(segment));
}

static int connect_inet(int fd)
{
	static unsigned source;
	const char *port = strrchr(load.target, ':');
	const int on = 1;
	struct sockaddr_in from = {.sin_family = AF_INET}, to = from;
	from.sin_addr.s_addr = htonl(INADDR_LOOPBACK + 1 + source++ % SOURCE_ADDRESSES);
	to.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
	to.sin_port = htons((uint16_t)atoi(port == NULL ? load.target : port + 1));
	setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof(on));
	setsockopt(fd, IPPROTO_IP, IP_BIND_ADDRESS_NO_PORT, &on, sizeof(on));
	if (bind(fd, (struct sockaddr *)&from, sizeof(from)) < 0)
		return -1;
	return connect(fd, (struct sockaddr *)&to, sizeof(to));
}

bool peer_open(struct peer *peer)
{
	char request[1024];
	bool is_unix = strncmp(load.target, "unix:", 5) == 0;
	int len = snprintf(request, sizeof(request),
			   "GET %s HTTP/1.1\r\nHost: localhost\r\nConnection: Upgrade\r\n"
			   "Upgrade: websocket\r\nSec-WebSocket-Version: 13\r\n"
			   "Sec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\n"
			   "Sec-WebSocket-Protocol: aeon.v1\r\nAuthorization: Bearer %s\r\n\r\n",
			   peer->path, peer->token);
	peer->opened = now();
	peer->fd = socket(is_unix ? AF_UNIX : AF_INET, SOCK_STREAM, 0);
	if (peer->fd < 0)
		die("socket: %s", strerror(errno));
	if (peer->small_buffers)
		limit_buffers(peer->fd);
	if ((is_unix ? connect_unix(peer->fd) : connect_inet(peer->fd)) < 0) {
		if (errno != ECONNREFUSED && errno != ENOENT)
			die("%s: %s", load.target, strerror(errno));
		peer_close(peer);
		return false;
	}
	frame_send(peer, (const unsigned char *)request, (size_t)len);
	watch(peer->fd, &peer->source);
	return true;
}

void peer_close(struct peer *peer)
{
	close(peer->fd);
	peer->fd = -1;
	load.greeted -= peer->greeted;
	peer->upgraded = peer->greeted = peer->leaving = false;
	peer->rest_len = 0;
}

static struct room *room_of(const char *id)
{
	struct room *room = load.room_count > 0 ? &load.rooms[load.room_count - 1] : NULL;
	if (room != NULL && strcmp(room->id, id) == 0)
		return room;
	room = &load.rooms[load.room_count++];
	*room = (struct room){.id = strdup(id), .first = load.peer_count};
	return room;
}

/* Both arrays get their final size first, since peers and epoll point into them. */
void peers_read(const char *file)
{
	char id[128], path[256], token[256];
	FILE *in = fopen(file, "r");
	size_t lines = 0;
	if (in == NULL)
		die("%s: %s", file, strerror(errno));
	for (int c = getc(in); c != EOF; c = getc(in))
		lines += c == '\n';
	if (lines == 0)
		die("%s has no connections", file);
	rewind(in);
	load.peers = grown(NULL, lines, sizeof(*load.peers));
	load.rooms = grown(NULL, lines, sizeof(*load.rooms));
	while (fscanf(in, "%127s %255s %255s", id, path, token) == 3 && load.peer_count < lines) {
		struct room *room = room_of(id);
		room->count++;
		load.peers[load.peer_count++] = (struct peer){.source.ready = on_bytes,
							      .fd = -1,
							      .room = room,
							      .path = strdup(path),
							      .token = strdup(token)};
	}
	fclose(in);
}

static void await_greetings(size_t wanted)
{
	while (load.greeted < wanted)
		if (!pump(PATIENCE_MS))
			die("only %zu of %zu connections were greeted", load.greeted,
			    load.peer_count);
}

void peers_open(size_t at_once)
{
	for (size_t i = 0; i < load.peer_count; i++) {
		if (i >= at_once)
			await_greetings(i + 1 - at_once);
		if (!peer_open(&load.peers[i]))
			die("no server listens on %s", load.target);
	}
	await_greetings(load.peer_count);
}
