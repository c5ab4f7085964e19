/*
 * Makes the answers of claimed turns. A model answers if there is one and if it may read the
 * question; else, or if the model fails, the recall engine does. Many turns wait for the model at
 * one time.
 */
#ifndef TWIN_ANSWERER_H
#define TWIN_ANSWERER_H

#include <stddef.h>

#include "base/problem.h"
#include "provider/configured.h"
#include "realm/settings.h"

struct answerer;
struct arena;
struct embedding_work;
struct store;
struct turn;

/* All live longer than the answerer; the settings may change. `embedding` may be NULL. `ended` is
 * called when a turn that waited for a model has ended. */
struct answerer *answerer_new(struct store *store, const struct settings *settings,
			      const struct providers *providers, struct embedding_work *embedding,
			      void (*ended)(void *context), void *context);

/* Gives up the turns in work, without ending them. */
void answerer_free(struct answerer **answerer);

/* Takes over the arena, which has the turn. A turn that cannot be answered is queued again, or ends
 * with the reason. */
void answerer_take(struct answerer *answerer, struct arena *arena, const struct turn *turn);

/* How many turns wait for a model. */
size_t answerer_in_work(const struct answerer *answerer);

/* At least once a second while turns are in work: gives up those that are not to be answered any
 * more, and tells that the twins of the others write. */
int answerer_look(struct answerer *answerer, struct problem *why);

#endif
