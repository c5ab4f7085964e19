/*
 * base/fields and base/json_in: decoded values, and faults with exactly the texts that existing
 * clients parse.
 */
#include "base/clock.h"
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
	int64_t until;
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
	FIELD(struct sample, until, TIME),
};
static const struct fields sample_fields = FIELDS(struct sample, rows);

/* It has no secret field, so a missing field is reported with the whole input. */
struct plain {
	const char *name;
};
static const struct field plain_rows[] = {FIELD(struct plain, name, TEXT, .required = true)};
static const struct fields plain_fields = FIELDS(struct plain, plain_rows);

/* Times from 2026-01-01 to 2027-01-01, in microseconds. */
struct bounded {
	int64_t at;
};
static const struct field bounded_rows[] = {
	FIELD(struct bounded, at, TIME, .required = true, .min = 1767225600e6, .max = 1798761600e6),
};
static const struct fields bounded_fields = FIELDS(struct bounded, bounded_rows);

static struct arena *arena;
static struct sample sample;
static uint32_t given;

static int fields_setup(void **state)
{
	(void)state;
	arena = arena_new();
	return 0;
}

static int fields_teardown(void **state)
{
	(void)state;
	arena_free(&arena);
	return 0;
}

/* The faults as clients receive them; "" when there are none. */
static const char *faults_text(struct buf *faults)
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

static const char *decode_bytes(const char *bytes, size_t count)
{
	struct buf *faults = buf_in(arena);
	json_t *json = json_in(arena, bytes, count, faults);
	if (json)
		fields_from_json(arena, &sample_fields, json, "body", &sample, &given, faults);
	return faults_text(faults);
}

static const char *decode_body(const char *text)
{
	return decode_bytes(text, strlen(text));
}

static const char *decode_query(const char *name, const char *value)
{
	struct buf *faults = buf_in(arena);
	const struct pair pairs[] = {{"name", "n", 1}, {name, value, strlen(value)}};
	fields_from_pairs(arena, &sample_fields, pairs, 2, "query", &sample, faults);
	return faults_text(faults);
}

static void good_input_is_decoded(void **state)
{
	(void)state;
	assert_string_equal(decode_body("{\"name\":\"añ😀\",\"kind\":\"memory\",\"code\":\"a_b\","
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

static void an_absent_or_null_field_gets_its_default(void **state)
{
	(void)state;
	assert_string_equal(decode_body("{\"name\":\"n\",\"count\":null,\"code\":null}"), "");
	assert_string_equal(sample.kind, "text");
	assert_int_equal(sample.count, 5);
	assert_true(sample.share == 1.0);
	assert_true(sample.flag);
	assert_int_equal(sample.maybe, -1);
	assert_int_equal(sample.tags.count, 0);
	assert_null(sample.code);
	assert_int_equal(given, 1u << 0 | 1u << 2);
}

static void a_real_without_fraction_is_an_integer(void **state)
{
	(void)state;
	assert_string_equal(decode_body("{\"name\":\"n\",\"count\":7.0}"), "");
	assert_int_equal(sample.count, 7);
}

/* A wrong value, and its fault as Pydantic v2 reports it. */
static const struct {
	const char *property, *faults;
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
			"\"msg\":\"Input should be a valid list\",\"input\":null}]"},
	{"\"tags\":[\"a\",\"b\",\"c\",\"d\"]",
	 "[{\"type\":\"too_long\",\"loc\":[\"body\",\"tags\"],"
	 "\"msg\":\"List should have at most 3 items after validation, not 4\","
	 "\"input\":null,\"ctx\":{\"max_length\":3,\"actual_length\":4}}]"},
	{"\"until\":1795636800", "[{\"type\":\"datetime_type\",\"loc\":[\"body\",\"until\"],"
				 "\"msg\":\"Input should be a valid datetime\","
				 "\"input\":1795636800}]"},
	{"\"data\":[]", "[{\"type\":\"dict_type\",\"loc\":[\"body\",\"data\"],"
			"\"msg\":\"Input should be a valid dictionary\",\"input\":null}]"},
};

static void every_fault_has_the_text_of_pydantic(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(wrong) / sizeof(*wrong); i++) {
		/* The last value of a repeated key counts. */
		const char *text = arena_printf(arena, "{\"name\":\"n\",%s}", wrong[i].property);
		assert_string_equal(decode_body(text), wrong[i].faults);
	}
}

static void a_missing_field_is_reported_with_the_whole_input(void **state)
{
	(void)state;
	struct plain plain;
	struct buf *faults = buf_in(arena);
	json_t *json = json_in(arena, "{\"nam\":1}", 9, faults);
	fields_from_json(arena, &plain_fields, json, "body", &plain, NULL, faults);
	assert_string_equal(faults_text(faults),
			    "[{\"type\":\"missing\",\"loc\":[\"body\",\"name\"],"
			    "\"msg\":\"Field required\",\"input\":{\"nam\":1}}]");
}

static void a_secret_is_never_echoed(void **state)
{
	(void)state;
	const char *faults = decode_body("{\"secret\":\"hush hush\",\"count\":99}");
	assert_null(strstr(faults, "hush"));
	assert_non_null(strstr(faults, "\"missing\""));
	assert_null(strstr(decode_body("{\"name\":\"n\",\"secret\":[\"hush\"]}"), "hush"));
}

static void all_faults_are_reported_together(void **state)
{
	(void)state;
	const char *faults =
		decode_body("{\"kind\":1,\"count\":\"x\",\"tags\":[1,\"\",\"abcde\"]}");
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
	assert_true(strlen(decode_body(text)) < 1000);
}

static void input_that_is_no_json_object_is_reported(void **state)
{
	(void)state;
	assert_string_equal(decode_body("[1]"),
			    "[{\"type\":\"model_attributes_type\",\"loc\":[\"body\"],"
			    "\"msg\":\"Input should be a valid dictionary or object to extract "
			    "fields from\",\"input\":null}]");
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
		const char *faults = decode_body(broken[i]);
		assert_non_null(strstr(faults, "[{\"type\":\"json_invalid\",\"loc\":[\"body\","));
		assert_non_null(strstr(faults, "\"msg\":\"JSON decode error\",\"input\":{},"
					       "\"ctx\":{\"error\":\""));
	}
	assert_non_null(strstr(decode_bytes("{\"name\":\"a\0b\"}", 14), "json_invalid"));
}

static void the_depth_of_json_is_bounded(void **state)
{
	(void)state;
	char text[200] = "{\"name\":\"n\",\"x\":";
	size_t at = strlen(text);
	memset(text + at, '[', 15), memset(text + at + 15, ']', 15);
	strcpy(text + at + 30, "}");
	assert_string_equal(decode_body(text), "");
	memset(text + at, '[', 16), memset(text + at + 16, ']', 16);
	strcpy(text + at + 32, "}");
	assert_non_null(strstr(decode_body(text), "json_invalid"));
	char *deep = arena_alloc(arena, 200001);
	memset(deep, '[', 200000);
	assert_non_null(strstr(decode_body(deep), "json_invalid"));
}

static void a_text_is_found_in_what_is_no_json(void **state)
{
	(void)state;
	static const struct {
		const char *bytes, *text;
	} cases[] = {
		{"{\"id\":\"mine\"}", "mine"},
		{" {\"a\":[{\"id\":\"deep\"}],\"id\" : \"mi\\u0041ne\",", "miAne"},
		{"{\"a\":\"\\\"id\\\":\",\"id\":\"mine\",\"x\":\"\\ud800", "mine"},
		{"{\"content\":\"\xff\",\"id\":\"mine\"", "mine"},
		{"{\"a\":\"id\",\"b\":\"other\"}", NULL},
		{"{\"id\":\"cut", NULL},
		{"{\"id\":\"cut\\", NULL},
		{"{\"id\":\"\\ud800\"}", NULL},
		{"{\"id\":\"\xff\"}", NULL},
		{"{\"id\":\"too long a text\"}", NULL},
		{"{\"id\":7}", NULL},
		{"{\"id\"", NULL},
		{"{\"id\":", NULL},
		{"[\"id\":\"mine\"]", NULL},
		{"", NULL},
	};
	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		size_t count = strlen(cases[i].bytes);
		char *exact = malloc(count + 1); /* so that a sanitizer sees what is read */
		memcpy(exact, cases[i].bytes, count);
		exact = realloc(exact, count ? count : 1);
		const char *text = json_peek_text(arena, exact, count, "id", 12);
		assert_true(text ? cases[i].text && strcmp(text, cases[i].text) == 0
				 : !cases[i].text);
		free(exact);
	}
}

static void values_of_a_query_string_are_converted(void **state)
{
	(void)state;
	assert_string_equal(decode_query("count", "7"), "");
	assert_int_equal(sample.count, 7);
	assert_string_equal(decode_query("flag", "off"), "");
	assert_false(sample.flag);
	assert_string_equal(decode_query("maybe", "True"), "");
	assert_int_equal(sample.maybe, 1);
	assert_string_equal(decode_query("share", "0.5"), "");
	assert_true(sample.share == 0.5);
}

static void wrong_values_of_a_query_string_are_reported(void **state)
{
	(void)state;
	assert_string_equal(decode_query("count", "seven"),
			    "[{\"type\":\"int_parsing\",\"loc\":[\"query\",\"count\"],"
			    "\"msg\":\"Input should be a valid integer, unable to parse string as "
			    "an integer\",\"input\":\"seven\"}]");
	assert_string_equal(
		decode_query("flag", "maybe"),
		"[{\"type\":\"bool_parsing\",\"loc\":[\"query\",\"flag\"],"
		"\"msg\":\"Input should be a valid boolean, unable to interpret input\","
		"\"input\":\"maybe\"}]");
	static const char *const integers[] = {"", "1x", "99999999999999999999", "0x7", "7.5"};
	for (size_t i = 0; i < sizeof(integers) / sizeof(*integers); i++)
		assert_non_null(strstr(decode_query("count", integers[i]), "int_parsing"));
	static const char *const reals[] = {"nan", "inf", "1e999", "x"};
	for (size_t i = 0; i < sizeof(reals) / sizeof(*reals); i++)
		assert_non_null(strstr(decode_query("share", reals[i]), "float_parsing"));
	assert_non_null(strstr(decode_query("code", "\xff"), "value_error"));
}

static void the_last_of_repeated_pairs_counts(void **state)
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
	assert_non_null(strstr(faults_text(faults), "int_parsing"));
}

/* Times and what they decode to. */
static const struct {
	const char *text;
	int64_t us;
} times[] = {
	{"1970-01-01T00:00:00Z", 0},
	{"2026-11-25T20:00:00Z", INT64_C(1795636800000000)},
	{"2026-11-25t20:00:00z", INT64_C(1795636800000000)},
	{"2026-11-25T21:30:00+01:30", INT64_C(1795636800000000)},
	{"2026-11-24T23:00:00-21:00", INT64_C(1795636800000000)},
	{"2026-11-25T20:00:00.5Z", INT64_C(1795636800500000)},
	{"2026-11-25T20:00:00.000001Z", INT64_C(1795636800000001)},
	{"1969-12-31T23:59:59.999999Z", -1},
	{"2024-02-29T00:00:00Z", INT64_C(1709164800000000)},
	{"2016-12-31T23:59:60Z", INT64_C(1483228800000000)},      /* a leap second */
	{"2017-01-01T00:59:60+01:00", INT64_C(1483228800000000)}, /* the same */
	{"0000-01-01T00:00:00Z", INT64_C(-62167219200000000)},
	{"9999-12-31T23:59:59.999999Z", INT64_C(253402300799999999)},
};

static void a_time_decodes_to_microseconds(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(times) / sizeof(*times); i++) {
		const char *text =
			arena_printf(arena, "{\"name\":\"n\",\"until\":\"%s\"}", times[i].text);
		assert_string_equal(decode_body(text), "");
		assert_int_equal(sample.until, times[i].us);
		assert_string_equal(decode_query("until", times[i].text), "");
		assert_int_equal(sample.until, times[i].us);
	}
	assert_string_equal(decode_body("{\"name\":\"n\",\"until\":null}"), "");
	assert_int_equal(sample.until, 0);
}

/* Times and what Pydantic v2 says about them after "Input should be a valid datetime, ". */
static const struct {
	const char *text, *says;
} wrong_times[] = {
	{"", "input is too short"},
	{"2026-11-25T20:0", "input is too short"},
	{"2026-11-25", "invalid datetime separator, expected `T`"},
	{"2026-11-25 20:00:00Z", "invalid datetime separator, expected `T`"},
	{" 2026-11-25T20:00:00Z", "invalid character in year"},
	{"-026-11-25T20:00:00Z", "invalid character in year"},
	{"10000-01-01T00:00:00Z", "invalid date separator, expected `-`"},
	{"2026-1-25T20:00:00Z", "invalid character in month"},
	{"2026-00-25T20:00:00Z", "month value is outside expected range of 1-12"},
	{"2026-13-25T20:00:00Z", "month value is outside expected range of 1-12"},
	{"2026-11-00T20:00:00Z", "day value is outside expected range"},
	{"2026-11-31T20:00:00Z", "day value is outside expected range"},
	{"2026-02-29T20:00:00Z", "day value is outside expected range"},
	{"2026-11-25T24:00:00Z", "hour value is outside expected range of 0-23"},
	{"2026-11-25T20:60:00Z", "minute value is outside expected range of 0-59"},
	{"2026-11-25T20-00:00Z", "invalid time separator, expected `:`"},
	{"2026-11-25T20:00Z", "invalid time separator, expected `:`"},
	{"2026-11-25T20:00:61Z", "second value is outside expected range of 0-59"},
	{"2026-11-25T20:00:60Z", "second value is outside expected range of 0-59"},
	{"2026-11-25T20:00:00.Z", "second fraction digits missing after `.`"},
	{"2026-11-25T20:00:00.1234567Z", "second fraction value is more than 6 digits long"},
	{"2026-11-25T20:00:00 01:00", "invalid timezone sign"},
	{"2026-11-25T20:00:00+1:00", "invalid timezone hour"},
	{"2026-11-25T20:00:00+24:00", "timezone offset must be less than 24 hours"},
	{"2026-11-25T20:00:00+0100", "invalid time separator, expected `:`"},
	{"2026-11-25T20:00:00+01:60", "timezone minute value is outside expected range of 0-59"},
	{"2026-11-25T20:00:00Zx", "unexpected extra characters at the end of the input"},
	{"2026-11-25T20:00:00+01:00Z", "unexpected extra characters at the end of the input"},
	{"0000-01-01T00:00:00+00:01", "year value is outside expected range of 0-9999"},
	{"9999-12-31T23:59:59-00:01", "year value is outside expected range of 0-9999"},
	{"9999-12-31T23:59:60Z", "year value is outside expected range of 0-9999"},
};

static void the_fault_of_a_time_names_the_wrong_part(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(wrong_times) / sizeof(*wrong_times); i++) {
		const char *text = wrong_times[i].text, *says = wrong_times[i].says;
		const char *expected = arena_printf(
			arena,
			"[{\"type\":\"datetime_parsing\",\"loc\":[\"query\",\"until\"],"
			"\"msg\":\"Input should be a valid datetime, %s\","
			"\"input\":\"%s\",\"ctx\":{\"error\":\"%s\"}}]",
			says, text, says);
		assert_string_equal(decode_query("until", text), expected);
	}
}

static void a_time_needs_a_time_zone(void **state)
{
	(void)state;
	static const char *const texts[] = {"2026-11-25T20:00:00", "2026-11-25T20:00:00.25"};
	for (size_t i = 0; i < sizeof(texts) / sizeof(*texts); i++)
		assert_string_equal(
			decode_query("until", texts[i]),
			arena_printf(arena,
				     "[{\"type\":\"timezone_aware\",\"loc\":[\"query\",\"until\"],"
				     "\"msg\":\"Input should have timezone info\","
				     "\"input\":\"%s\"}]",
				     texts[i]));
}

static const char *decode_bounded(const char *text)
{
	struct bounded out;
	struct buf *faults = buf_in(arena);
	const struct pair pair = {"at", text, strlen(text)};
	fields_from_pairs(arena, &bounded_fields, &pair, 1, "query", &out, faults);
	return faults_text(faults);
}

static void a_time_outside_its_bounds_is_reported(void **state)
{
	(void)state;
	assert_string_equal(decode_bounded("2026-01-01T00:00:00Z"), "");
	assert_string_equal(decode_bounded("2027-01-01T00:00:00Z"), "");
	assert_string_equal(
		decode_bounded("2025-12-31T23:59:59.999999Z"),
		"[{\"type\":\"greater_than_equal\",\"loc\":[\"query\",\"at\"],"
		"\"msg\":\"Input should be greater than or equal to 2026-01-01T00:00:00.000000Z\","
		"\"input\":\"2025-12-31T23:59:59.999999Z\","
		"\"ctx\":{\"ge\":\"2026-01-01T00:00:00.000000Z\"}}]");
	assert_string_equal(
		decode_bounded("2027-01-01T00:00:00.000001Z"),
		"[{\"type\":\"less_than_equal\",\"loc\":[\"query\",\"at\"],"
		"\"msg\":\"Input should be less than or equal to 2027-01-01T00:00:00.000000Z\","
		"\"input\":\"2027-01-01T00:00:00.000001Z\","
		"\"ctx\":{\"le\":\"2027-01-01T00:00:00.000000Z\"}}]");
	assert_non_null(strstr(decode_bounded(""), "datetime_parsing"));
}

/* Times of all years, about nine days apart. */
static void a_written_time_is_read_back(void **state)
{
	(void)state;
	for (int64_t us = INT64_C(-62167219200000000); us < INT64_C(253402300800000000);
	     us += 9 * CLOCK_DAY + 12345678901) {
		char text[CLOCK_TEXT];
		int64_t back;
		clock_text(us, text);
		assert_null(clock_parse(text, &back));
		assert_int_equal(back, us);
	}
}

static void a_fault_that_the_realm_finds_has_the_same_format(void **state)
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
#define TEST(name) cmocka_unit_test_setup_teardown(name, fields_setup, fields_teardown)
	const struct CMUnitTest tests[] = {
		TEST(good_input_is_decoded),
		TEST(an_absent_or_null_field_gets_its_default),
		TEST(a_real_without_fraction_is_an_integer),
		TEST(every_fault_has_the_text_of_pydantic),
		TEST(a_missing_field_is_reported_with_the_whole_input),
		TEST(a_secret_is_never_echoed),
		TEST(all_faults_are_reported_together),
		TEST(echoed_input_is_bounded),
		TEST(input_that_is_no_json_object_is_reported),
		TEST(the_depth_of_json_is_bounded),
		TEST(a_text_is_found_in_what_is_no_json),
		TEST(values_of_a_query_string_are_converted),
		TEST(wrong_values_of_a_query_string_are_reported),
		TEST(the_last_of_repeated_pairs_counts),
		TEST(a_time_decodes_to_microseconds),
		TEST(the_fault_of_a_time_names_the_wrong_part),
		TEST(a_time_needs_a_time_zone),
		TEST(a_time_outside_its_bounds_is_reported),
		TEST(a_written_time_is_read_back),
		TEST(a_fault_that_the_realm_finds_has_the_same_format),
	};
	return cmocka_run_group_tests_name("fields", tests, NULL, NULL);
}
