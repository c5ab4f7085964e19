/*
 * base/fields and base/json_in: every fault in the words that existing clients parse, compared to
 * the letter.
 */
#include "base/fields.h"
#include "base/json_in.h"
#include "tests/unit/test.h"

struct sample {
	const char *name, *kind, *code, *mail, *secret, *data;
	int64_t count;
	double share;
	bool flag;
	int maybe;
	struct texts tags;
};
static const char *const kinds[] = {"text", "memory", "learning", NULL};
static const struct field rows[] = {
	FIELD(struct sample, name, TEXT, .required = true, .min = 1, .max = 5),
	FIELD(struct sample, kind, CHOICE, .choices = kinds, .default_value = "text"),
	FIELD(struct sample, code, TEXT, .pattern = "^[a-z_]+$"),
	FIELD(struct sample, mail, TEXT, .pattern = "@",
	      .wrong = "value is not a valid email address"),
	FIELD(struct sample, secret, TEXT, .secret = true, .min = 8),
	FIELD(struct sample, data, OBJECT, .max = 20),
	FIELD(struct sample, count, INT, .min = 2, .max = 10, .default_value = "5"),
	FIELD(struct sample, share, REAL, .min = 0, .max = 1, .default_value = "1.0"),
	FIELD(struct sample, flag, BOOL, .default_value = "true"),
	FIELD(struct sample, maybe, TRISTATE),
	FIELD(struct sample, tags, TEXTS, .max = 3, .item_max = 4),
};
static const struct fields sample_fields = FIELDS(struct sample, rows);

/* Without a secret, so that what is missing is echoed with the whole. */
struct plain {
	const char *name;
};
static const struct field plain_rows[] = {FIELD(struct plain, name, TEXT, .required = true)};
static const struct fields plain_fields = FIELDS(struct plain, plain_rows);

static struct arena *arena;
static struct sample sample;
static uint32_t given;

static int setup(void **state)
{
	(void)state;
	arena = arena_new();
	return 0;
}

static int teardown(void **state)
{
	(void)state;
	arena_free(&arena);
	return 0;
}

/* The faults as clients get them; "" when there are none. */
static const char *raised(struct buf *faults)
{
	struct problem why = {0};
	if (faults_raise(faults, &why) == 0)
		return "";
	assert_int_equal(why.code, PROBLEM_INVALID);
	json_t *check = json_loads(why.errors, 0, NULL);
	assert_true(json_is_array(check));
	json_decref(check);
	return why.errors;
}

static const char *body_n(const char *bytes, size_t count)
{
	struct buf *faults = buf_in(arena);
	json_t *json = json_in(arena, bytes, count, faults);
	if (json)
		fields_from_json(arena, &sample_fields, json, "body", &sample, &given, faults);
	return raised(faults);
}

static const char *body(const char *text)
{
	return body_n(text, strlen(text));
}

static const char *query(const char *name, const char *value)
{
	struct buf *faults = buf_in(arena);
	const struct pair pairs[] = {{"name", "n", 1}, {name, value, strlen(value)}};
	fields_from_pairs(arena, &sample_fields, pairs, 2, "query", &sample, faults);
	return raised(faults);
}

static void good_input_is_decoded(void **state)
{
	(void)state;
	assert_string_equal(body("{\"name\":\"añ😀\",\"kind\":\"memory\",\"code\":\"a_b\","
				 "\"data\":{\"k\": [1, 2]},\"count\":7,\"share\":0.25,"
				 "\"flag\":false,\"maybe\":true,\"tags\":[\"a\",\"bb\"],"
				 "\"unknown\":1}"),
			    "");
	assert_string_equal(sample.name, "añ😀");
	assert_string_equal(sample.kind, "memory");
	assert_string_equal(sample.data, "{\"k\":[1,2]}");
	assert_int_equal(sample.count, 7);
	assert_true(sample.share == 0.25);
	assert_false(sample.flag);
	assert_int_equal(sample.maybe, 1);
	assert_int_equal(sample.tags.count, 2);
	assert_string_equal(sample.tags.at[1], "bb");
	assert_null(sample.mail);
}

static void what_is_absent_or_null_gets_its_preset(void **state)
{
	(void)state;
	assert_string_equal(body("{\"name\":\"n\",\"count\":null,\"code\":null}"), "");
	assert_string_equal(sample.kind, "text");
	assert_int_equal(sample.count, 5);
	assert_true(sample.share == 1.0);
	assert_true(sample.flag);
	assert_int_equal(sample.maybe, -1);
	assert_int_equal(sample.tags.count, 0);
	assert_null(sample.code);
	assert_int_equal(given, 1u << 0 | 1u << 2);
}

static void a_whole_real_is_an_integer(void **state)
{
	(void)state;
	assert_string_equal(body("{\"name\":\"n\",\"count\":7.0}"), "");
	assert_int_equal(sample.count, 7);
}

/* One fault of one value: what Pydantic v2 says. */
static const struct {
	const char *member, *faults;
} wrong[] = {
	{"\"code\":3", "[{\"type\":\"string_type\",\"loc\":[\"body\",\"code\"],"
		       "\"msg\":\"Input should be a valid string\",\"input\":3}]"},
	{"\"name\":\"\"", "[{\"type\":\"string_too_short\",\"loc\":[\"body\",\"name\"],"
			  "\"msg\":\"String should have at least 1 character\",\"input\":\"\","
			  "\"ctx\":{\"min_length\":1}}]"},
	{"\"name\":\"abcdef\"", "[{\"type\":\"string_too_long\",\"loc\":[\"body\",\"name\"],"
				"\"msg\":\"String should have at most 5 characters\","
				"\"input\":\"abcdef\",\"ctx\":{\"max_length\":5}}]"},
	{"\"code\":\"A-\"", "[{\"type\":\"string_pattern_mismatch\",\"loc\":[\"body\",\"code\"],"
			    "\"msg\":\"String should match pattern '^[a-z_]+$'\",\"input\":\"A-\","
			    "\"ctx\":{\"pattern\":\"^[a-z_]+$\"}}]"},
	{"\"mail\":\"x\"", "[{\"type\":\"value_error\",\"loc\":[\"body\",\"mail\"],"
			   "\"msg\":\"value is not a valid email address\",\"input\":\"x\"}]"},
	{"\"secret\":\"hush\"", "[{\"type\":\"string_too_short\",\"loc\":[\"body\",\"secret\"],"
				"\"msg\":\"String should have at least 8 characters\","
				"\"input\":null,\"ctx\":{\"min_length\":8}}]"},
	{"\"kind\":\"song\"",
	 "[{\"type\":\"enum\",\"loc\":[\"body\",\"kind\"],"
	 "\"msg\":\"Input should be 'text', 'memory' or 'learning'\",\"input\":\"song\","
	 "\"ctx\":{\"expected\":\"'text', 'memory' or 'learning'\"}}]"},
	{"\"count\":\"7\"", "[{\"type\":\"int_type\",\"loc\":[\"body\",\"count\"],"
			    "\"msg\":\"Input should be a valid integer\",\"input\":\"7\"}]"},
	{"\"count\":1", "[{\"type\":\"greater_than_equal\",\"loc\":[\"body\",\"count\"],"
			"\"msg\":\"Input should be greater than or equal to 2\",\"input\":1,"
			"\"ctx\":{\"ge\":2}}]"},
	{"\"count\":11", "[{\"type\":\"less_than_equal\",\"loc\":[\"body\",\"count\"],"
			 "\"msg\":\"Input should be less than or equal to 10\",\"input\":11,"
			 "\"ctx\":{\"le\":10}}]"},
	{"\"share\":\"0.5\"", "[{\"type\":\"float_type\",\"loc\":[\"body\",\"share\"],"
			      "\"msg\":\"Input should be a valid number\",\"input\":\"0.5\"}]"},
	{"\"flag\":\"true\"", "[{\"type\":\"bool_type\",\"loc\":[\"body\",\"flag\"],"
			      "\"msg\":\"Input should be a valid boolean\",\"input\":\"true\"}]"},
	{"\"tags\":{}", "[{\"type\":\"list_type\",\"loc\":[\"body\",\"tags\"],"
			"\"msg\":\"Input should be a valid list\",\"input\":{}}]"},
	{"\"tags\":[\"a\",\"b\",\"c\",\"d\"]",
	 "[{\"type\":\"too_long\",\"loc\":[\"body\",\"tags\"],"
	 "\"msg\":\"List should have at most 3 items after validation, not 4\","
	 "\"input\":[\"a\",\"b\",\"c\",\"d\"],\"ctx\":{\"max_length\":3,\"actual_length\":4}}]"},
	{"\"data\":[]", "[{\"type\":\"dict_type\",\"loc\":[\"body\",\"data\"],"
			"\"msg\":\"Input should be a valid dictionary\",\"input\":[]}]"},
};

static void every_fault_has_pydantics_words(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(wrong) / sizeof(*wrong); i++) {
		/* A repeated key: the last one counts. */
		const char *text = arena_printf(arena, "{\"name\":\"n\",%s}", wrong[i].member);
		assert_string_equal(body(text), wrong[i].faults);
	}
}

static void what_is_missing_is_told_with_what_was_there(void **state)
{
	(void)state;
	struct plain plain;
	struct buf *faults = buf_in(arena);
	json_t *json = json_in(arena, "{\"nam\":1}", 9, faults);
	fields_from_json(arena, &plain_fields, json, "body", &plain, NULL, faults);
	assert_string_equal(raised(faults), "[{\"type\":\"missing\",\"loc\":[\"body\",\"name\"],"
					    "\"msg\":\"Field required\",\"input\":{\"nam\":1}}]");
}

static void a_secret_is_never_echoed(void **state)
{
	(void)state;
	const char *faults = body("{\"secret\":\"hush hush\",\"count\":99}");
	assert_null(strstr(faults, "hush"));
	assert_non_null(strstr(faults, "\"missing\""));
	assert_null(strstr(body("{\"name\":\"n\",\"secret\":[\"hush\"]}"), "hush"));
}

static void all_faults_come_at_once(void **state)
{
	(void)state;
	const char *faults = body("{\"kind\":1,\"count\":\"x\",\"tags\":[1,\"\",\"abcde\"]}");
	json_t *list = json_loads(faults, 0, NULL);
	assert_int_equal(json_array_size(list), 6);
	json_decref(list);
}

static void echoed_input_is_bounded(void **state)
{
	(void)state;
	char *text = arena_alloc(arena, 100100);
	strcpy(text, "{\"name\":\"");
	memset(text + 9, 'x', 100000);
	strcpy(text + 100009, "\"}");
	assert_true(strlen(body(text)) < 1000);
}

static void what_is_no_json_object_is_told(void **state)
{
	(void)state;
	assert_string_equal(body("[1]"),
			    "[{\"type\":\"model_attributes_type\",\"loc\":[\"body\"],"
			    "\"msg\":\"Input should be a valid dictionary or object to extract "
			    "fields from\",\"input\":[1]}]");
	static const char *const broken[] = {
		"",
		"{",
		"{\"name\":}",
		"{\"name\":\"n\"} x",
		"nul",
		"{\"a\":01}",
		"{'a':1}",
		"{\"name\":\"\\ud800\"}",
		"{\"name\":\"\\u0000\"}",
		"{\"name\":\"\x80\"}",
		"{\"name\":\"\xed\xa0\x80\"}",
		"{\"a\":1e999}",
	};
	for (size_t i = 0; i < sizeof(broken) / sizeof(*broken); i++) {
		const char *faults = body(broken[i]);
		assert_non_null(strstr(faults, "[{\"type\":\"json_invalid\",\"loc\":[\"body\","));
		assert_non_null(strstr(faults, "\"msg\":\"JSON decode error\",\"input\":{},"
					       "\"ctx\":{\"error\":\""));
	}
	assert_non_null(strstr(body_n("{\"name\":\"a\0b\"}", 14), "json_invalid"));
}

static void depth_is_bounded(void **state)
{
	(void)state;
	char text[200] = "{\"name\":\"n\",\"x\":";
	size_t at = strlen(text);
	memset(text + at, '[', 15), memset(text + at + 15, ']', 15);
	strcpy(text + at + 30, "}");
	assert_string_equal(body(text), "");
	memset(text + at, '[', 16), memset(text + at + 16, ']', 16);
	strcpy(text + at + 32, "}");
	assert_non_null(strstr(body(text), "json_invalid"));
	char *deep = arena_alloc(arena, 200001);
	memset(deep, '[', 200000);
	assert_non_null(strstr(body(deep), "json_invalid"));
}

static void query_strings_are_coerced(void **state)
{
	(void)state;
	assert_string_equal(query("count", "7"), "");
	assert_int_equal(sample.count, 7);
	assert_string_equal(query("flag", "off"), "");
	assert_false(sample.flag);
	assert_string_equal(query("maybe", "True"), "");
	assert_int_equal(sample.maybe, 1);
	assert_string_equal(query("share", "0.5"), "");
	assert_true(sample.share == 0.5);
}

static void wrong_query_strings_are_told(void **state)
{
	(void)state;
	assert_string_equal(query("count", "seven"),
			    "[{\"type\":\"int_parsing\",\"loc\":[\"query\",\"count\"],"
			    "\"msg\":\"Input should be a valid integer, unable to parse string as "
			    "an integer\",\"input\":\"seven\"}]");
	assert_string_equal(
		query("flag", "maybe"),
		"[{\"type\":\"bool_parsing\",\"loc\":[\"query\",\"flag\"],"
		"\"msg\":\"Input should be a valid boolean, unable to interpret input\","
		"\"input\":\"maybe\"}]");
	static const char *const integers[] = {"", "1x", "99999999999999999999", "0x7", "7.5"};
	for (size_t i = 0; i < sizeof(integers) / sizeof(*integers); i++)
		assert_non_null(strstr(query("count", integers[i]), "int_parsing"));
	static const char *const reals[] = {"nan", "inf", "1e999", "x"};
	for (size_t i = 0; i < sizeof(reals) / sizeof(*reals); i++)
		assert_non_null(strstr(query("share", reals[i]), "float_parsing"));
	assert_non_null(strstr(query("code", "\xff"), "value_error"));
}

static void of_a_repeated_pair_the_last_counts(void **state)
{
	(void)state;
	struct buf *faults = buf_in(arena);
	const struct pair pairs[] = {{"name", "a", 1},
				     {"name", "b", 1},
				     {"count",
				      "3\0"
				      "9",
				      3}};
	fields_from_pairs(arena, &sample_fields, pairs, 2, "query", &sample, faults);
	assert_string_equal(sample.name, "b");
	fields_from_pairs(arena, &sample_fields, pairs, 3, "query", &sample, faults);
	assert_non_null(strstr(raised(faults), "int_parsing"));
}

static void a_rule_of_the_realm_speaks_alike(void **state)
{
	(void)state;
	struct problem why = {0};
	assert_int_equal(problem_field(arena, &why, "body", "related_user_id", "Value error, no"),
			 -1);
	assert_string_equal(why.errors,
			    "[{\"type\":\"value_error\",\"loc\":[\"body\",\"related_user_id\"],"
			    "\"msg\":\"Value error, no\",\"input\":null}]");
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)
	const struct CMUnitTest tests[] = {
		TEST(good_input_is_decoded),
		TEST(what_is_absent_or_null_gets_its_preset),
		TEST(a_whole_real_is_an_integer),
		TEST(every_fault_has_pydantics_words),
		TEST(what_is_missing_is_told_with_what_was_there),
		TEST(a_secret_is_never_echoed),
		TEST(all_faults_come_at_once),
		TEST(echoed_input_is_bounded),
		TEST(what_is_no_json_object_is_told),
		TEST(depth_is_bounded),
		TEST(query_strings_are_coerced),
		TEST(wrong_query_strings_are_told),
		TEST(of_a_repeated_pair_the_last_counts),
		TEST(a_rule_of_the_realm_speaks_alike),
	};
	return cmocka_run_group_tests_name("fields", tests, NULL, NULL);
}
