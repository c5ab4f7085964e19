/*
 * The models that make vectors of texts, for a search by meaning (vector_search.h).
 *
 * A model is what the provider calls it, with its dimension and the settings. When it changes, all
 * texts are embedded again in the background (vector_work.h), and the vectors of the old model
 * are used until that is done. The same model embeds the questions.
 */
#ifndef REALM_VECTORS_H
#define REALM_VECTORS_H

#include <stddef.h>
#include <stdint.h>

#include "base/problem.h"

struct arena;
struct settings;
struct store;

/* What is searched for, in the vectors of a model. Its vector lives where the caller has it. */
struct query_vector {
	int64_t model; /* vector_models.id */
	size_t dimension;
	const int8_t *vector;
	float scale;
};

/* The model that made the vectors in use, and how to ask it. */
struct vector_model {
	int64_t id;
	const char *asked, *prefix; /* of what is searched for */
	const char *passage;        /* what the provider calls the model of texts */
	const char *name;           /* that the provider must answer; NULL: any, see below */
	size_t dimension;
};

/* 1, 0 when no text has a vector yet, or -1. The texts live in the arena. */
int vectors_model(struct arena *arena, struct store *store, struct vector_model *model_r,
		  struct problem *why);

/*
 * Whether an answer to what is searched for belongs to the model: 1, 0 or -1. The first answer
 * decides what the model is called.
 */
int vectors_check(struct store *store, const struct vector_model *model, const char *name,
		  size_t dimension, struct problem *why);

/* How far embedding is, with the newest model. */
struct vectors_progress {
	const char *model;                /* as it calls itself; NULL: it has not answered yet */
	int64_t texts, embedded, waiting; /* the others may not be sent */
};

/* For an administrator, since it counts all texts: 1, 0 when no model was ever asked, or -1. */
int vectors_progress(struct arena *arena, struct store *store, struct vectors_progress *progress_r,
		     struct problem *why);

/* The model of the settings, as it is in the database. */
struct q_vector_model_wanted;
int vector_model_find(struct arena *arena, struct store *store, const struct settings *settings,
		      struct q_vector_model_wanted *model_r, struct problem *why);

/* Notes a model of the settings, which has no vectors. `name` NULL: it has not answered yet. */
int vector_model_make(struct store *store, const struct settings *settings, const char *name,
		      size_t dimension, int64_t *id_r, struct problem *why);

/* Removes some vectors of models that are used no more: 1, 0 when there are none, or -1. */
int vector_models_prune(struct store *store, int64_t wanted, struct problem *why);

#endif
