/*
 * On what a twin may draw for an answer, and what of it fits a question best.
 *
 * Each text lies in a place: it is its owner's own, or of two users, of a room, or of those who may
 * see it. An answer may draw only on texts that all its readers may read, too:
 *
 *	to the owner	all that the owner may see, and what the owner said to the twin
 *	to a pair	the thread; rooms in which both are now; public rooms; knowledge that both
 *			may see; the owner's memories that the other side may see
 *	to a room	the room; public rooms; public knowledge; the owner's public memories
 *	to all		the same without the room; of a thread its public interactions
	to a twin	the owner's memories that the reader may see: see telling.h
 *
 * The query decides this before anything is ranked, and the weights of words come from the same
 * texts alone. So what is hidden from a reader changes neither which sources are found, nor their
 * order, nor their scores. (A hidden entry of a room's log is a number for its readers, and it is
 * one here: it stands between its neighbours.) A text by a user with a block is no source, nor the
 * words of an erased user, nor those of a twin.
 */
#ifndef REALM_SOURCES_H
#define REALM_SOURCES_H

#include <stddef.h>
#include <stdint.h>

#include "base/problem.h"
#include "realm/leaving.h"
#include "realm/source_kinds.h"

struct arena;
struct query_vector;
struct store;

/* Where an answer goes. The queries have these numbers. */
enum answer_to { ANSWER_TO_OWNER, ANSWER_TO_PAIR, ANSWER_TO_ROOM, ANSWER_TO_ALL, ANSWER_TO_TWIN };

struct audience {
	enum answer_to to;
	int64_t owner;       /* of the twin */
	int64_t reader;      /* PAIR: the other side; ROOM, ALL: the asker; OWNER: not used; TWIN: a
				user, or 0 for what every user may read */
	const char *room_id; /* ROOM: the room, in which both must be if it is private */
	int64_t thread;      /* PAIR, ALL: an interaction; it and those before it are the thread */
};

/* Another user than the owner who must be allowed to read all of an answer. */
int64_t audience_reader(const struct audience *audience);

struct source {
	struct source_id id;
	int64_t author_id, created_at;
	const char *author_name, *content;
	int text_rank, nearby_rank, vector_rank; /* from 1; 0: it is not in that list */
	double score;
	int64_t told_by; /* the owner of another twin that has told it; 0: the twin has found it */
};

/*
 * The best sources for a question, best first, at most `limit` (to 50), in the arena. Only texts
 * that need at most `leaving` are looked at, for a provider; LEAVE_NEVER: all. `vector` (or
 * NULL) is that of the question; without it the search compares words alone, and a question without
 * any word that says something has no sources. `without` (or NULL) are left out: what the chain has
 * cited already, and the cause itself. Texts that were just written are found a second later.
 */
int sources_find(struct arena *arena, struct store *store, const struct audience *audience,
		 enum leaving leaving, const char *question, const struct query_vector *vector,
		 const struct source_ids *without, int limit, struct source **sources_r,
		 size_t *count_r, struct problem *why);

/*
 * Whether a source that was found may still be used for that audience, and says the same: 1, 0 or
 * -1. To ask in the transaction that posts an answer.
 */
int source_holds(struct store *store, const struct audience *audience, const struct source *source,
		 struct problem *why);

/*
 * Whether the text is another user's and lies where all readers may read it, blocks aside: 1, 0 or
 * -1. When such a text does not hold, a block is the reason.
 */
int source_within_reach(struct store *store, const struct audience *audience,
			const struct source *source, struct problem *why);

#endif
