/* base/utf8, base/uuid and base/clock. */
#include "base/clock.h"
#include "base/utf8.h"
#include "base/uuid.h"
#include "tests/unit/test.h"

#define COUNT_OF(literal) utf8_count(literal, sizeof(literal) - 1)

static void valid_utf8_is_counted_in_code_points(void **state)
{
	(void)state;
	assert_int_equal(COUNT_OF(""), 0);
	assert_int_equal(COUNT_OF("abc"), 3);
	assert_int_equal(COUNT_OF("é"), 1);
	assert_int_equal(COUNT_OF("日本"), 2);
	assert_int_equal(COUNT_OF("\xf0\x90\x80\x80"), 1);         /* U+10000 */
	assert_int_equal(COUNT_OF("\xf4\x8f\xbf\xbf"), 1);         /* U+10FFFF */
	assert_int_equal(COUNT_OF("\xed\x9f\xbf\xee\x80\x80"), 2); /* around the surrogates */
}

static void invalid_utf8_is_rejected(void **state)
{
	(void)state;
	assert_int_equal(COUNT_OF("a\0b"), -1);
	assert_int_equal(COUNT_OF("\x80"), -1);
	assert_int_equal(COUNT_OF("\xc0\x80"), -1);         /* overlong NUL */
	assert_int_equal(COUNT_OF("\xc1\xbf"), -1);         /* overlong */
	assert_int_equal(COUNT_OF("\xe0\x9f\xbf"), -1);     /* overlong */
	assert_int_equal(COUNT_OF("\xf0\x8f\xbf\xbf"), -1); /* overlong */
	assert_int_equal(COUNT_OF("\xed\xa0\x80"), -1);     /* a surrogate */
	assert_int_equal(COUNT_OF("\xf4\x90\x80\x80"), -1); /* above U+10FFFF */
	assert_int_equal(COUNT_OF("\xff"), -1);
	assert_int_equal(COUNT_OF("\xe2\x82"), -1); /* cut off */
	assert_int_equal(COUNT_OF("\xe2\x82x"), -1);
	assert_int_equal(COUNT_OF("\xf0\x9f\x98"), -1);
}

static void a_prefix_never_cuts_a_code_point(void **state)
{
	(void)state;
	assert_int_equal(utf8_prefix("aé😀b", 8, 0), 0);
	assert_int_equal(utf8_prefix("aé😀b", 8, 2), 3);
	assert_int_equal(utf8_prefix("aé😀b", 8, 3), 7);
	assert_int_equal(utf8_prefix("aé😀b", 8, 99), 8);
}

static void folding_trims_and_converts_to_lower_case(void **state)
{
	(void)state;
	struct arena *arena = arena_new();
	assert_string_equal(utf8_fold(arena, "  Hello  World \t"), "hello  world");
	assert_string_equal(utf8_fold(arena, "ÀÉÎ ÑÖ"), "àéî ñö");
	assert_string_equal(utf8_fold(arena, "ΑΘΗΝΑ МОСКВА"), "αθηνα москва");
	assert_string_equal(utf8_fold(arena, "\u2003日本\u3000"), "日本"); /* wide spaces */
	assert_string_equal(utf8_fold(arena, " \n "), "");
	assert_string_equal(utf8_fold(arena, ""), "");
	/* Ⱥ has a lower-case letter that is longer in UTF-8. */
	assert_string_equal(utf8_fold(arena, "ȺȺȺȺ"), "ⱥⱥⱥⱥ");
	arena_free(&arena);
}

static void a_text_that_ends_inside_a_code_point_is_cut(void **state)
{
	(void)state;
	static const char letters[] = "aé€😀";
	static const bool cut[] = {0, 0, 1, 0, 1, 1, 0, 1, 1, 1, 0};
	for (size_t bytes = 0; bytes < sizeof(letters); bytes++)
		assert_int_equal(utf8_is_cut(letters, bytes), cut[bytes]);
}

static void uuids_are_of_version_7_and_sort_by_time(void **state)
{
	(void)state;
	char last[UUID_TEXT] = "", now[UUID_TEXT];
	for (int i = 0; i < 200; i++) {
		uuid_make(now);
		assert_int_equal(strlen(now), 36);
		assert_int_equal(strspn(now, "0123456789abcdef-"), 36);
		assert_true(now[8] == '-' && now[13] == '-' && now[18] == '-' && now[23] == '-');
		assert_int_equal(now[14], '7');
		assert_non_null(strchr("89ab", now[19]));
		/* The first 60 bits are the time, to a microsecond. */
		assert_true(strncmp(last, now, 18) <= 0);
		assert_true(strcmp(last, now) != 0);
		memcpy(last, now, sizeof(last));
	}
}

static void times_are_written_as_rfc_3339(void **state)
{
	(void)state;
	char text[CLOCK_TEXT];
	clock_text(0, text);
	assert_string_equal(text, "1970-01-01T00:00:00.000000Z");
	clock_text(-1, text);
	assert_string_equal(text, "1969-12-31T23:59:59.999999Z");
	clock_text(INT64_C(1709210096789012), text);
	assert_string_equal(text, "2024-02-29T12:34:56.789012Z");
	clock_text(INT64_C(253402300799999999), text);
	assert_string_equal(text, "9999-12-31T23:59:59.999999Z");
}

static void the_monotonic_clock_never_goes_back(void **state)
{
	(void)state;
	int64_t last = clock_monotonic();
	for (int i = 0; i < 10000; i++) {
		int64_t now = clock_monotonic();
		assert_true(now >= last);
		last = now;
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(valid_utf8_is_counted_in_code_points),
		cmocka_unit_test(invalid_utf8_is_rejected),
		cmocka_unit_test(a_text_that_ends_inside_a_code_point_is_cut),
		cmocka_unit_test(a_prefix_never_cuts_a_code_point),
		cmocka_unit_test(folding_trims_and_converts_to_lower_case),
		cmocka_unit_test(uuids_are_of_version_7_and_sort_by_time),
		cmocka_unit_test(times_are_written_as_rfc_3339),
		cmocka_unit_test(the_monotonic_clock_never_goes_back),
	};
	return cmocka_run_group_tests_name("text", tests, NULL, NULL);
}
