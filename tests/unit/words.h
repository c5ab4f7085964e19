/* Vectors for tests and benchmarks: texts with common words are near each other. */
#ifndef TESTS_UNIT_WORDS_H
#define TESTS_UNIT_WORDS_H

#include <stddef.h>

/* Adds the vectors of the text's words, which spaces separate. Each word has random numbers of its
 * own, always the same ones. */
void words_add(const char *text, float *sums, size_t dimension);

#endif
