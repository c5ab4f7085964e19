/*
 * What a twin held back: texts that fit the question of a turn, and that the twin did not use,
 * since somebody reads the answer who may not read them. The owner of the twin alone is told.
 */
#ifndef REALM_HELD_BACK_H
#define REALM_HELD_BACK_H

#include <stdint.h>

#include "base/problem.h"

struct arena;
struct buf;
struct store;

#define HELD_BACK_LOOKED 20 /* texts that fit best */

extern const struct shape held_back_shape;

/*
 * Writes them as a list, the best first, as it is now: by words alone, at most HELD_BACK_LOOKED. It
 * is empty for the question of another twin, which the owner does not read, and when the cause is
 * gone. PROBLEM_NOT_FOUND as turn_show().
 */
int held_back_list(struct arena *arena, struct store *store, int64_t owner, int64_t turn_id,
		   struct buf *out, struct problem *why);

#endif
