/*
 * What really happened: the event log as it was committed, remembered outside of the database, so
 * that what clients are shown can be held against it.
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
	int user;           /* whom it is for or about: an index, or -1 */
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

/* Makes the people and the rooms. */
void truth_open(void);
void truth_close(void);

/* Reads what was committed since. To be called before anybody can have been told. */
void truth_learns(void);

int room_index(const char *room_id);

bool is_inside(int user, int room);

/* Whether the user must be shown the fact at that position: was there then, and is there since. */
bool is_owed(int user, int64_t pos, bool v1);

/* Whether the user may be shown it: is there now, or was there when it happened. */
bool is_allowed(int user, int64_t pos, bool v1);

/* The position of the room's fact with that seq, or 0. */
int64_t pos_of(int room, int64_t seq);

#endif
