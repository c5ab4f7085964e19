/*
 * What a small random realm has, and what a user may see of it. The rules here share nothing with
 * the queries of the realm.
 */
#ifndef TESTS_INTERFERENCE_PLAN_H
#define TESTS_INTERFERENCE_PLAN_H

#include <stdbool.h>

#include "realm/leaving.h"
#include "realm/sources.h"

#define USERS 4
#define ROOMS 3
#define THINGS 24
#define MARK "zebra" /* only the thing that may be hidden has this word */

enum thing_kind { MESSAGE, KNOWLEDGE, INTERACTION, MEMORY, CHAT, KINDS };
enum bond { NO_BOND, FRIEND, BLOCKED };
enum openness { PUBLIC, FRIENDS, PRIVATE };

struct thing {
	enum thing_kind kind;
	int author, other, room; /* `other` is the target of an interaction */
	enum openness openness;
	bool is_local; /* of a memory */
	int parent;    /* of an interaction; -1: none */
	char text[120], response[120];
};

struct plan {
	enum bond bonds[USERS][USERS]; /* from, to */
	bool has_twin[USERS];          /* whose twin answers others */
	bool is_public[ROOMS], is_in[ROOMS][USERS];
	struct thing things[THINGS];
	int count, hidden; /* the thing that is left out */
	enum answer_to to;
	int owner, reader, room, thread; /* of the audience; thread: a thing, or -1 */
	char question[120];
};

void plan_draw(struct plan *plan);

bool user_sees(const struct plan *plan, int user, const struct thing *thing);

/* Whether an answer to the plan's audience may draw on the thing. */
bool may_draw_on(const struct plan *plan, const struct thing *thing);

/* What an embedder must be allowed to get the thing's text, or its response. */
enum leaving least_leaving(const struct plan *plan, const struct thing *thing, bool is_response);

#endif
