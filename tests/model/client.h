/*
 * A client of the simulated world. It does at random what clients do, parses the bytes that it is
 * sent as a browser would, and compares every frame with what really happened.
 */
#ifndef TESTS_MODEL_CLIENT_H
#define TESTS_MODEL_CLIENT_H

#include "tests/model/truth.h"

#define CLIENTS 14
#define PENDING 8

struct client {
	int number, user;
	bool v1;
	struct socket *socket;
	int patience; /* it reads in one of so many of its turns; a large number makes it slow */
	struct buf in;

	/* What it knows from the frames that it got. */
	int64_t pos;            /* up to which it has everything; 0: it has nothing yet */
	bool welcome;           /* it has come on this socket */
	bool only[ROOMS];       /* the rooms that it subscribes to, if `subscribes` */
	bool subscribes;        /* to some rooms only */
	bool subscribed;        /* the bridge has confirmed it on this socket */
	int64_t began;          /* where the live events of this socket begin */
	int64_t asked;          /* the position of a resume that is not answered yet, or -1 */
	bool went_back;         /* the first event of the replay has come */
	bool joining[ROOMS];    /* it has asked to; in this world nobody is refused */
	int64_t history[ROOMS]; /* the next seq of a history that is coming, or 0 */
	int64_t until[ROOMS];   /* the last seq of it */

	struct pending {
		char client_id[24];
		int room;
		char json[512];
		bool chat; /* else a change, whose repetition may change nothing */
		int64_t sent_at;
	} pending[PENDING];
	int pending_count;
};
extern struct client clients[CLIENTS];

void clients_open(void);
void clients_close(void);

/* Does something at random. With `quiet` it only reads, resends what is not acknowledged, and
 * resumes. */
void client_turns(struct client *client, bool quiet);

/* The bridge was killed. */
void client_loses(struct client *client);

/* What it still waits for; NULL when it has everything. */
const char *client_lacks(const struct client *client);

#endif
