/* The sentences of a text, as far as punctuation shows them. */
#ifndef REALM_SENTENCES_H
#define REALM_SENTENCES_H

#include <stdbool.h>
#include <stddef.h>

/*
 * The bytes of the sentence at `text`, its ending included. A dot within a number ends nothing.
 * `asks_r` tells whether it is a question.
 */
size_t sentence_bytes(const char *text, bool *asks_r);

/* The bytes without white space at the end. */
size_t sentence_trimmed(const char *text, size_t bytes);

#endif
