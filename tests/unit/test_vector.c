/* base/vector: 8-bit vectors keep their angles, and the two ways to multiply agree. */
#include <math.h>
#include <stdlib.h>

#include "base/vector.h"
#include "tests/unit/test.h"

#define VECTORS 5000
#define DIMENSION 384

static float random_number(void)
{
	return (float)(random() % 2001 - 1000) / 1000;
}

static void both_ways_to_multiply_agree_for_all_lengths_and_at_the_extremes(void **state)
{
	(void)state;
	static int8_t a[VECTOR_MOST + 1], b[VECTOR_MOST + 1];
	srandom(7);
	for (size_t length = 0; length <= VECTOR_MOST; length += length < 100 ? 1 : 333) {
		for (size_t i = 0; i <= length; i++) {
			a[i] = (int8_t)(random() % 255 - 127);
			b[i] = (int8_t)(random() % 255 - 127);
		}
		/* Also not aligned. */
		assert_int_equal(vector_dot(a, b, length), vector_dot_scalar(a, b, length));
		assert_int_equal(vector_dot(a + 1, b, length), vector_dot_scalar(a + 1, b, length));
	}
	memset(a, 127, sizeof(a));
	memset(b, -127, sizeof(b));
	assert_int_equal(vector_dot(a, b, VECTOR_MOST), -127 * 127 * VECTOR_MOST);
}

static void one_vector_is_multiplied_with_many_as_with_each(void **state)
{
	(void)state;
	static int8_t one[DIMENSION], many[7 * (DIMENSION + 40)];
	srandom(6);
	for (size_t i = 0; i < sizeof(one); i++)
		one[i] = (int8_t)(random() % 255 - 127);
	for (size_t i = 0; i < sizeof(many); i++)
		many[i] = (int8_t)(random() % 255 - 127);
	for (size_t length = 0; length <= DIMENSION; length += 13)
		for (size_t count = 0; count <= 7; count++) {
			size_t stride = length + count;
			int32_t products[8] = {[7] = 4711};
			vector_dots(one, many, stride, count, length, products);
			for (size_t i = 0; i < count; i++)
				assert_int_equal(products[i],
						 vector_dot_scalar(one, many + i * stride, length));
			assert_int_equal(products[7], 4711);
		}
}

static void a_product_is_the_cosine_of_the_angle(void **state)
{
	(void)state;
	srandom(8);
	for (int round = 0; round < 100; round++) {
		float from[2][DIMENSION];
		double product = 0, squares[2] = {0, 0};
		int8_t to[2][DIMENSION];
		for (size_t i = 0; i < DIMENSION; i++) {
			from[0][i] = random_number();
			from[1][i] = from[0][i] + random_number() * (float)round / 20;
			product += (double)from[0][i] * (double)from[1][i];
			for (int which = 0; which < 2; which++)
				squares[which] += pow((double)from[which][i], 2);
		}
		float length = vector_quantise(from[0], DIMENSION, to[0]);
		float scale = length * vector_quantise(from[1], DIMENSION, to[1]);
		assert_true(fabs(vector_dot(to[0], to[0], DIMENSION) * pow((double)length, 2) - 1) <
			    1e-5);
		double cosine = (double)((float)vector_dot(to[0], to[1], DIMENSION) * scale);
		assert_true(fabs(cosine - product / sqrt(squares[0] * squares[1])) < 0.01);
	}
}

static void a_vector_without_a_direction_is_refused(void **state)
{
	(void)state;
	const float wrong[][2] = {{0, 0}, {NAN, 1}, {1, INFINITY}, {-INFINITY, INFINITY}};
	const float huge[2] = {3e38f, -3e38f}, tiny[2] = {1e-40f, 0};
	int8_t to[2];
	for (size_t i = 0; i < 4; i++)
		assert_true(vector_quantise(wrong[i], 2, to) == 0);
	assert_true(vector_quantise(huge, 2, to) > 0);
	assert_int_equal(to[1], -127);
	assert_true(vector_quantise(tiny, 2, to) > 0);
	assert_int_equal(to[0], 127);
}

static int compare(const void *a, const void *b)
{
	const struct vector_hit *x = a, *y = b;
	if (x->score != y->score)
		return x->score > y->score ? -1 : 1;
	return x->id > y->id ? -1 : 1;
}

static void hits_are_taken_in_the_order_of_a_sort(void **state)
{
	(void)state;
	static struct vector_hit list[VECTORS], sorted[VECTORS];
	srandom(9);
	for (size_t count = 0; count <= VECTORS; count += count < 20 ? 1 : 827) {
		struct vector_hits hits = {list, count, 0};
		/* Few different scores, so that ids decide, or hardly two equal ones. */
		long scores = count % 2 ? 20 : 1000000;
		for (size_t i = 0; i < count; i++)
			list[i] = sorted[i] = (struct vector_hit){(int64_t)(i * 7 % VECTORS),
								  (float)(random() % scores)};
		qsort(sorted, count, sizeof(*sorted), compare);
		for (size_t i = 0; i < count; i++)
			assert_int_equal(vector_hits_pop(&hits).id, sorted[i].id);
		assert_int_equal(hits.count, 0);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(both_ways_to_multiply_agree_for_all_lengths_and_at_the_extremes),
		cmocka_unit_test(one_vector_is_multiplied_with_many_as_with_each),
		cmocka_unit_test(a_product_is_the_cosine_of_the_angle),
		cmocka_unit_test(a_vector_without_a_direction_is_refused),
		cmocka_unit_test(hits_are_taken_in_the_order_of_a_sort),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
