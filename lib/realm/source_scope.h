/*
 * What the searches for sources (sources.h) share: the texts that they look at, and what each of
 * them gives.
 */
#ifndef REALM_SOURCE_SCOPE_H
#define REALM_SOURCE_SCOPE_H

#include <stddef.h>
#include <stdint.h>

#include "realm/leaving.h"
#include "realm/places.h"
#include "realm/source_kinds.h"

/* The texts that may be sources. */
struct source_scope {
	int64_t viewer, reader; /* as in the queries of sources */
	int64_t to;             /* enum answer_to */
	int64_t thread;
	enum leaving leaving;             /* LEAVE_NEVER: all texts */
	struct places places;             /* those of q_source_places() */
	const struct source_ids *without; /* or NULL */
};

/* A text, as `texts` has it. */
struct found_text {
	int64_t text, place, at, words, created_at;
	enum source_kind kind;
	const char *id;
};

/* Texts, best first. */
struct found_texts {
	struct found_text *list;
	size_t count;
};

#endif
