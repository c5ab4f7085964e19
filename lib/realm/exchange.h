/*
 * Exchange: a twin that has too little for a question asks the twin of another user, once.
 *
 * It has too little when the recall engine would find nothing to quote in its sources: no sentence
 * with a third of the question's words. It asks only about a question of a user, not of a twin, and
 * only as its owner wants (asks_others).
 *
 * Three groups of users are looked at: those who have shared knowledge on the question, best first;
 * friends of the owner, as far as all readers of the answer may know that they are friends; and
 * those with a memory on it that every user may know. Of all their twins that one is asked that has
 * most words of the question in a sentence that it may tell (telling.h); of equal ones the first.
 * If none has a third of the words, no twin is asked.
 *
 * The question to the other twin is a turn of that twin, whose cause is the turn that asks. So each
 * step is a row, both owners can read their own one, and the other twin's limits hold. The turn
 * that asks waits in the queue until the other one has ended, and not longer than EXCHANGE_WAIT_US.
 * The answer of the other twin is a choice of texts: the one that asks quotes them with their
 * author, and cites them. So what is told reaches a reader in the words of its author, by however
 * many twins it comes.
 *
 * The owner of the other twin learns who asked, and which texts were told. The question is not
 * shown, but the texts may give away what it was about. So by default a twin asks only about public
 * questions.
 */
#ifndef REALM_EXCHANGE_H
#define REALM_EXCHANGE_H

#include <stddef.h>

#include "base/clock.h"
#include "base/problem.h"
#include "realm/leaving.h"
#include "realm/sources.h"

struct arena;
struct store;
struct turn;

#define EXCHANGE_WAIT_US (10 * CLOCK_SECOND)
#define EXCHANGE_TOLD 2       /* most texts that a twin tells */
#define EXCHANGE_TWINS_MOST 8 /* that are looked at of each group */

/* A question, and what the twin itself has found for it. */
struct exchange_question {
	const struct turn *turn; /* its twin is chosen */
	const struct audience *audience;
	const char *text;
	const struct source *sources;
	size_t source_count;
};

/* Asks another twin, if that is to be done: 1, and the turn waits in the queue; 0; or -1. */
int exchange_ask(struct arena *arena, struct store *store, const struct exchange_question *question,
		 struct problem *why);

/*
 * What another twin has told for that turn, in the arena, as far as it may still be used and needs
 * at most `leaving`; at most EXCHANGE_TOLD texts. A twin that has not answered is not waited for
 * any more.
 */
int exchange_told(struct arena *arena, struct store *store, const struct turn *turn,
		  const struct audience *audience, enum leaving leaving, struct source **told_r,
		  size_t *count_r, struct problem *why);

#endif
