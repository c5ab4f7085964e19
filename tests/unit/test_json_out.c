/* base/json_out: written JSON is read back with the same values. */
#include <float.h>
#include <math.h>
#include <stdlib.h>

#include <jansson.h>

#include "base/json_out.h"
#include "tests/unit/test.h"

static const char *real_text(double number)
{
	static struct buf buf;
	buf_clear(&buf);
	jw_real(&buf, number);
	return buf_text(&buf);
}

static void reals_are_written_in_their_shortest_form(void **state)
{
	(void)state;
	assert_string_equal(real_text(0.0), "0.0");
	assert_string_equal(real_text(-0.0), "-0.0");
	assert_string_equal(real_text(0.1), "0.1");
	assert_string_equal(real_text(1), "1.0");
	assert_string_equal(real_text(-2.5), "-2.5");
	assert_string_equal(real_text(0.30000000000000004), "0.30000000000000004");
	assert_string_equal(real_text(1.05), "1.05");
	assert_string_equal(real_text(100.001), "100.001");
	assert_string_equal(real_text(1e-9), "0.000000001");
	assert_string_equal(real_text(1e300), "1e+300");
	assert_string_equal(real_text(123456789.25), "123456789.25");
}

static void nan_and_infinity_are_written_as_null(void **state)
{
	(void)state;
	assert_string_equal(real_text((double)NAN), "null");
	assert_string_equal(real_text((double)INFINITY), "null");
	assert_string_equal(real_text(-(double)INFINITY), "null");
}

static void every_real_is_read_back_unchanged(void **state)
{
	(void)state;
	const double hard[] = {
		5e-324, DBL_MIN,       DBL_MAX, 1.0 / 3, 2.0 / 3, 9007199254740993.0, 1e15, 1e16,
		1e21,   123456.789012, 0.7 * 3, 4.35,    1e-7,    0.1 + 0.7};
	for (size_t i = 0; i < sizeof(hard) / sizeof(*hard); i++) {
		double back = strtod(real_text(hard[i]), NULL);
		assert_memory_equal(&back, &hard[i], sizeof(back));
	}
	uint64_t random = 88172645463325252u;
	for (int i = 0; i < 200000; i++) {
		random ^= random << 13, random ^= random >> 7, random ^= random << 17;
		double number, back;
		if (i % 2)
			memcpy(&number, &random, sizeof(number));
		else
			number = (double)(int64_t)random / 1e12;
		if (!isfinite(number))
			continue;
		back = strtod(real_text(number), NULL);
		assert_memory_equal(&back, &number, sizeof(back));
	}
}

static void texts_are_escaped(void **state)
{
	(void)state;
	struct buf buf = {0};
	jw_text(&buf, "a\"b\\c\n\r\t\b\f\x01\x7f/é😀");
	assert_string_equal(buf.data, "\"a\\\"b\\\\c\\n\\r\\t\\b\\f\\u0001\\u007f/é😀\"");
	buf_clear(&buf);
	jw_text_n(&buf, "a\0b", 3);
	assert_string_equal(buf.data, "\"a\\u0000b\"");
	buf_clear(&buf);
	jw_text(&buf, NULL);
	assert_string_equal(buf.data, "null");
	buf_free(&buf);
}

/* The last written byte decides about a comma, so texts end with misleading bytes here. */
static void commas_are_written_automatically(void **state)
{
	(void)state;
	struct buf b = {0};
	jw_open(&b, '[');
	jw_text(&b, "ends with ["), jw_text(&b, ","), jw_text(&b, ":"), jw_text(&b, "{");
	jw_open(&b, '{');
	jw_kv_int(&b, "min", INT64_MIN), jw_kv_int(&b, "max", INT64_MAX);
	jw_kv_bool(&b, "yes", true), jw_kv_text(&b, "none", NULL);
	jw_key(&b, "list"), jw_open(&b, '['), jw_close(&b, ']');
	jw_key(&b, "object"), jw_open(&b, '{'), jw_close(&b, '}');
	jw_close(&b, '}');
	jw_time(&b, 1769860800000001);
	jw_close(&b, ']');
	assert_string_equal(b.data, "[\"ends with [\",\",\",\":\",\"{\","
				    "{\"min\":-9223372036854775808,\"max\":9223372036854775807,"
				    "\"yes\":true,\"none\":null,\"list\":[],\"object\":{}},"
				    "\"2026-01-31T12:00:00.000001Z\"]");
	json_t *parsed = json_loads(b.data, 0, NULL);
	assert_non_null(parsed);
	json_decref(parsed);
	buf_free(&b);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(reals_are_written_in_their_shortest_form),
		cmocka_unit_test(nan_and_infinity_are_written_as_null),
		cmocka_unit_test(every_real_is_read_back_unchanged),
		cmocka_unit_test(texts_are_escaped),
		cmocka_unit_test(commas_are_written_automatically),
	};
	return cmocka_run_group_tests_name("json_out", tests, NULL, NULL);
}
