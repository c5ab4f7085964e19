/* base/config: the sources of a setting, and errors that name the wrong line. */
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/config.h"
#include "tests/unit/test.h"

struct sample {
	const char *name;
	int64_t size;
	int mood;
};
static const char *const moods[] = {"calm", "wild", NULL};
#define ROW(member, kind, value, ...)                                                              \
	{                                                                                          \
		.key = #member, .type = (kind), .at = offsetof(struct sample, member),             \
		.default_value = (value), .help = "A " #member ".", __VA_ARGS__                    \
	}
static const struct option rows[] = {
	ROW(name, OPTION_TEXT, "nobody", .is_well_known = true),
	ROW(size, OPTION_INT, "5", .min = 1, .max = 10),
	ROW(mood, OPTION_CHOICE, "calm", .choices = moods),
};

static struct arena *arena;
static const char *path;

static int config_setup(void **state)
{
	(void)state;
	arena = arena_new();
	path = scratch(arena, "x.conf");
	return 0;
}

static int config_teardown(void **state)
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

static struct sample load_sample(const char *file)
{
	struct sample sample = {0};
	MUST(config_load(rows, 3, file, &sample, &why));
	return sample;
}

/* The error in a file with that text, after the path of the file. */
static const char *error_in(const char *text)
{
	struct sample sample;
	struct problem why = {0};
	write_file(text);
	assert_int_equal(config_load(rows, 3, path, &sample, &why), -1);
	assert_int_equal(why.code, PROBLEM_CONFIG);
	assert_memory_equal(why.detail, path, strlen(path));
	return arena_strdup(arena, why.detail + strlen(path));
}

static void without_a_file_every_option_has_its_default(void **state)
{
	(void)state;
	struct sample sample = load_sample(NULL);
	assert_string_equal(sample.name, "nobody");
	assert_int_equal(sample.size, 5);
	assert_int_equal(sample.mood, 0);
}

static void a_file_overrides_defaults_and_the_environment_overrides_the_file(void **state)
{
	(void)state;
	write_file("# a comment\n\n  name =  Ada L. = great \r\nsize=7\nmood = wild");
	struct sample sample = load_sample(path);
	assert_string_equal(sample.name, "Ada L. = great");
	assert_int_equal(sample.size, 7);
	assert_int_equal(sample.mood, 1);
	setenv("AEON_SIZE", "9", 1);
	assert_int_equal(load_sample(path).size, 9);
}

static void a_value_may_be_in_a_separate_file(void **state)
{
	(void)state;
	write_file("  secret \n");
	char value[300];
	snprintf(value, sizeof(value), "@%s", path);
	setenv("AEON_NAME", value, 1);
	assert_string_equal(load_sample(NULL).name, "secret");
}

static void a_well_known_variable_counts_and_the_realms_own_overrides_it(void **state)
{
	(void)state;
	setenv("NAME", "everybody", 1);
	assert_string_equal(load_sample(NULL).name, "everybody");
	setenv("AEON_NAME", "Ada", 1);
	assert_string_equal(load_sample(NULL).name, "Ada");
	unsetenv("NAME");
	setenv("SIZE", "9", 1); /* this row is not well known */
	assert_int_equal(load_sample(NULL).size, 5);
	unsetenv("SIZE");
}

static const char *error_of_value_file(const char *file)
{
	struct sample sample;
	struct problem why = {0};
	setenv("AEON_NAME", arena_printf(arena, "@%s", file), 1);
	assert_int_equal(config_load(rows, 3, NULL, &sample, &why), -1);
	return arena_strdup(arena, why.detail);
}

static void a_value_is_never_cut_and_comes_from_nothing_but_a_file(void **state)
{
	(void)state;
	char line[5001];
	memset(line, 'x', sizeof(line) - 1);
	line[sizeof(line) - 1] = '\0';
	write_file(line);
	assert_non_null(strstr(error_of_value_file(path), "has a line that is too long"));
	assert_int_equal(unlink(path), 0);
	assert_int_equal(mkfifo(path, 0600), 0); /* to open it would wait for ever */
	assert_non_null(strstr(error_of_value_file(path), "cannot read"));
	assert_int_equal(unlink(path), 0);
	assert_non_null(strstr(error_of_value_file("/"), "cannot read"));
}

static void an_error_names_the_wrong_line(void **state)
{
	(void)state;
	assert_string_equal(error_in("\n# x\nsise = 3\n"), ":3: unknown key \"sise\"");
	assert_string_equal(error_in("size 3\n"), ":1: expected \"key = value\"");
	assert_string_equal(error_in("size = 3\nsize = 11\n"),
			    ":2: size must be a whole number from 1 to 10, not \"11\"");
	assert_string_equal(error_in("size = 3x\n"),
			    ":1: size must be a whole number from 1 to 10, not \"3x\"");
	assert_string_equal(error_in("size =\n"),
			    ":1: size must be a whole number from 1 to 10, not \"\"");
	assert_string_equal(error_in("mood = angry\n"),
			    ":1: mood must be one of calm, wild, not \"angry\"");
}

static void an_error_names_the_wrong_environment_variable(void **state)
{
	(void)state;
	struct sample sample;
	struct problem why = {0};
	setenv("AEON_SIZE", "many", 1);
	assert_int_equal(config_load(rows, 3, NULL, &sample, &why), -1);
	assert_string_equal(why.detail, "environment AEON_SIZE: size must be a whole number "
					"from 1 to 10, not \"many\"");
}

static void a_missing_file_is_an_error(void **state)
{
	(void)state;
	struct sample sample;
	REFUSED(CONFIG, config_load(rows, 3, "/nonexistent/x.conf", &sample, &why));
	setenv("AEON_NAME", "@/nonexistent/secret", 1);
	REFUSED(CONFIG, config_load(rows, 3, NULL, &sample, &why));
}

static void the_printed_options_can_be_read_back(void **state)
{
	(void)state;
	struct buf *out = buf_in(arena);
	config_print(rows, 3, out);
	for (char *at = out->data; *at; at++)
		if (*at == '#' && at[1] != ' ')
			*at = ' ';
	write_file(out->data);
	assert_int_equal(load_sample(path).size, 5);
}

static void one_option_can_be_set_and_written(void **state)
{
	(void)state;
	struct sample sample = load_sample(NULL);
	struct buf *text = buf_in(arena);
	MUST(config_set(config_find(rows, 3, "size"), "9", "", &sample, &why));
	MUST(config_set(config_find(rows, 3, "mood"), "wild", "", &sample, &why));
	config_put(text, &rows[1], &sample);
	config_put(text, &rows[2], &sample);
	assert_string_equal(buf_text(text), "9wild");
	struct problem why = {0};
	assert_int_equal(config_set(&rows[1], "11", "here: ", &sample, &why), -1);
	assert_string_equal(why.detail,
			    "here: size must be a whole number from 1 to 10, not \"11\"");
	assert_int_equal(sample.size, 9);
	assert_null(config_find(rows, 3, "none"));
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, config_setup, config_teardown)
	const struct CMUnitTest tests[] = {
		TEST(without_a_file_every_option_has_its_default),
		TEST(a_file_overrides_defaults_and_the_environment_overrides_the_file),
		TEST(a_value_may_be_in_a_separate_file),
		TEST(a_well_known_variable_counts_and_the_realms_own_overrides_it),
		TEST(a_value_is_never_cut_and_comes_from_nothing_but_a_file),
		TEST(an_error_names_the_wrong_line),
		TEST(an_error_names_the_wrong_environment_variable),
		TEST(a_missing_file_is_an_error),
		TEST(the_printed_options_can_be_read_back),
		TEST(one_option_can_be_set_and_written),
	};
	return cmocka_run_group_tests_name("config", tests, NULL, NULL);
}
