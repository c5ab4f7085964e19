/*
 * The providers of models that twins use, as aeon-twin notes them when it starts: so that a user
 * learns which of the own texts leave this machine, and to which host.
 */
#ifndef REALM_PROVIDERS_H
#define REALM_PROVIDERS_H

#include <stddef.h>

#include "base/problem.h"
#include "store/shape.h"

struct buf;
struct settings;
struct store;

struct provider_used {
	const char *interface; /* "llm", "embedder", "vectors" or "graph" */
	const char *model;     /* or the name of the store */
	const char *host;      /* name and port; NULL: this machine */
};

/* Replaces what was noted. */
int providers_note(struct store *store, const struct provider_used *list, size_t count,
		   struct problem *why);

extern const struct shape provider_shape;

/* Writes an array of provider_shape. Without a language model there is the recall engine. */
int providers_list(struct store *store, const struct settings *settings, struct buf *out,
		   struct problem *why);

#endif
