/* base/config: a wrong line must be found by whoever wrote it. */
#include <stdio.h>
#include <stdlib.h>

#include "base/config.h"
#include "tests/unit/test.h"

struct sample {
	const char *name;
	int64_t size;
	int mood;
};
static const char *const moods[] = {"calm", "wild", NULL};
static const struct option rows[] = {
	{"name", OPTION_TEXT, offsetof(struct sample, name), "nobody", 0, 0, NULL, "A name."},
	{"size", OPTION_INT, offsetof(struct sample, size), "5", 1, 10, NULL, "A size."},
	{"mood", OPTION_CHOICE, offsetof(struct sample, mood), "calm", 0, 0, moods, "A mood."},
};

static struct arena *arena;
static const char *path;

static int setup(void **state)
{
	(void)state;
	arena = arena_new();
	path = scratch(arena, "x.conf");
	return 0;
}

static int teardown(void **state)
{
	(void)state;
	unsetenv("AEON_SIZE");
	unsetenv("AEON_NAME");
	arena_free(&arena);
	return 0;
}

static void write_file(const char *text)
{
	FILE *file = fopen(path, "we");
	assert_non_null(file);
	fputs(text, file);
	fclose(file);
}

static struct sample loaded(const char *file)
{
	struct sample sample = {0};
	MUST(config_load(rows, 3, file, &sample, &why));
	return sample;
}

/* What is said of the file, behind its path. */
static const char *complaint(const char *text)
{
	struct sample sample;
	struct problem why = {0};
	write_file(text);
	assert_int_equal(config_load(rows, 3, path, &sample, &why), -1);
	assert_int_equal(why.code, PROBLEM_CONFIG);
	assert_memory_equal(why.detail, path, strlen(path));
	return arena_strdup(arena, why.detail + strlen(path));
}

static void without_a_file_the_presets_hold(void **state)
{
	(void)state;
	struct sample sample = loaded(NULL);
	assert_string_equal(sample.name, "nobody");
	assert_int_equal(sample.size, 5);
	assert_int_equal(sample.mood, 0);
}

static void the_file_wins_over_presets_and_the_environment_over_the_file(void **state)
{
	(void)state;
	write_file("# a comment\n\n  name =  Ada L. = great \r\nsize=7\nmood = wild");
	struct sample sample = loaded(path);
	assert_string_equal(sample.name, "Ada L. = great");
	assert_int_equal(sample.size, 7);
	assert_int_equal(sample.mood, 1);
	setenv("AEON_SIZE", "9", 1);
	assert_int_equal(loaded(path).size, 9);
}

static void a_text_may_stand_in_a_file_of_its_own(void **state)
{
	(void)state;
	write_file("  secret \n");
	char value[300];
	snprintf(value, sizeof(value), "@%s", path);
	setenv("AEON_NAME", value, 1);
	assert_string_equal(loaded(NULL).name, "secret");
}

static void a_wrong_line_is_named(void **state)
{
	(void)state;
	assert_string_equal(complaint("\n# x\nsise = 3\n"), ":3: unknown key \"sise\"");
	assert_string_equal(complaint("size 3\n"), ":1: expected \"key = value\"");
	assert_string_equal(complaint("size = 3\nsize = 11\n"),
			    ":2: size must be a whole number from 1 to 10, not \"11\"");
	assert_string_equal(complaint("size = 3x\n"),
			    ":1: size must be a whole number from 1 to 10, not \"3x\"");
	assert_string_equal(complaint("size =\n"),
			    ":1: size must be a whole number from 1 to 10, not \"\"");
	assert_string_equal(complaint("mood = angry\n"),
			    ":1: mood must be one of calm, wild, not \"angry\"");
}

static void a_wrong_variable_is_named(void **state)
{
	(void)state;
	struct sample sample;
	struct problem why = {0};
	setenv("AEON_SIZE", "many", 1);
	assert_int_equal(config_load(rows, 3, NULL, &sample, &why), -1);
	assert_string_equal(why.detail, "environment AEON_SIZE: size must be a whole number "
					"from 1 to 10, not \"many\"");
}

static void a_missing_file_is_told(void **state)
{
	(void)state;
	struct sample sample;
	REFUSED(CONFIG, config_load(rows, 3, "/nonexistent/x.conf", &sample, &why));
	setenv("AEON_NAME", "@/nonexistent/secret", 1);
	REFUSED(CONFIG, config_load(rows, 3, NULL, &sample, &why));
}

static void what_is_printed_can_be_read_back(void **state)
{
	(void)state;
	struct buf *out = buf_in(arena);
	config_print(rows, 3, out);
	for (char *at = out->data; *at; at++)
		if (*at == '#' && at[1] != ' ')
			*at = ' ';
	write_file(out->data);
	assert_int_equal(loaded(path).size, 5);
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)
	const struct CMUnitTest tests[] = {
		TEST(without_a_file_the_presets_hold),
		TEST(the_file_wins_over_presets_and_the_environment_over_the_file),
		TEST(a_text_may_stand_in_a_file_of_its_own),
		TEST(a_wrong_line_is_named),
		TEST(a_wrong_variable_is_named),
		TEST(a_missing_file_is_told),
		TEST(what_is_printed_can_be_read_back),
	};
	return cmocka_run_group_tests_name("config", tests, NULL, NULL);
}
