/*
 * What the twin of one user may tell the twin of another one, for an answer of that one.
 *
 * A twin finds by itself what others have shared with all readers of its answer. What it cannot
 * find are the memories of others, which their twins alone may tell. So a twin tells only memories
 * of its owner, and only those that all readers of the answer may learn: the owner of the twin that
 * asks, and those whom its answer is for.
 */
#ifndef REALM_TELLING_H
#define REALM_TELLING_H

#include <stdint.h>

#include "base/problem.h"
#include "realm/sources.h"

struct store;

/*
 * The texts that the twin of `teller` may tell for an answer to that audience: 1; or 0 when it may
 * tell nothing, because it may not answer the other side or a reader has a block with the teller;
 * or -1. Whether the twin may answer the one that asks is a matter of turn_check().
 */
int telling_audience(struct store *store, const struct audience *answer, int64_t teller,
		     struct audience *audience_r, struct problem *why);

#endif
