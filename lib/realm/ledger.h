/*
 * The ledger: what calls to providers may cost.
 *
 * Before a call its largest cost is reserved, under all ceilings in one transaction; afterwards it
 * is settled. A call that is never settled, because its process was killed, has cost what was
 * reserved. So what is spent in a day (UTC) never exceeds a ceiling, whatever a provider says and
 * whatever ends when. Without a reservation there is no call.
 *
 * The ceilings are settings: of the realm, of a twin, and of an asker over all twins, so that one
 * asker cannot use up what others need. A part of a twin's tokens is kept for its owner.
 */
#ifndef REALM_LEDGER_H
#define REALM_LEDGER_H

#include <stdbool.h>
#include <stdint.h>

#include "base/problem.h"

struct settings;
struct store;

#define LEDGER_OWNERS_PART 4 /* one of so many tokens of a twin is its owner's */
/* Work that nobody waits for, such as learning, may only begin one of so many tokens of each
 * ceiling: the rest of the day's tokens is for answers. */
#define LEDGER_BACKGROUND_PART 2

struct ledger_call {
	const char *provider; /* "llm" or "embedder" */
	const char *model;
	int64_t twin_id, asker_id;
	int64_t turn_id;    /* or 0 */
	bool is_background; /* nobody waits for it: see LEDGER_BACKGROUND_PART */
	int64_t tokens;     /* at most: of the prompt, its bytes; and the largest answer; times all
			       tries */
};

/*
 * Reserves the tokens: 1 and the id of the call, or 0 when a ceiling does not allow it, or -1.
 * `until_r` then gets the time when the next day begins.
 */
int ledger_reserve(struct store *store, const struct settings *settings,
		   const struct ledger_call *call, int64_t *id_r, int64_t *until_r,
		   struct problem *why);

/* What the realm may still reserve today for work in the background; it may be below 0. */
int ledger_left_in_background(struct store *store, const struct settings *settings,
			      int64_t *tokens_r, struct problem *why);

/*
 * Settles a call, once. LEDGER_UNKNOWN, or more than was reserved, counts as what was reserved; 0
 * is for a call that was not made.
 */
#define LEDGER_UNKNOWN (-1)
int ledger_settle(struct store *store, int64_t id, int64_t spent, struct problem *why);

#endif
