/* base/arena and base/buf. */
#include <stdio.h>

#include "tests/unit/test.h"

static void arena_memory_is_zeroed_and_aligned(void **state)
{
	(void)state;
	struct arena *arena = arena_new();
	for (size_t size = 1; size < 100000; size = size * 3 + 1) {
		unsigned char *memory = arena_alloc(arena, size);
		assert_int_equal((uintptr_t)memory % _Alignof(max_align_t), 0);
		for (size_t i = 0; i < size; i++)
			assert_int_equal(memory[i], 0);
		memset(memory, 0xff, size);
	}
	arena_reset(arena);
	unsigned char *again = arena_alloc(arena, 1000);
	for (size_t i = 0; i < 1000; i++)
		assert_int_equal(again[i], 0);
	arena_free(&arena);
	assert_null(arena);
	arena_free(&arena);
}

static char order[8];

static void note_letter(void *letter)
{
	strcat(order, letter);
}

static void arena_runs_deferred_functions_once_and_newest_first(void **state)
{
	(void)state;
	struct arena *arena = arena_new();
	order[0] = '\0';
	arena_defer(arena, note_letter, "a");
	arena_defer(arena, note_letter, "b");
	arena_reset(arena);
	assert_string_equal(order, "ba");
	arena_defer(arena, note_letter, "c");
	arena_free(&arena);
	assert_string_equal(order, "bac");
}

static void arena_copies_texts(void **state)
{
	(void)state;
	struct arena *arena = arena_new();
	char source[] = "abcdef";
	char *whole = arena_strdup(arena, source), *part = arena_strndup(arena, source, 3);
	source[0] = 'X';
	assert_string_equal(whole, "abcdef");
	assert_string_equal(part, "abc");
	assert_string_equal(arena_printf(arena, "%d-%s", 7, whole), "7-abcdef");
	arena_free(&arena);
}

static void buf_grows_and_always_ends_with_nul(void **state)
{
	(void)state;
	struct buf buf = {0};
	assert_string_equal(buf_text(&buf), "");
	for (int i = 0; i < 1000; i++) {
		buf_printf(&buf, "%d,", i);
		assert_int_equal(strlen(buf.data), buf.len);
	}
	buf_add(&buf, "a\0b", 3);
	assert_int_equal(buf.data[buf.len], '\0');
	assert_memory_equal(buf.data + buf.len - 3, "a\0b", 3);
	buf_clear(&buf);
	assert_string_equal(buf_text(&buf), "");
	buf_puts(&buf, "x"), buf_putc(&buf, 'y');
	assert_string_equal(buf_text(&buf), "xy");
	buf_free(&buf);
	assert_null(buf.data);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(arena_memory_is_zeroed_and_aligned),
		cmocka_unit_test(arena_runs_deferred_functions_once_and_newest_first),
		cmocka_unit_test(arena_copies_texts),
		cmocka_unit_test(buf_grows_and_always_ends_with_nul),
	};
	return cmocka_run_group_tests_name("memory", tests, NULL, NULL);
}
