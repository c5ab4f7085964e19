/*
 * wsload: the load of the benchmarks of live chat. Thousands of WebSocket connections in one
 * process with one epoll loop, which play a scenario and print its figures as JSON.
 *
 * It is no WebSocket library: it knows just what is needed to measure a server that it trusts to be
 * correct (text frames unfragmented, sizes within its buffer), and gives up with a sentence at
 * anything else. It does not parse JSON either; it looks for the few words that it counts. Both
 * keep it cheap beside the server, with which it shares the machine: its own CPU is in the figures,
 * so that a measurement of the generator instead of the server is seen as one.
 *
 * A scenario is a file of its own with one struct scenario; main.c lists them. Moments and spans
 * are nanoseconds of CLOCK_MONOTONIC, which other processes of this machine see alike.
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
	PATIENCE_MS = 10000, /* silence that means something was lost */
	SHORT_TEXT = 64,     /* characters of text in a message, beside its stamp */
	LONG_TEXT = 3500,
	MOST_PROCESSES = 16, /* of a server */
};

/* What epoll wakes. Stands first in whatever belongs to it. */
struct source {
	void (*ready)(struct source *source);
};

struct room {
	char *id;
	size_t first, count; /* its connections, which stand side by side */
	size_t turn;         /* whose turn it is to speak, 0 … count-1 */
	uint64_t stamp;      /* of the message last sent */
	uint64_t expected, delivered;
};

struct peer {
	struct source source;
	int fd; /* -1: not open */
	struct room *room;
	char *path, *token;
	bool narrow;                     /* the kernels of both sides are to buffer little */
	uint64_t opened;                 /* the moment of its connect() */
	bool upgraded, greeted, leaving; /* leaving: has sent a close frame */
	unsigned char *rest;             /* the beginning of a frame whose end has not come yet */
	size_t rest_len;
};

/* Latencies. */
struct samples {
	uint32_t *us;
	size_t count, room;
};

/* The state of a run at one moment; a measurement is the difference of two. */
struct mark {
	uint64_t ns, sent, delivered, server_cpu, own_cpu;
};

struct scenario {
	const char *name, *help;
	size_t opening; /* connections that are opened at a time, all before run(); 0: none is */
	void (*run)(void);

	/* What becomes of a connection; NULL: nothing to be done. */
	void (*greeted)(struct peer *peer);
	void (*heard)(struct peer *peer, const char *text, size_t len); /* a chat_message */
	void (*told)(struct peer *peer, const char *text, size_t len);  /* anything else */
	void (*lost)(struct peer *peer); /* it is closed; NULL: that ends the run */
};

extern const struct scenario bursts, single, rate, idle, churn, stuck, reconnect;

struct load {
	const struct scenario *scenario;
	const char *target;
	bool silent; /* the server says nothing by itself when a connection is opened */
	pid_t server[MOST_PROCESSES];
	size_t server_count;
	double warm_up, seconds;
	double rate; /* of what, a second: is the scenario's */
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

/* Of the server's first process, in bytes and in number. */
size_t server_rss(void);
size_t server_descriptors(void);

void sample(struct samples *samples, uint64_t since);

/* Print members of a JSON object, each with a comma before it. */
void print_samples(const char *name, struct samples *samples);
void print_span(const struct mark *from, const struct mark *to);

/* --- loop.c ----------------------------------------------------------------------------------- */

void watch(int fd, struct source *source);

/* One turn of the loop; false when nothing happened in that time. */
bool pump(int wait_ms);

/*
 * Calls due() once an interval, with the moment at which that was due and not the one at which this
 * process came to it: a stalled server, or a stalled generator, cannot hide behind its own stall.
 */
void ticks_start(uint64_t interval, void (*due)(uint64_t moment));
void ticks_stop(void);

/* Run the loop until everything sent so far has arrived everywhere; until nothing comes any more.
 */
void drain(void);
void until_quiet(void);

/* --- peer.c ----------------------------------------------------------------------------------- */

/* Reads the lines "room path token", those of a room together. No connection is open then. */
void peers_read(const char *file);

/* Opens all, so many at a time, and waits for the greeting of each. */
void peers_open(size_t at_once);

/* False when the server does not listen. */
bool peer_open(struct peer *peer);
void peer_close(struct peer *peer);
void peer_send(const struct peer *peer, const char *text, size_t len);
void peer_send_close(struct peer *peer);

/* Sends one message of a room from the connection whose turn it is. */
void say(struct room *room, uint64_t stamp, int text);
void pass_turn(struct room *room);

/* --- text.c ----------------------------------------------------------------------------------- */

bool says(const char *text, size_t len, const char *what);

/* The number behind the words, which must be there. */
uint64_t number_after(const char *text, size_t len, const char *words);

/* The stamp that say() wrote into a message, or into what acknowledges it. */
uint64_t stamp_of(const char *text, size_t len);
uint64_t acked_stamp_of(const char *text, size_t len);

#endif
