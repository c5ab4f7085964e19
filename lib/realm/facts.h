/*
 * Facts: what a language model finds in texts of one user, as far as the texts say it.
 *
 * A model may be wrong, lie or obey a text, so not one of its words is kept. It answers with
 * [{fact, quote}]: the fact in its own words, and the words of the text that say so. The quote must
 * stand literally in one of the texts. What is kept is the sentence of the text around the quote,
 * because a part of a sentence may say the opposite. The model's fact only decides: all its words
 * must stand in that sentence, too (fact_is_grounded). So an invented or paraphrased fact, and a
 * quote of anything else, leave nothing.
 */
#ifndef REALM_FACTS_H
#define REALM_FACTS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/problem.h"

struct arena;
struct store;

#define FACTS_OF_TEXT 5    /* most facts of one text */
#define FACTS_IN_ANSWER 40 /* items of an answer that are looked at */
#define FACT_MOST 500      /* code points of a sentence, a quote or a model's fact */
#define FACT_LEAST 4       /* code points of a quote: a shorter one may stand anywhere */

struct fact {
	size_t text;         /* the index of the text that has the quote */
	const char *fact;    /* what the model says; never kept */
	const char *quote;   /* words of the text */
	const char *content; /* the sentence of the text around them, which is kept */
};

/*
 * Reads the answer of a model about these texts, in any wrapping: prose, a code block or an object
 * around the array. Returns how many facts have a quote in a text, at most `most`. What is not as
 * it must be is left out; `offered_r` gets how many items were looked at. Questions, quoted lines
 * ("> …") and parts of quotations are no facts.
 */
size_t facts_read(struct arena *arena, const char *const *texts, size_t count, const char *answer,
		  size_t bytes, struct fact *facts, size_t most, size_t *offered_r);

/* Whether the content is still a sentence of the text. */
bool fact_stands(struct arena *arena, const char *text, const char *content);

#endif
