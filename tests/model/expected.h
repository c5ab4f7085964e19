/*
 * The expected events: a copy of the committed event log outside of the database. The frames of
 * clients are compared with it.
 */
#ifndef TESTS_MODEL_EXPECTED_H
#define TESTS_MODEL_EXPECTED_H

#include "realm/events.h"
#include "tests/model/simulation.h"

#define USERS 8
#define ROOMS 5
#define PRIVATE_ROOM (ROOMS - 1) /* private now and then */

struct logged_event {
	enum event_kind kind;
	int room;           /* an index, or -1 */
	int user;           /* the user that the event is for or about: an index, or -1 */
	int author, other;  /* users, or -1: it is hidden from those who have a block with them */
	int64_t seq;        /* in the room's log, or 0: it is no entry */
	char id[UUID_TEXT]; /* of the message */
};

/* From the join to the leave, as positions. `until` is INT64_MAX while the user is a member. */
struct membership_span {
	int64_t from, until;
};

struct expected {
	int64_t users[USERS];
	int64_t keeper; /* the owner of PRIVATE_ROOM, who never connects */
	char names[USERS][16], tokens[USERS][48], rooms[ROOMS][UUID_TEXT];
	struct logged_event *events; /* by position */
	int64_t pos, size;
	int64_t last_seq[ROOMS];
	struct membership_span last_membership[USERS][ROOMS];
};
extern struct expected expected;

/* Creates the users and the rooms. */
void expected_open(void);
void expected_close(void);

/* Reads the events committed since the last call. Call it before a client can receive them. */
void expected_update(void);

int room_index(const char *room_id);
int user_index(int64_t id);

/* Two users block each other now and then: the user's partner in that, or -1. */
int blocked_partner(int user);

/* Whether the user and one of those who take part may have had a block. */
bool may_be_hidden(int user, const struct logged_event *logged);

bool is_member(int user, int room);

/* Whether the user must receive the event at that position: it is the user's own, or the user
 * joined the room before it and has not left since. */
bool must_receive(int user, int64_t pos, bool v1);

/* Whether the user may receive the event: it is the user's own, or the user is a member now, or was
 * one at that position. */
bool may_receive(int user, int64_t pos, bool v1);

/* The position of the room's entry with that seq, or 0. */
int64_t pos_of(int room, int64_t seq);

#endif
