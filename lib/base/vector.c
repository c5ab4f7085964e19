/* Vectors of embeddings: see vector.h. */
#include "base/vector.h"

#include <math.h>
#include <stdbool.h>

#ifdef __x86_64__
#include <immintrin.h>
#endif

int32_t vector_dot_scalar(const int8_t *a, const int8_t *b, size_t dimension)
{
	int32_t sum = 0;
	for (size_t i = 0; i < dimension; i++)
		sum += (int32_t)a[i] * (int32_t)b[i];
	return sum;
}

float vector_quantise(const float *from, size_t dimension, int8_t *to)
{
	float largest = 0;
	for (size_t i = 0; i < dimension; i++) {
		if (!isfinite(from[i]))
			return 0;
		largest = fmaxf(largest, fabsf(from[i]));
	}
	if (!(largest > 0))
		return 0;
	for (size_t i = 0; i < dimension; i++)
		to[i] = (int8_t)lrint((double)from[i] / (double)largest * 127);
	return (float)(1 / sqrt(vector_dot_scalar(to, to, dimension)));
}

#ifdef __x86_64__
__attribute__((target("avx2"))) static int32_t lanes_sum(__m256i lanes)
{
	__m128i four =
		_mm_add_epi32(_mm256_castsi256_si128(lanes), _mm256_extracti128_si256(lanes, 1));
	__m128i two = _mm_add_epi32(four, _mm_shuffle_epi32(four, _MM_SHUFFLE(1, 0, 3, 2)));
	return _mm_cvtsi128_si32(_mm_add_epi32(two, _mm_shuffle_epi32(two, 1)));
}

__attribute__((target("avx2"))) static int32_t dot_avx2(const int8_t *a, const int8_t *b,
							size_t dimension)
{
	const __m256i ones = _mm256_set1_epi16(1);
	__m256i sums = _mm256_setzero_si256();
	size_t i = 0;
	for (; i + 32 <= dimension; i += 32) {
		__m256i x = _mm256_loadu_si256((const __m256i *)(const void *)(a + i));
		__m256i y = _mm256_loadu_si256((const __m256i *)(const void *)(b + i));
		/* |x| times y with the sign of x; two products are at most 2 * 127 * 127. */
		__m256i pairs = _mm256_maddubs_epi16(_mm256_abs_epi8(x), _mm256_sign_epi8(y, x));
		sums = _mm256_add_epi32(sums, _mm256_madd_epi16(pairs, ones));
	}
	int32_t sum = lanes_sum(sums);
	for (; i < dimension; i++)
		sum += a[i] * b[i];
	return sum;
}

__attribute__((target("avx2"))) static void dots_avx2(const int8_t *one, const int8_t *many,
						      size_t stride, size_t count, size_t dimension,
						      int32_t *products)
{
	for (size_t i = 0; i < count; i++)
		products[i] = dot_avx2(one, many + i * stride, dimension);
}
#endif

void vector_dots(const int8_t *one, const int8_t *many, size_t stride, size_t count,
		 size_t dimension, int32_t *products)
{
#ifdef __x86_64__
	if (__builtin_cpu_supports("avx2")) {
		dots_avx2(one, many, stride, count, dimension, products);
		return;
	}
#endif
	for (size_t i = 0; i < count; i++)
		products[i] = vector_dot_scalar(one, many + i * stride, dimension);
}

int32_t vector_dot(const int8_t *a, const int8_t *b, size_t dimension)
{
	int32_t product;
	vector_dots(a, b, 0, 1, dimension, &product);
	return product;
}

#define SAMPLE 256 /* hits from which a bound for the best is taken */
#define MANY 2048  /* with more hits, only the best become a heap */

static bool is_better(const struct vector_hit *a, const struct vector_hit *b)
{
	return a->score > b->score || (a->score == b->score && a->id > b->id);
}

/* Lowers the hit until it is no worse than its two children. */
static void heap_lower(struct vector_hit *hits, size_t count, size_t at)
{
	for (size_t child; (child = 2 * at + 1) < count; at = child) {
		if (child + 1 < count && is_better(&hits[child + 1], &hits[child]))
			child++;
		if (!is_better(&hits[child], &hits[at]))
			return;
		struct vector_hit hit = hits[at];
		hits[at] = hits[child];
		hits[child] = hit;
	}
}

/* A hit that is worse than about a thirtieth of them. */
static struct vector_hit pivot_of(const struct vector_hits *hits)
{
	struct vector_hit sample[SAMPLE];
	for (size_t i = 0; i < SAMPLE; i++)
		sample[i] = hits->list[i * (hits->count / SAMPLE)];
	struct vector_hits sampled = {sample, SAMPLE, 0};
	for (int i = 1; i < SAMPLE / 32; i++)
		vector_hits_pop(&sampled);
	return vector_hits_pop(&sampled);
}

/* Moves the best hits to the beginning and makes them a heap: all, or a part of very many. */
static void bring_best(struct vector_hits *hits)
{
	struct vector_hit *list = hits->list;
	hits->heaped = hits->count;
	if (hits->count > MANY) {
		struct vector_hit pivot = pivot_of(hits);
		hits->heaped = 0;
		for (size_t i = 0; i < hits->count; i++) {
			if (is_better(&pivot, &list[i]))
				continue;
			struct vector_hit hit = list[i];
			list[i] = list[hits->heaped];
			list[hits->heaped++] = hit;
		}
	}
	for (size_t at = hits->heaped / 2; at-- > 0;)
		heap_lower(list, hits->heaped, at);
}

struct vector_hit vector_hits_pop(struct vector_hits *hits)
{
	struct vector_hit *list = hits->list;
	if (hits->heaped == 0)
		bring_best(hits);
	struct vector_hit best = list[0];
	list[0] = list[--hits->heaped];
	list[hits->heaped] = list[--hits->count];
	heap_lower(list, hits->heaped, 0);
	return best;
}
