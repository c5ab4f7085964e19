/*
 * What really happened: the event log as it was committed, kept outside of the database, so that
 * the frames of clients can be compared with it.
 */
#ifndef TESTS_MODEL_TRUTH_H
#define TESTS_MODEL_TRUTH_H

#include "realm/events.h"
#include "tests/model/world.h"

#define USERS 8
#define ROOMS 5

struct fact {
	enum event_kind kind;
	int room;           /* an index, or -1 */
	int user;           /* the user that it is for or about: an index, or -1 */
	int64_t seq;        /* in the room's log, or 0 */
	char id[UUID_TEXT]; /* of the message */
};

struct stay {
	int64_t from, until; /* positions; until: INT64_MAX while it lasts */
};

struct truth {
	int64_t users[USERS];
	char names[USERS][16], tokens[USERS][48], rooms[ROOMS][UUID_TEXT];
	struct fact *facts; /* facts[pos] */
	int64_t pos, size;
	int64_t last_seq[ROOMS];
	struct stay last_stay[USERS][ROOMS];
};
extern struct truth truth;

/* Creates the users and the rooms. */
void truth_open(void);
void truth_close(void);

/* Reads what was committed since the last call. To be called before any client can know of it. */
void truth_learns(void);

int room_index(const char *room_id);

bool is_inside(int user, int room);

/* Whether the user must get the fact at that position: the user was in the room at that moment, and
 * has been there since. */
bool is_owed(int user, int64_t pos, bool v1);

/* Whether the user may get it: the user is in the room now, or was there when it happened. */
bool is_allowed(int user, int64_t pos, bool v1);

/* The position of the room's entry with that seq, or 0. */
int64_t pos_of(int room, int64_t seq);

#endif
