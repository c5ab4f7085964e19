/* Vectors of embeddings: see vector.h. */
#include "base/vector.h"

#include <math.h>
#include <stdbool.h>
#include <stdlib.h>

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
__attribute__((target("avx2"))) static int32_t dot_avx2(const int8_t *a, const int8_t *b,
							size_t dimension)
{
	__m256i sums = _mm256_setzero_si256();
	size_t i = 0;
	for (; i + 16 <= dimension; i += 16) {
		__m256i x = _mm256_cvtepi8_epi16(_mm_loadu_si128((const __m128i *)(a + i)));
		__m256i y = _mm256_cvtepi8_epi16(_mm_loadu_si128((const __m128i *)(b + i)));
		sums = _mm256_add_epi32(sums, _mm256_madd_epi16(x, y));
	}
	int32_t lanes[8], sum = vector_dot_scalar(a + i, b + i, dimension - i);
	_mm256_storeu_si256((__m256i *)lanes, sums);
	for (size_t lane = 0; lane < 8; lane++)
		sum += lanes[lane];
	return sum;
}
#endif

int32_t vector_dot(const int8_t *a, const int8_t *b, size_t dimension)
{
#ifdef __x86_64__
	if (__builtin_cpu_supports("avx2"))
		return dot_avx2(a, b, dimension);
#endif
	return vector_dot_scalar(a, b, dimension);
}

static bool is_better(const struct vector_hit *a, const struct vector_hit *b)
{
	return a->score > b->score || (a->score == b->score && a->id < b->id);
}

static void swap_hits(struct vector_hit *a, struct vector_hit *b)
{
	struct vector_hit hit = *a;
	*a = *b;
	*b = hit;
}

/* The hits are a heap: each is worse than its two children, and the first is the worst. */
static void heap_raise(struct vector_top *top, size_t at)
{
	for (; at > 0 && is_better(&top->hits[(at - 1) / 2], &top->hits[at]); at = (at - 1) / 2)
		swap_hits(&top->hits[(at - 1) / 2], &top->hits[at]);
}

static void heap_lower(struct vector_top *top)
{
	for (size_t at = 0, child; (child = 2 * at + 1) < top->count; at = child) {
		if (child + 1 < top->count && is_better(&top->hits[child], &top->hits[child + 1]))
			child++;
		if (!is_better(&top->hits[at], &top->hits[child]))
			return;
		swap_hits(&top->hits[at], &top->hits[child]);
	}
}

void vector_top_add(struct vector_top *top, int64_t id, float score)
{
	const struct vector_hit hit = {id, score};
	if (top->count < top->most) {
		top->hits[top->count] = hit;
		heap_raise(top, top->count++);
	} else if (top->most && is_better(&hit, &top->hits[0])) {
		top->hits[0] = hit;
		heap_lower(top);
	}
}

static int compare_hits(const void *a, const void *b)
{
	return is_better(a, b) ? -1 : 1;
}

void vector_top_sort(struct vector_top *top)
{
	qsort(top->hits, top->count, sizeof(*top->hits), compare_hits);
}

void vector_scan(const struct vector_block *block, const int8_t *query, float scale,
		 struct vector_top *top)
{
	for (size_t i = 0; i < block->count; i++) {
		const int8_t *vector = block->vectors + i * block->dimension;
		float product = (float)vector_dot(query, vector, block->dimension);
		vector_top_add(top, block->ids[i], product * scale * block->scales[i]);
	}
}
