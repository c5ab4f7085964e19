/*
 * wsload: the load of bench/ws. Thousands of WebSocket connections in rooms, in one process with
 * one epoll loop, which sends in one of a few patterns, counts what every connection receives, and
 * prints the figures as one line of JSON.
 *
 * It is no WebSocket library: it knows just what is needed to measure a server that it trusts to be
 * correct (text frames unfragmented, sizes within its buffer), and gives up with a sentence at
 * anything else. It does not parse JSON either; it looks for the few words that it counts. Both
 * keep it cheap beside the server, with which it shares the machine: its own CPU is in the figures,
 * so that a measurement of the generator instead of the server is seen as one.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <getopt.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <sys/timerfd.h>
#include <sys/un.h>
#include <time.h>
#include <unistd.h>

enum {
	BUFFER_BYTES = 1 << 20, /* what one turn of one connection may bring */
	EVENTS = 256,           /* connections served per epoll_wait() */
	OPENING_AT_ONCE = 64,   /* below any listen backlog */
	BURST = 4,              /* messages per room and round */
	QUIET_MS = 300,         /* silence that ends the greetings of a server */
	PATIENCE_MS = 10000,    /* silence that means something was lost */
	FILLER = 64,            /* characters of text in a message, beside its stamp */
	SECOND = 1000000000,    /* in nanoseconds */
};

enum mode { BURSTS, SINGLE, RATE, IDLE, MODE__COUNT };
static const char *const mode_names[MODE__COUNT] = {"bursts", "single", "rate", "idle"};

struct room {
	char *id;
	size_t first, count; /* its connections, which stand side by side */
	size_t turn;         /* whose turn it is to speak, 0 … count-1 */
	uint64_t stamp;      /* of the message last sent */
};

struct peer {
	int fd;
	bool upgraded, ready;
	struct room *room;
	unsigned char *rest; /* the beginning of a frame whose end has not come yet */
	size_t rest_len;
};

/* The state of a run at one moment; a measurement is the difference of two. */
struct mark {
	uint64_t ns, sent, delivered, server_cpu, own_cpu;
};

static struct {
	enum mode mode;
	const char *target;
	pid_t server;
	double warm_up, seconds;
	uint64_t rate;

	struct peer *peers;
	size_t peer_count, ready;
	struct room *rooms;
	size_t room_count;

	int epoll, timer;
	bool sending, sampling;
	uint64_t sent, expected, delivered, acked;
	uint64_t scheduled; /* when the next message of a fixed rate is due */
	uint64_t interval;
	size_t next_room;
	uint32_t *samples; /* latencies in microseconds */
	size_t sample_count, sample_room;
} load;

static unsigned char buffer[BUFFER_BYTES];

static void die(const char *format, ...) __attribute__((format(printf, 1, 2), noreturn));

static void die(const char *format, ...)
{
	va_list args;

	fputs("wsload: ", stderr);
	va_start(args, format);
	vfprintf(stderr, format, args);
	va_end(args);
	fputc('\n', stderr);
	exit(EXIT_FAILURE);
}

static void *grown(void *memory, size_t count, size_t size)
{
	memory = reallocarray(memory, count, size);
	if (memory == NULL)
		die("out of memory");
	return memory;
}

static uint64_t clock_ns(clockid_t id)
{
	struct timespec t;

	if (clock_gettime(id, &t) < 0)
		die("the clock of the server cannot be read (has it ended?)");
	return (uint64_t)t.tv_sec * SECOND + (uint64_t)t.tv_nsec;
}

static uint64_t now(void)
{
	return clock_ns(CLOCK_MONOTONIC);
}

static struct mark mark(void)
{
	struct mark m = {.ns = now(), .sent = load.sent, .delivered = load.delivered};
	clockid_t server;

	m.own_cpu = clock_ns(CLOCK_PROCESS_CPUTIME_ID);
	if (load.server > 0) {
		if (clock_getcpuclockid(load.server, &server) != 0)
			die("no process %d", (int)load.server);
		m.server_cpu = clock_ns(server);
	}
	return m;
}

/* Sends one message of a room from one of its connections. Masked with zeros, which is legal. */
static void say(struct room *room, uint64_t stamp)
{
	static uint64_t run;
	unsigned char frame[512] = {0x81, 0x80 | 126};
	const size_t head = 8;
	const struct peer *peer = &load.peers[room->first + room->turn];
	int len;

	if (run == 0)
		run = clock_ns(CLOCK_REALTIME);
	len = snprintf((char *)frame + head, sizeof(frame) - head,
		       "{\"type\":\"chat_message\",\"room_id\":\"%s\",\"content\":\"%llu %0*d\","
		       "\"client_id\":\"%llx-%llu\"}",
		       room->id, (unsigned long long)stamp, FILLER, 0, (unsigned long long)run,
		       (unsigned long long)load.sent);
	if (len < 126 || (size_t)len >= sizeof(frame) - head)
		die("a message of %d bytes does not fit its frame", len);
	frame[2] = (unsigned char)(len >> 8);
	frame[3] = (unsigned char)len;
	if (send(peer->fd, frame, head + (size_t)len, MSG_NOSIGNAL) != (ssize_t)head + len)
		die("a message could not be sent: %s", strerror(errno));
	room->stamp = stamp;
	load.sent++;
	load.expected += room->count;
}

static void pass_turn(struct room *room)
{
	room->turn = (room->turn + 1) % room->count;
}

static void pong(const struct peer *peer, const unsigned char *data, size_t len)
{
	unsigned char frame[6 + 125] = {0x8a, (unsigned char)(0x80 | len)};

	memcpy(frame + 6, data, len);
	if (send(peer->fd, frame, 6 + len, MSG_NOSIGNAL) < 0)
		die("a pong could not be sent: %s", strerror(errno));
}

static bool says(const unsigned char *text, size_t len, const char *what)
{
	return memmem(text, len, what, strlen(what)) != NULL;
}

/* The stamp that say() wrote into the message. */
static uint64_t stamp_of(const unsigned char *text, size_t len)
{
	static const char key[] = "\"content\":\"";
	const char *at = memmem(text, len, key, sizeof(key) - 1);

	if (at == NULL)
		die("a chat_message without content");
	return strtoull(at + sizeof(key) - 1, NULL, 10); /* ends at the blank behind it */
}

static void sample(uint64_t stamp)
{
	if (load.sample_count == load.sample_room) {
		load.sample_room = load.sample_room * 2 + 65536;
		load.samples = grown(load.samples, load.sample_room, sizeof(*load.samples));
	}
	load.samples[load.sample_count++] = (uint32_t)((now() - stamp) / 1000);
}

static void on_message(const struct peer *peer, const unsigned char *text, size_t len)
{
	struct room *room = peer->room;

	load.delivered++;
	if (load.mode == RATE) {
		if (load.sampling)
			sample(stamp_of(text, len));
	} else if (load.mode == SINGLE && load.sending &&
		   peer == &load.peers[room->first + room->turn] &&
		   stamp_of(text, len) == room->stamp) {
		pass_turn(room);
		say(room, now());
	}
}

static void on_text(struct peer *peer, const unsigned char *text, size_t len)
{
	if (says(text, len, "\"type\":\"chat_message\""))
		on_message(peer, text, len);
	else if (says(text, len, "\"type\":\"ack\""))
		load.acked++;
	else if (says(text, len, "\"type\":\"error\""))
		die("the server says %.*s", (int)len, (const char *)text);
	else if (!peer->ready && says(text, len, "\"type\":\"room_participants\"")) {
		peer->ready = true;
		load.ready++;
	}
}

/* Takes one frame from the beginning of the bytes; returns its length, 0 while it is not whole. */
static size_t take_frame(struct peer *peer, const unsigned char *at, size_t len)
{
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
		on_text(peer, at + head, body);
	else if (at[0] == 0x89)
		pong(peer, at + head, body);
	else if (at[0] == 0x88)
		die("the server closed a connection with %d",
		    body < 2 ? 1005 : at[head] << 8 | at[head + 1]);
	else if (at[0] != 0x8a)
		die("an unexpected frame, first byte %#x", at[0]);
	return head + body;
}

/* Takes the answer to the upgrade; returns its length, 0 while it is not whole. */
static size_t take_upgrade(struct peer *peer, const unsigned char *at, size_t len)
{
	const unsigned char *end = memmem(at, len, "\r\n\r\n", 4);

	if (end == NULL)
		return 0;
	if (memcmp(at, "HTTP/1.1 101", 12) != 0)
		die("no upgrade: %.*s", (int)strcspn((const char *)at, "\r"), (const char *)at);
	peer->upgraded = true;
	return (size_t)(end + 4 - at);
}

static void receive(struct peer *peer)
{
	size_t have = peer->rest_len, used = 0, took;
	ssize_t n;

	if (have > 0)
		memcpy(buffer, peer->rest, have);
	n = recv(peer->fd, buffer + have, sizeof(buffer) - have, MSG_DONTWAIT);
	if (n < 0 && errno == EAGAIN)
		return;
	if (n <= 0)
		die("a connection broke: %s", n < 0 ? strerror(errno) : "closed by the server");
	have += (size_t)n;
	do {
		took = peer->upgraded ? take_frame(peer, buffer + used, have - used)
				      : take_upgrade(peer, buffer + used, have - used);
		used += took;
	} while (took > 0);
	peer->rest_len = have - used;
	if (peer->rest_len > 0) {
		peer->rest = grown(peer->rest, peer->rest_len, 1);
		memcpy(peer->rest, buffer + used, peer->rest_len);
	}
}

/*
 * Messages at a fixed rate carry the time at which they were due, not that at which this process
 * came to send them: a stalled server, or a stalled generator, cannot hide behind its own stall.
 */
static void on_timer(void)
{
	uint64_t turns = 0;

	if (read(load.timer, &turns, sizeof(turns)) < 0)
		return;
	for (; load.sending && turns > 0; turns--) {
		struct room *room = &load.rooms[load.next_room];

		say(room, load.scheduled);
		pass_turn(room);
		load.next_room = (load.next_room + 1) % load.room_count;
		load.scheduled += load.interval;
	}
}

/* One turn of the loop; false when nothing happened in that time. */
static bool pump(int wait_ms)
{
	struct epoll_event events[EVENTS];
	int n = epoll_wait(load.epoll, events, EVENTS, wait_ms);

	for (int i = 0; i < n; i++) {
		if (events[i].data.ptr == NULL)
			on_timer();
		else
			receive(events[i].data.ptr);
	}
	return n > 0;
}

/* Runs the loop until everything sent so far has arrived everywhere. */
static void drain(void)
{
	while (load.delivered < load.expected)
		if (!pump(PATIENCE_MS))
			die("%llu of %llu deliveries never came",
			    (unsigned long long)(load.expected - load.delivered),
			    (unsigned long long)load.expected);
}

static void until_quiet(void)
{
	while (pump(QUIET_MS))
		;
}

static void watch(int fd, void *who)
{
	struct epoll_event event = {.events = EPOLLIN, .data.ptr = who};

	if (epoll_ctl(load.epoll, EPOLL_CTL_ADD, fd, &event) < 0)
		die("epoll: %s", strerror(errno));
}

static int connected(void)
{
	struct sockaddr_un local = {.sun_family = AF_UNIX};
	struct sockaddr_in inet = {.sin_family = AF_INET};
	bool is_unix = strncmp(load.target, "unix:", 5) == 0;
	const char *port = strrchr(load.target, ':');
	const int on = 1;
	int fd = socket(is_unix ? AF_UNIX : AF_INET, SOCK_STREAM, 0);
	int rc;

	if (fd < 0)
		die("socket: %s", strerror(errno));
	if (is_unix) {
		snprintf(local.sun_path, sizeof(local.sun_path), "%s", load.target + 5);
		rc = connect(fd, (struct sockaddr *)&local, sizeof(local));
	} else {
		inet.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
		inet.sin_port = htons((uint16_t)atoi(port == NULL ? load.target : port + 1));
		setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof(on));
		rc = connect(fd, (struct sockaddr *)&inet, sizeof(inet));
	}
	if (rc < 0)
		die("%s: %s", load.target, strerror(errno));
	return fd;
}

static void open_peer(struct peer *peer, const char *path, const char *token)
{
	char request[1024];
	int len = snprintf(request, sizeof(request),
			   "GET %s HTTP/1.1\r\nHost: localhost\r\nConnection: Upgrade\r\n"
			   "Upgrade: websocket\r\nSec-WebSocket-Version: 13\r\n"
			   "Sec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\n"
			   "Sec-WebSocket-Protocol: aeon.v1\r\nAuthorization: Bearer %s\r\n\r\n",
			   path, token);

	peer->fd = connected();
	if (send(peer->fd, request, (size_t)len, MSG_NOSIGNAL) != len)
		die("an upgrade could not be sent: %s", strerror(errno));
	watch(peer->fd, peer);
}

static void await_greetings(size_t but)
{
	while (load.peer_count - load.ready > but)
		if (!pump(PATIENCE_MS))
			die("only %zu of %zu connections were greeted", load.ready,
			    load.peer_count);
}

static struct room *room_named(const char *id, size_t first)
{
	struct room *room = load.room_count > 0 ? &load.rooms[load.room_count - 1] : NULL;

	if (room != NULL && strcmp(room->id, id) == 0)
		return room;
	room = &load.rooms[load.room_count++];
	*room = (struct room){.id = strdup(id), .first = first};
	return room;
}

/*
 * Opens a connection for each line "room path token" of the file, and waits until the server has
 * said all it has to say about it. Both arrays get their size at once: peers and epoll point into
 * them.
 */
static void open_all(const char *file)
{
	char id[128], path[256], token[256];
	FILE *in = fopen(file, "r");
	size_t lines = 0;

	if (in == NULL)
		die("%s: %s", file, strerror(errno));
	for (int c = getc(in); c != EOF; c = getc(in))
		lines += c == '\n';
	if (lines == 0)
		die("%s names no connections", file);
	rewind(in);
	load.peers = grown(NULL, lines, sizeof(*load.peers));
	load.rooms = grown(NULL, lines, sizeof(*load.rooms));
	while (fscanf(in, "%127s %255s %255s", id, path, token) == 3 && load.peer_count < lines) {
		struct room *room = room_named(id, load.peer_count);
		struct peer *peer = &load.peers[load.peer_count++];

		*peer = (struct peer){.room = room};
		room->count++;
		open_peer(peer, path, token);
		await_greetings(OPENING_AT_ONCE);
	}
	fclose(in);
	await_greetings(0);
	until_quiet();
}

static void start_timer(void)
{
	struct itimerspec when;

	load.interval = SECOND * (load.peer_count / load.room_count) / load.rate;
	load.scheduled = now() + load.interval;
	when.it_interval =
		(struct timespec){(time_t)(load.interval / SECOND), (long)(load.interval % SECOND)};
	when.it_value = (struct timespec){(time_t)(load.scheduled / SECOND),
					  (long)(load.scheduled % SECOND)};
	load.timer = timerfd_create(CLOCK_MONOTONIC, TFD_NONBLOCK);
	timerfd_settime(load.timer, TFD_TIMER_ABSTIME, &when, NULL);
	watch(load.timer, NULL);
}

static void start_sending(void)
{
	load.sending = true;
	if (load.mode == RATE)
		start_timer();
	for (size_t r = 0; load.mode == SINGLE && r < load.room_count; r++)
		say(&load.rooms[r], now());
}

static void burst_round(void)
{
	for (size_t r = 0; r < load.room_count; r++)
		for (int i = 0; i < BURST; i++) {
			say(&load.rooms[r], now());
			pass_turn(&load.rooms[r]);
		}
	drain();
}

static void run_for(double seconds)
{
	uint64_t end = now() + (uint64_t)(seconds * SECOND);

	while (now() < end) {
		if (load.mode == BURSTS)
			burst_round();
		else if (!pump(PATIENCE_MS))
			die("the server has fallen silent");
	}
}

static int by_value(const void *a, const void *b)
{
	uint32_t x = *(const uint32_t *)a, y = *(const uint32_t *)b;

	return (x > y) - (x < y);
}

static uint32_t percentile(size_t percent)
{
	return load.sample_count == 0 ? 0 : load.samples[(load.sample_count - 1) * percent / 100];
}

static void report(const struct mark *from, const struct mark *to)
{
	if (load.sample_count > 0)
		qsort(load.samples, load.sample_count, sizeof(*load.samples), by_value);
	printf("{\"mode\":\"%s\",\"connections\":%zu,\"rooms\":%zu,\"seconds\":%.6f,"
	       "\"messages\":%llu,\"deliveries\":%llu,\"server_cpu\":%.6f,\"load_cpu\":%.6f,"
	       "\"p50_us\":%u,\"p99_us\":%u,\"max_us\":%u,\"all_sent\":%llu,\"all_acked\":%llu}\n",
	       mode_names[load.mode], load.peer_count, load.room_count,
	       (double)(to->ns - from->ns) / SECOND, (unsigned long long)(to->sent - from->sent),
	       (unsigned long long)(to->delivered - from->delivered),
	       (double)(to->server_cpu - from->server_cpu) / SECOND,
	       (double)(to->own_cpu - from->own_cpu) / SECOND, percentile(50), percentile(99),
	       percentile(100), (unsigned long long)load.sent, (unsigned long long)load.acked);
}

static void measure(void)
{
	struct mark from, to;

	start_sending();
	run_for(load.warm_up);
	load.sampling = true;
	from = mark();
	run_for(load.seconds);
	to = mark();
	load.sending = load.sampling = false;
	if (load.mode == RATE)
		close(load.timer);
	drain();
	until_quiet(); /* the last acknowledgements */
	report(&from, &to);
}

/* Holds the connections open for as long as standard input is. */
static void hold(void)
{
	printf("{\"mode\":\"idle\",\"connections\":%zu}\n", load.peer_count);
	fflush(stdout);
	while (getchar() != EOF)
		;
}

static void usage(void)
{
	fputs("usage: wsload --target HOST:PORT|unix:PATH --peers FILE --mode "
	      "bursts|single|rate|idle\n"
	      "              [--seconds S] [--warm-up S] [--rate DELIVERIES_PER_SECOND] [--server "
	      "PID]\n"
	      "FILE has a line \"room path token\" for each connection, those of a room "
	      "together.\n",
	      stderr);
	exit(EXIT_FAILURE);
}

static enum mode mode_named(const char *name)
{
	for (int m = 0; m < MODE__COUNT; m++)
		if (strcmp(mode_names[m], name) == 0)
			return (enum mode)m;
	usage();
	return MODE__COUNT;
}

int main(int argc, char **argv)
{
	static const struct option options[] = {
		{"target", required_argument, NULL, 't'},
		{"peers", required_argument, NULL, 'p'},
		{"mode", required_argument, NULL, 'm'},
		{"seconds", required_argument, NULL, 's'},
		{"warm-up", required_argument, NULL, 'w'},
		{"rate", required_argument, NULL, 'r'},
		{"server", required_argument, NULL, 'S'},
		{NULL, 0, NULL, 0},
	};
	const char *peers = NULL;
	int option;

	load.mode = MODE__COUNT;
	load.seconds = 3;
	load.warm_up = 0.5;
	load.rate = 12500;
	while ((option = getopt_long(argc, argv, "", options, NULL)) != -1) {
		switch (option) {
		case 't':
			load.target = optarg;
			break;
		case 'p':
			peers = optarg;
			break;
		case 'm':
			load.mode = mode_named(optarg);
			break;
		case 's':
			load.seconds = atof(optarg);
			break;
		case 'w':
			load.warm_up = atof(optarg);
			break;
		case 'r':
			load.rate = strtoull(optarg, NULL, 10);
			break;
		case 'S':
			load.server = atoi(optarg);
			break;
		default:
			usage();
		}
	}
	if (load.target == NULL || peers == NULL || load.mode == MODE__COUNT || load.rate == 0)
		usage();
	load.epoll = epoll_create1(0);
	open_all(peers);
	if (load.mode == IDLE)
		hold();
	else
		measure();
	return 0;
}
