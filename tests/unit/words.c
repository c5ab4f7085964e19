/* Vectors of words: see words.h. */
#include "tests/unit/words.h"

#include <stdint.h>
#include <string.h>

/* By FNV-1a and a linear congruence. */
void words_add(const char *text, float *sums, size_t dimension)
{
	while (*text) {
		uint32_t word = 2166136261u;
		for (; *text && *text != ' '; text++)
			word = (word ^ (unsigned char)*text) * 16777619u;
		for (size_t i = 0; i < dimension; i++) {
			word = word * 1664525u + 1013904223u;
			sums[i] += (float)(word >> 16 & 255) - 127.5f;
		}
		text += strspn(text, " ");
	}
}
