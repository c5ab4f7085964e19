/*
 * Vectors of embeddings: 8-bit numbers with a scale, their products, and the best of many.
 *
 * A vector has length 1. Its numbers are the 8-bit ones times its scale, so a product of two
 * vectors, which is the cosine of their angle, is vector_dot() times both scales.
 */
#ifndef BASE_VECTOR_H
#define BASE_VECTOR_H

#include <stddef.h>
#include <stdint.h>

#define VECTOR_MOST 4096 /* numbers of a vector; 4096 products of 127 × 127 fit into 32 bits */

/*
 * Writes the direction of a vector in 8 bits. Returns the scale with which it has the length 1, or
 * 0 when it has no direction: it is zero, or a number is not finite.
 */
float vector_quantise(const float *from, size_t dimension, int8_t *to);

/* The sum of all products; from -127 to 127 each. With AVX2 where the processor has it. */
int32_t vector_dot(const int8_t *a, const int8_t *b, size_t dimension);

/* The same without AVX2, to be compared. */
int32_t vector_dot_scalar(const int8_t *a, const int8_t *b, size_t dimension);

/* The products of one vector with each of `count`, which begin `stride` bytes after each other. */
void vector_dots(const int8_t *one, const int8_t *many, size_t stride, size_t count,
		 size_t dimension, int32_t *products);

struct vector_hit {
	int64_t id;
	float score;
};

/* Hits in memory of the caller, in any order. vector_hits_pop() takes the best ones, one by one: to
 * take a few of very many is cheaper than to sort all. */
struct vector_hits {
	struct vector_hit *list;
	size_t count;
	size_t heaped; /* so many at the beginning are a heap, and better than the others; 0 at
			  first */
};

/* Takes the hit with the highest score; of equal ones, that with the highest id. There must be a
 * hit. */
struct vector_hit vector_hits_pop(struct vector_hits *hits);

#endif
