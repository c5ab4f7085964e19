/*
 * The projection: what other stores, such as ChromaDB, may hold of this database, and how far each
 * of them is.
 *
 * A store holds ids, vectors and numbers, never texts. What it finds is a candidate, which is
 * looked at again here. Each thing that a store may hold has a row in the table `projected` with
 * the number of its last change, `rev`, which triggers renew in the transaction of the change. A
 * row says that a thing has changed, not how: what it is now is read when it is sent, and what a
 * store may not hold now is removed from it. So there is no queue that could lose or mix up
 * anything, a change may be sent twice, and a store is filled from nothing by all rows above 0.
 *
 * `upto` of a store moves only when the store has confirmed the changes. One process writes to a
 * store: a lease in the database says which one.
 */
#ifndef REALM_PROJECTION_H
#define REALM_PROJECTION_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/problem.h"
#include "realm/leaving.h"

struct arena;
struct store;

/* Constant, name in the table. Other: the id of a second thing, or 0. */
#define PROJECTED_KINDS(X)                                                                         \
	X(KNOWLEDGE_VECTOR, "knowledge_vector") /* of public knowledge; its id */                  \
	X(MEMORY_VECTOR, "memory_vector")       /* of a memory of a twin; its id */                \
	X(USER, "user")                         /* its id */                                       \
	X(KNOWS, "knows")         /* a relationship; of the two users, the author first */         \
	X(KNOWLEDGE, "knowledge") /* public, with its tags; its id */

#define PROJECTED_ENUM(constant, name) PROJECTED_##constant,
enum projected_kind { PROJECTED_KINDS(PROJECTED_ENUM) PROJECTED__COUNT };
#undef PROJECTED_ENUM

const char *projected_kind_name(enum projected_kind kind);

struct projected {
	enum projected_kind kind;
	int64_t id, other;
};

/* Changes, sorted by kind and ids. */
struct projection_batch {
	struct projected *rows;
	size_t count;
	/* A store that had all changes up to `since` has all up to `upto` with these rows. */
	int64_t since, upto;
	bool more; /* there are later changes */
};

/*
 * The next changes above `upto` of some kinds, a bit for each, in the arena: at most `most` rows.
 * Within store_read(), with the reading of what they are now.
 */
int projection_read(struct arena *arena, struct store *store, unsigned kinds, int64_t upto,
		    size_t most, struct projection_batch *batch_r, struct problem *why);

/* A vector of the model that serves (vectors.h). */
struct projected_vector {
	int64_t text, author; /* texts.id */
	size_t dimension;
	const int8_t *numbers; /* in the arena */
	float scale;           /* which does not matter to a direction */
};

/*
 * The vector of a row of a kind …_VECTOR, if the store may hold it now: 1, 0 or -1. `leaving` is
 * what may be sent there.
 */
int projected_vector(struct arena *arena, struct store *store, int64_t model, size_t dimension,
		     const struct projected *row, enum leaving leaving,
		     struct projected_vector *vector_r, struct problem *why);

/*
 * The row of a kind of the graph (a user, a relationship or knowledge) as a JSON object of numbers
 * in the arena; NULL: the store may not hold it now.
 */
int projected_graph(struct arena *arena, struct store *store, const struct projected *row,
		    const char **json_r, struct problem *why);

/* Whether nothing of these kinds, a bit for each, has changed after `upto`: 1 or 0, or -1. With
 * very many later changes it is 0, too. */
int projection_is_current(struct store *store, unsigned kinds, int64_t upto, struct problem *why);

/* --- how far the stores are ------------------------------------------------------------------- */

/* What this realm, in this life, has put into the store, in a few letters; and up to which change.
 */
struct sync_position {
	const char *marker;
	int64_t round, upto; /* the round is a part of the marker */
};

/* Takes or renews the lease until that time: 1, 0 while another process has it, or -1. */
int sync_claim(struct store *store, const char *name, int worker, int64_t lease_until,
	       struct problem *why);

/* A process that starts or ends writes to no store. */
int sync_release(struct store *store, int worker, struct problem *why);

/* The position of a store that was claimed once. The marker lives in the arena. */
int sync_position(struct arena *arena, struct store *store, const char *name,
		  struct sync_position *position_r, struct problem *why);

/*
 * The store has confirmed all changes up to this one: 1, 0 when the lease is another process's now,
 * or another round has begun, or -1.
 */
int sync_advance(struct store *store, const char *name, int worker, int64_t round, int64_t upto,
		 struct problem *why);

/*
 * Whether the store is there, as far as is known, and has confirmed all changes of these kinds: 1,
 * 0 or -1. Within store_read() or store_write().
 */
int sync_is_current(struct store *store, const char *name, unsigned kinds, struct problem *why);

/* Notes why the last attempt failed, in words. */
int sync_fail(struct store *store, const char *name, int worker, const char *failure,
	      struct problem *why);

/* Has the store emptied and filled again: 1, 0 when no process has written to it yet, or -1. */
int sync_refill(struct store *store, const char *name, struct problem *why);

/* Forgets all stores but these; NULL ends the list. */
int sync_keep_only(struct store *store, const char *const *names, struct problem *why);

struct sync_state {
	const char *name;
	int64_t behind;      /* changes, at most SYNC_MOST_BEHIND */
	const char *failure; /* NULL: it works */
	int64_t failed_at;
};
#define SYNC_MOST_BEHIND 1000000

/* Calls each() for every store, until it returns non-zero. */
int sync_states(struct store *store,
		int (*each)(const struct sync_state *state, void *context, struct problem *why),
		void *context, struct problem *why);

#endif
