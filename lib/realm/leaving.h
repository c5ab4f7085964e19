/*
 * Which texts may leave this machine, for a provider such as a language model.
 *
 * The setting twin_texts says it for providers on other machines. Providers on this machine may get
 * all texts on which a twin may draw. A memory that is `local_only` is sent to no provider at all,
 * nor is an answer in which a twin may have repeated it. What may not leave is left out of a
 * request before it is made.
 *
 * "Own" texts are those of the twin's owner. A text that is embedded is sent once for all twins; it
 * counts as own if its author uses a twin: the twin answers for the author (autopilot is not off),
 * or the author has talked with it or given it a memory. That is the fragment text_may_leave in
 * sql/twin_fragments.sql.
 */
#ifndef REALM_LEAVING_H
#define REALM_LEAVING_H

#include <stdbool.h>
#include <stdint.h>

#include "base/problem.h"
#include "realm/source_kinds.h"

struct settings;
struct store;

/* What a provider may get; each includes those before. And what a provider must at least be allowed
 * to get a text. The queries have these numbers. */
enum leaving {
	LEAVE_PUBLIC, /* what every user may read */
	LEAVE_OWN,
	LEAVE_ALL,
	LEAVE_NEVER, /* of a text: no provider gets it */
};

/* What a provider may get; `is_local`: it is on this machine. */
enum leaving leaving_to(const struct settings *settings, bool is_local);

/* What the text needs, as it is now, to be sent for the twin of `owner`: 1, 0 when it is gone, or
 * -1. Not for words of a twin. */
int text_leaving(struct store *store, int64_t owner, enum source_kind kind, const char *id,
		 enum leaving *leaving_r, struct problem *why);

/* The same for what a twin has said in that turn. */
int answer_leaving(struct store *store, int64_t owner, int64_t turn, enum leaving *leaving_r,
		   struct problem *why);

#endif
