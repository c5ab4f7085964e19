/*
 * A client of the simulation. It sends random commands, parses the received bytes as a browser
 * does, and compares every frame with the expected events.
 */
#ifndef TESTS_MODEL_CLIENT_H
#define TESTS_MODEL_CLIENT_H

#include "tests/model/expected.h"

#define CLIENTS 14
#define PENDING 8

struct client {
	int number, user;
	bool v1;
	struct socket *socket;
	int read_interval; /* it reads in one of so many steps; a large number makes it slow */
	struct buf in;

	/* What it knows from the received frames. */
	struct presence_belief {
		char status[10];
		int room;           /* in which the user is, or -1 */
	} believed[USERS];          /* presence.h */
	bool typists[ROOMS][USERS]; /* typing.h */
	int64_t pos;                /* it has received everything up to here; 0: nothing yet */
	bool welcome;               /* received on this socket */
	bool rooms[ROOMS];          /* the rooms that it subscribes to, if `subscribes` */
	bool subscribes;            /* to some rooms instead of all */
	bool subscribed;            /* the bridge has confirmed it on this socket */
	bool acted[ROOMS];  /* on this socket, it has joined, left or read: it may be spared its own
			       events */
	bool joined[ROOMS]; /* on this socket: it may get the room's events */
	int64_t live_from;  /* the live events of this socket begin after this position */
	int64_t resume_from; /* the position of a resume without an answer, or -1 */
	bool went_back;      /* the replay has begun */
	bool joining[ROOMS]; /* requested, without an answer; the simulation refuses no join */
	int64_t history_next[ROOMS]; /* the next seq of a requested history, or 0 */
	int64_t history_end[ROOMS];  /* the last seq of the requested history */

	struct pending {
		char client_id[24];
		int room;
		char json[512];
		bool chat; /* else a change, which may have no effect and then no seq */
		int64_t sent_at;
	} pending[PENDING];
	int pending_count;
};
extern struct client clients[CLIENTS];

void clients_open(void);
void clients_close(void);

/* Takes one random action. With `quiet` it only reads, resumes, and resends commands that are not
 * acknowledged. */
void client_step(struct client *client, bool quiet);

/* Ends the connection without a close frame. */
void client_disconnect(struct client *client);

/* What the client still waits for; NULL: it has everything. */
const char *client_waits_for(const struct client *client);

#endif
