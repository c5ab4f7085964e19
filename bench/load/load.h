/*
 * wsload: the load generator for the benchmarks of live chat. It runs a scenario with thousands of
 * WebSocket connections, in one process with one epoll loop, and prints its figures as JSON.
 *
 * It is not a WebSocket library: it assumes a correct server (unfragmented text frames, sizes
 * within its buffer), and ends with a message otherwise. It does not parse JSON, but searches for
 * a few strings. So it uses little CPU beside the server on the same machine. Its
 * own CPU is among the figures, which shows when the generator is the limit.
 *
 * A scenario is a file with one struct scenario; main.c lists them. Times are nanoseconds of
 * CLOCK_MONOTONIC, which is the same for all processes of the machine.
 */
#ifndef BENCH_LOAD_LOAD_H
#define BENCH_LOAD_LOAD_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

enum {
	SECOND = 1000000000,
	MILLISECOND = 1000000,
	PATIENCE_MS = 10000, /* after this time without an event something is lost */
	SHORT_TEXT = 64,     /* characters of a message's text after its stamp */
	LONG_TEXT = 3500,
	MOST_PROCESSES = 16, /* of a server */
};

/* A source of epoll events; the first member of the struct that it belongs to. */
struct source {
	void (*ready)(struct source *source);
};

struct room {
	char *id;
	size_t first, count; /* its connections in load.peers */
	size_t turn;         /* the connection that sends next, 0 … count-1 */
	uint64_t stamp;      /* of the last message */
	uint64_t expected, delivered;
};

struct peer {
	struct source source;
	int fd; /* -1: not open */
	struct room *room;
	char *path, *token;
	bool small_buffers;              /* small buffers in the kernel, on both sides */
	uint64_t opened;                 /* the time of connect() */
	bool upgraded, greeted, leaving; /* leaving: has sent a close frame */
	unsigned char *rest;             /* the beginning of an incomplete frame */
	size_t rest_len;
};

/* Latencies. */
struct samples {
	uint32_t *us;
	size_t count, room;
};

/* The counters at one time; a measurement is the difference of two marks. */
struct mark {
	uint64_t ns, sent, delivered, server_cpu, own_cpu;
};

struct scenario {
	const char *name, *help;
	size_t opening; /* connections to open together before run(); 0: run() opens them */
	void (*run)(void);

	/* Events of a connection; each may be NULL. */
	void (*greeted)(struct peer *peer);
	void (*chat_received)(struct peer *peer, const char *text, size_t len); /* a chat_message */
	void (*other_received)(struct peer *peer, const char *text,
			       size_t len); /* any other message */
	void (*lost)(struct peer *peer);    /* it is closed; NULL: a loss ends the run */
};

extern const struct scenario bursts, single, rate, idle, churn, stuck, reconnect;

struct load {
	const struct scenario *scenario;
	const char *target;
	bool silent; /* the server sends no greeting on a new connection */
	pid_t server[MOST_PROCESSES];
	size_t server_count;
	double warm_up, seconds;
	double rate; /* per second; the scenario defines of what */
	uint64_t rounds, messages;

	struct peer *peers; /* in the order of the file */
	size_t peer_count, greeted;
	struct room *rooms;
	size_t room_count;

	int epoll;
	bool sampling;
	uint64_t sent, acked;
	struct samples delivery, ack;
};

extern struct load load;

/* --- figures.c -------------------------------------------------------------------------------- */

void die(const char *format, ...) __attribute__((format(printf, 1, 2), noreturn));
void *grown(void *memory, size_t count, size_t size);

uint64_t now(void);
struct mark mark(void);

/* Resident bytes and open descriptors of the server's first process. */
size_t server_rss(void);
size_t server_descriptors(void);

void sample(struct samples *samples, uint64_t since);

/* Print properties of a JSON object, each with a comma before it. */
void print_samples(const char *name, struct samples *samples);
void print_span(const struct mark *from, const struct mark *to);

/* --- loop.c ----------------------------------------------------------------------------------- */

void watch(int fd, struct source *source);

/* One turn of the loop; false when there was no event in that time. */
bool pump(int wait_ms);

/*
 * Calls due() once per interval, with the time at which it was due, also when it is called late. So
 * the figures include every stall of the server and of the generator.
 */
void ticks_start(uint64_t interval, void (*due)(uint64_t moment));
void ticks_stop(void);

/* drain() runs the loop until all deliveries have arrived, until_quiet() until no event comes. */
void drain(void);
void until_quiet(void);

/* --- peer.c ----------------------------------------------------------------------------------- */

/* Reads the lines "room path token"; the lines of a room must be together. Opens no connection. */
void peers_read(const char *file);

/* Opens all connections, `at_once` together, and waits for the greeting of each. */
void peers_open(size_t at_once);

/* Returns false when the server does not listen. */
bool peer_open(struct peer *peer);
void peer_close(struct peer *peer);
void peer_send(const struct peer *peer, const char *text, size_t len);
void peer_send_close(struct peer *peer);

/* Sends a message to the room from the connection at its turn. */
void send_chat(struct room *room, uint64_t stamp, int text);
void pass_turn(struct room *room);

/* --- text.c ----------------------------------------------------------------------------------- */

bool contains(const char *text, size_t len, const char *what);

/* The number after the key, which must be in the text. */
uint64_t number_after(const char *text, size_t len, const char *key);

/* The stamp that send_chat() wrote into a message, read from the message or from its
 * acknowledgement. */
uint64_t stamp_of(const char *text, size_t len);
uint64_t acked_stamp_of(const char *text, size_t len);

#endif
