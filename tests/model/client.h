/*
 * A client of the simulated world: does at random what clients do, reads what it is sent byte by
 * byte as a browser would, and pauses every frame against what really happened.
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
	int patience; /* reads in one of so many of its turns: a slow one has much */
	struct buf in;

	/* What it knows, as far as it was shown. */
	int64_t pos;            /* up to which it has seen all; 0: nothing yet */
	bool welcome;           /* on this socket */
	bool only[ROOMS];       /* the rooms that it wants to hear of, if `narrow` */
	bool narrow, narrowed;  /* wants to, and has been heard on this socket */
	int64_t began;          /* where the live events of this socket begin */
	int64_t asked;          /* the position of a resume without an answer, or -1 */
	bool went_back;         /* the replay has begun visibly */
	bool joining[ROOMS];    /* has asked to; in this world nobody is refused */
	int64_t history[ROOMS]; /* the next seq of a history under way, or 0 */
	int64_t until[ROOMS];   /* its last */

	struct pending {
		char client_id[24];
		int room;
		char json[512];
		bool chat; /* else a change, of which a repeat may be nothing new */
		int64_t sent_at;
	} pending[PENDING];
	int pending_count;
};
extern struct client clients[CLIENTS];

void clients_open(void);
void clients_close(void);

/* Does something. With `quiet` nothing new: it reads, resends what is not acknowledged, resumes. */
void client_turns(struct client *client, bool quiet);

/* The bridge was killed. */
void client_loses(struct client *client);

/* What it waits for or has not been shown yet; NULL when it has everything. */
const char *client_lacks(const struct client *client);

#endif
