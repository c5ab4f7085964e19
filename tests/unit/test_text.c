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

static void composed_and_decomposed_letters_become_equal(void **state)
{
	(void)state;
	struct arena *arena = arena_new();
	assert_string_equal(utf8_compose(arena, "cafe\u0301"), "caf\u00e9");
	assert_string_equal(utf8_compose(arena, "\u1109\u1165\u110b\u116e\u11af"), "서울");
	assert_string_equal(utf8_compose(arena, "\u30ab\u3099"), "ガ");
	assert_string_equal(utf8_compose(arena, "\u0438\u0306"), "й");
	static const char plain[] = "plain, caf\u00e9";
	assert_ptr_equal(utf8_compose(arena, plain), plain);
	assert_string_equal(utf8_compose(arena, "ﬁ ＡＢ"), "ﬁ ＡＢ"); /* compatibility stays */
	arena_free(&arena);
}

static void a_line_has_single_spaces_inside(void **state)
{
	(void)state;
	struct arena *arena = arena_new();
	assert_string_equal(utf8_line(arena, "  Hello \n\t World \t"), "Hello World");
	assert_string_equal(utf8_line(arena, "\u2003日本\u3000"), "日本");
	assert_string_equal(utf8_line(arena, " \u2800\xc2\x85\n "), "");
	assert_string_equal(utf8_line(arena, ""), "");
	arena_free(&arena);
}

static void look_alikes_have_one_key(void **state)
{
	(void)state;
	struct arena *arena = arena_new();
	assert_string_equal(utf8_key(arena, "  Hello  World \t"), "hello world");
	assert_string_equal(utf8_key(arena, "ÀÉÎ ÑÖ"), "àéî ñö");
	assert_string_equal(utf8_key(arena, "ΣΟΦΟΣ"), utf8_key(arena, "σοφος"));
	assert_string_equal(utf8_key(arena, "STRASSE"), utf8_key(arena, "straße"));
	assert_string_equal(utf8_key(arena, "❤\ufe0f"), "❤");
	assert_string_equal(utf8_key(arena, "ＡＢＣ"), "abc");
	assert_string_equal(utf8_key(arena, "a\u00a0\u200b\u3164"), "a");
	arena_free(&arena);
}

static void invisible_and_control_characters_are_known(void **state)
{
	(void)state;
	static const char *const invisible[] = {"",       " ",      "\u00a0", "\u200b", "\ufeff",
						"\u00ad", "\u3164", "\u2800", "\u202e", "\x07\n"};
	for (size_t i = 0; i < sizeof(invisible) / sizeof(*invisible); i++)
		assert_false(utf8_is_visible(invisible[i]));
	assert_true(utf8_is_visible("\u200bx"));
	assert_true(utf8_is_visible("\u0600")); /* a format character with a glyph */
	assert_false(utf8_has_controls("a\tb\r\nc \u200d\u200f"));
	assert_true(utf8_has_controls("a\x1b[31m"));
	assert_true(utf8_has_controls("a\u202eb"));
	assert_true(utf8_has_controls("a\u2066b"));
}

static void a_text_that_ends_inside_a_code_point_is_cut(void **state)
{
	(void)state;
	static const char letters[] = "aé€😀";
	static const bool cut[] = {0, 0, 1, 0, 1, 1, 0, 1, 1, 1, 0};
	for (size_t bytes = 0; bytes < sizeof(letters); bytes++)
		assert_int_equal(utf8_is_cut(letters, bytes), cut[bytes]);
}

static void invalid_bytes_are_found_where_they_begin(void **state)
{
	(void)state;
	static const struct {
		const char *text;
		size_t bytes, valid;
		bool begins; /* the rest may become a code point */
	} cases[] = {
		{"", 0, 0, false},
		{"a\0é", 4, 4, false},
		{"a\xff", 2, 1, false},
		{"a\x80", 2, 1, false},
		{"a\xc1", 2, 1, false},
		{"aé\xe2\x82", 5, 3, true},
		{"\xe2\x82x", 3, 0, false},
		{"\xf0\x9f\x98", 3, 0, true},
		{"\xff\xe2\x82", 3, 0, false},
		{"\xed\xa0\x80", 3, 0, false},
	};
	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		size_t valid = utf8_valid_bytes(cases[i].text, cases[i].bytes);
		assert_int_equal(valid, cases[i].valid);
		assert_int_equal(utf8_is_beginning(cases[i].text + valid, cases[i].bytes - valid),
				 cases[i].begins);
	}
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
		cmocka_unit_test(invalid_bytes_are_found_where_they_begin),
		cmocka_unit_test(a_prefix_never_cuts_a_code_point),
		cmocka_unit_test(composed_and_decomposed_letters_become_equal),
		cmocka_unit_test(a_line_has_single_spaces_inside),
		cmocka_unit_test(look_alikes_have_one_key),
		cmocka_unit_test(invisible_and_control_characters_are_known),
		cmocka_unit_test(uuids_are_of_version_7_and_sort_by_time),
		cmocka_unit_test(times_are_written_as_rfc_3339),
		cmocka_unit_test(the_monotonic_clock_never_goes_back),
	};
	return cmocka_run_group_tests_name("text", tests, NULL, NULL);
}
