/*
 * Lessons: from which texts a twin learns, and when.
 *
 * A twin learns facts from what its owner wrote as a person: messages, questions and responses of
 * interactions, knowledge, and lines of the conversation with the twin. It never learns from words
 * of others or of twins. A twin whose autopilot is off learns only from what its owner says to it.
 *
 * A text waits in the table `learning` for some time after it was written, since what was written
 * in error is mostly deleted soon. A lesson is a few texts of one owner: a process of aeon-twin
 * claims them with a lease, asks a language model, and keeps the facts (facts.h) and the end of the
 * texts in one transaction. So no text is learned twice, whatever processes race or are killed, and
 * a fact that its owner deletes does not come back from the same text. A text that was edited is
 * another text.
 */
#ifndef REALM_LESSONS_H
#define REALM_LESSONS_H

#include <stddef.h>
#include <stdint.h>

#include "base/problem.h"
#include "realm/leaving.h"

struct arena;
struct settings;
struct store;

#define LESSON_TEXTS 8     /* texts of a lesson */
#define LESSON_BYTES 8000  /* of its texts, and of each of them: what is longer is not read */
#define LESSON_TRIES 3     /* lessons of a text that may fail */
#define LESSON_FACTS 50    /* new facts of an owner in a day (UTC) */
#define LESSON_TOKENS 1000 /* most tokens of a model's answer */

struct lesson {
	int64_t owner, lease;
	const char *names; /* of the owner and the twin */
	struct lesson_text {
		const char *kind, *source;
		const char *content;
		int64_t noted_at; /* when it was written or changed, and a second later at most */
	} texts[LESSON_TEXTS];
	size_t count;
};

/* Within store_write(), when a text was indexed: notes it, if a twin learns from it. */
int lesson_add(struct store *store, const char *kind, const char *source, struct problem *why);

/*
 * Claims the texts of the next lesson for `lease_us`: 1, 0 without one, or -1. A text that may not
 * leave this machine for the model is not read. An owner whose twin has learned LESSON_FACTS today,
 * or has all memories that it may have, waits for the next day.
 */
int lesson_claim(struct arena *arena, struct store *store, const struct settings *settings,
		 enum leaving leaving, int64_t lease_us, struct lesson *lesson_r,
		 struct problem *why);

/* What a model is told: what it shall do, and the texts, which are data (a JSON object). */
extern const char lesson_task[];
const char *lesson_texts(struct arena *arena, const struct lesson *lesson);

/*
 * Keeps the facts of a model's answer, as far as they are in the texts as they are now, and ends
 * the lesson. A sentence that another user had written before, where the owner may read it, is not
 * kept: the owner has pasted it. `kept_r` gets the number of new facts, `refused_r` of those that
 * the texts do not say, or that are too many.
 */
int lesson_end(struct arena *arena, struct store *store, const struct settings *settings,
	       const struct lesson *lesson, const char *answer, size_t bytes, int *kept_r,
	       int *refused_r, struct problem *why);

/*
 * Ends a lesson without an answer; its texts wait until then. `is_tried`: it counts as one of their
 * LESSON_TRIES, because the model has worked on it.
 */
int lesson_fail(struct store *store, const struct lesson *lesson, int64_t until, bool is_tried,
		struct problem *why);

/* The same without a try, for all texts of the owner: a ceiling of tokens is reached. */
int lesson_postpone(struct store *store, const struct lesson *lesson, int64_t until,
		    struct problem *why);

#endif
