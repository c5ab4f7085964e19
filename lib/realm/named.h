/*
 * The members of a room that a text names as @username. This is the one rule of names: for mentions
 * (mentions.h) and for the twins that answer (turns.h).
 *
 * A name begins behind an @ that does not follow a letter or digit, so an address such as
 * ada@example.org names nobody. Of the characters that a username may have, it is the longest run
 * that is the username of a member, where full stops and hyphens at its end may belong to the
 * sentence.
 */
#ifndef REALM_NAMED_H
#define REALM_NAMED_H

#include <stdbool.h>
#include <stdint.h>

#include "base/problem.h"

struct arena;
struct store;

#define NAMED_MAX 20 /* members that a text names; those behind them are not looked for */

struct named {
	struct {
		int64_t user;
		bool has_twin; /* that is in the room and answers */
	} members[NAMED_MAX];
	int count;      /* of members, each once, in the order of the text */
	bool is_to_all; /* the text has @room */
};

/* A text without @ costs no query, any other one at most 64. */
int members_named(struct arena *arena, struct store *store, const char *room_id, const char *text,
		  struct named *named_r, struct problem *why);

#endif
