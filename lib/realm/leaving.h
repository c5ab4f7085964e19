/*
 * Which texts may leave this machine, for a provider such as a language model.
 *
 * The setting twin_texts says it for providers on other machines. Providers on this machine may get
 * all texts on which a twin may draw. A memory that is `local_only` is sent to no provider at all.
 * The condition is the fragment text_may_leave in sql/fragments.sql, which stands beside those of
 * realm/sources.h: what may not leave is left out of a request before it is made.
 *
 * "Own" texts are those of the twin's owner. A text that is embedded is sent once for all twins; it
 * counts as own if its author uses a twin: the twin answers for the author (autopilot is not off),
 * or the author has talked with it or given it a memory.
 */
#ifndef REALM_LEAVING_H
#define REALM_LEAVING_H

#include <stdbool.h>
#include <stdint.h>

#include "base/problem.h"
#include "realm/source_kinds.h"

struct settings;
struct store;

/* Each includes those before. The queries have these numbers. */
enum leaving {
	LEAVE_PUBLIC, /* what every user may read */
	LEAVE_OWN,
	LEAVE_ALL,
};

/* What a provider may get; `is_local`: it is on this machine. */
enum leaving leaving_to(const struct settings *settings, bool is_local);

/*
 * Whether the text, as it is now, may be sent for the twin of `owner` (0: for all twins): 1, 0 or
 * -1. Words of a twin may not: see answer_may_leave().
 */
int text_may_leave(struct store *store, enum leaving leaving, int64_t owner, enum source_kind kind,
		   const char *id, struct problem *why);

/*
 * Whether what a twin has answered in that turn may be sent: all texts from which it was made are
 * still there and may leave. A quote of a memory with `local_only` does not leave either. 1, 0 or
 * -1.
 */
int answer_may_leave(struct store *store, enum leaving leaving, int64_t owner, int64_t turn,
		     struct problem *why);

#endif
