/*
 * The causes of turns: what each kind of cause asks, and where its answer is posted.
 */
#ifndef REALM_CAUSES_H
#define REALM_CAUSES_H

#include "base/problem.h"

struct arena;
struct audience;
struct store;
struct turn;

/*
 * What the turn asks, in the arena, and the readers of its answer. The twin of the audience is the
 * turn's, which may not be chosen yet. 1, 0 when the cause is gone, or -1.
 */
int cause_read(struct arena *arena, struct store *store, const struct turn *turn,
	       const char **question_r, struct audience *audience_r, struct problem *why);

/*
 * Within store_write(): posts the answer of the turn, and sets the id of what it posted, in the
 * arena. Fails with the problem of the place, such as PROBLEM_ROOM_CLOSED.
 */
int cause_answer(struct arena *arena, struct store *store, const struct turn *turn,
		 const char *content, const char **answer_id_r, struct problem *why);

#endif
