/* lib/provider without a network: the breaker, events of a stream, failures in words. */
#include "provider/breaker.h"
#include "provider/failure.h"
#include "provider/sse.h"
#include "tests/unit/test.h"

#define SECOND INT64_C(1000000)

static void a_breaker_opens_after_failures_in_a_row_and_not_after_others(void **state)
{
	(void)state;
	struct breaker breaker = {0};
	for (int i = 0; i < 3 * BREAKER_FAILURES; i++) {
		assert_true(breaker_admit(&breaker, i));
		if (i % 3)
			breaker_failed(&breaker, i);
		else
			breaker_succeeded(&breaker);
	}
	breaker_succeeded(&breaker);
	for (int i = 0; i < BREAKER_FAILURES; i++)
		breaker_failed(&breaker, 100);
	assert_false(breaker_admit(&breaker, 100));
	assert_int_equal(breaker_wait(&breaker, 100), BREAKER_PAUSE);
}

static void open_breaker(struct breaker *breaker, int64_t now)
{
	for (int i = 0; i < BREAKER_FAILURES; i++)
		breaker_failed(breaker, now);
}

static void one_probe_decides_whether_a_breaker_closes(void **state)
{
	(void)state;
	struct breaker breaker = {0};
	open_breaker(&breaker, 0);
	assert_false(breaker_admit(&breaker, BREAKER_PAUSE - 1));
	assert_true(breaker_admit(&breaker, BREAKER_PAUSE));
	assert_false(breaker_admit(&breaker, BREAKER_PAUSE)); /* a second one */
	breaker_forget(&breaker);                             /* it was cancelled */
	assert_true(breaker_admit(&breaker, BREAKER_PAUSE));
	breaker_succeeded(&breaker);
	assert_true(breaker_admit(&breaker, BREAKER_PAUSE));
	assert_true(breaker_admit(&breaker, BREAKER_PAUSE));
}

static void each_failed_probe_doubles_the_pause_up_to_a_bound(void **state)
{
	(void)state;
	struct breaker breaker = {0};
	int64_t now = 0, pause = BREAKER_PAUSE;
	open_breaker(&breaker, now);
	for (int i = 0; i < 20; i++) {
		breaker_failed(&breaker, now); /* a request from before the pause changes nothing */
		assert_int_equal(breaker_wait(&breaker, now), pause);
		now += pause;
		assert_true(breaker_admit(&breaker, now));
		breaker_failed(&breaker, now);
		pause = pause * 2 < BREAKER_LONGEST_PAUSE ? pause * 2 : BREAKER_LONGEST_PAUSE;
	}
	assert_int_equal(pause, BREAKER_LONGEST_PAUSE);
}

static bool add_event(void *context, const char *data, size_t bytes)
{
	struct buf *seen = context;
	buf_putc(seen, '[');
	buf_add(seen, data, bytes);
	buf_putc(seen, ']');
	return strncmp(data, "stop", 4) != 0;
}

/* The data of all events of a stream that comes in pieces of this size. */
static void assert_events(const char *stream, size_t piece, const char *expected)
{
	struct sse sse = {0};
	struct buf seen = {0};
	size_t bytes = strlen(stream);
	bool goes_on = true;
	for (size_t at = 0; at < bytes && goes_on; at += piece)
		goes_on = sse_feed(&sse, stream + at, at + piece < bytes ? piece : bytes - at,
				   add_event, &seen);
	if (goes_on)
		sse_end(&sse, add_event, &seen);
	assert_string_equal(buf_text(&seen), expected);
	buf_free(&seen);
	sse_free(&sse);
}

static void events_are_the_same_in_pieces_of_any_size(void **state)
{
	(void)state;
	static const char *const streams[][2] = {
		{"data: a\n\ndata:b\n\n", "[a][b]"},
		{"data: a\r\n\r\ndata: b\r\rdata: c\n\r\n", "[a][b][c]"},
		{"\xef\xbb\xbf"
		 "data: a\ndata: \xe4\xb8\x96\n\n",
		 "[a\n\xe4\xb8\x96]"},
		{": ping\n\nevent: x\nid: 7\nretry: 1\ndata:  a \n\n\n\n", "[ a ]"},
		{"data\n\ndat: x\n\ndata: a", "[a]"},
		{"data: a\n\ndata: stop\n\ndata: b\n\n", "[a][stop]"},
		{"data:\n\n", "[]"},
		{"", ""},
	};
	for (size_t i = 0; i < sizeof(streams) / sizeof(*streams); i++)
		for (size_t piece = 1; piece < 20; piece++)
			assert_events(streams[i][0], piece, streams[i][1]);
}

static void a_line_and_an_event_have_a_bound(void **state)
{
	(void)state;
	static char line[1024];
	struct sse sse = {0};
	struct buf seen = {0};
	size_t bytes = 0;
	memset(line, 'x', sizeof(line));
	while (sse_feed(&sse, line, sizeof(line), add_event, &seen))
		bytes += sizeof(line);
	assert_true(bytes <= SSE_MOST_BYTES && sse.line.len <= SSE_MOST_BYTES);
	sse_free(&sse);
	sse = (struct sse){0};
	memcpy(line, "data: ", 6);
	line[sizeof(line) - 1] = '\n';
	for (bytes = 0; sse_feed(&sse, line, sizeof(line), add_event, &seen);)
		bytes += sizeof(line);
	assert_true(bytes <= SSE_MOST_BYTES + 2 * sizeof(line) && seen.len == 0);
	sse_free(&sse);
}

static struct failure read_failure(int status, const char *body)
{
	struct failure failure = {0};
	failure_read(&failure, status, body, strlen(body), "sk-1");
	return failure;
}

static void failures_are_read_in_the_shapes_of_several_servers(void **state)
{
	(void)state;
	static const struct {
		int status;
		const char *body;
		enum failure_code code;
	} answers[] = {
		{400, "{\"error\":{\"code\":\"context_length_exceeded\"}}", FAILURE_TOO_LONG},
		{400, "{\"error\":{\"code\":400,\"type\":\"exceed_context_size_error\"}}",
		 FAILURE_TOO_LONG},
		{400, "{\"object\":\"error\",\"message\":\"the maximum context length is 9\"}",
		 FAILURE_TOO_LONG},
		{404, "{\"error\":\"model_not_found: x\"}", FAILURE_UNKNOWN_MODEL},
		{429, "{\"error\":{\"code\":\"insufficient_quota\"}}", FAILURE_NO_CREDIT},
		{404, "{\"error\":{\"message\":\"model \\\"x\\\" not found, try pulling it\"}}",
		 FAILURE_UNKNOWN_MODEL},
		{429, "", FAILURE_RATE_LIMITED},
		{401, "<html>", FAILURE_UNAUTHORIZED},
		{404, "[]", FAILURE_WRONG_ADDRESS},
		{400, "{\"error\":{\"message\":7}}", FAILURE_REJECTED},
		{500, "{\"error\":{\"code\":\"context_length_exceeded\"}}", FAILURE_SERVER_ERROR},
		{501, "", FAILURE_REJECTED},
		{302, "", FAILURE_WRONG_ADDRESS},
		{999, "", FAILURE_SERVER_ERROR},
	};
	for (size_t i = 0; i < sizeof(answers) / sizeof(*answers); i++) {
		struct failure failure = read_failure(answers[i].status, answers[i].body);
		assert_string_equal(failure_info(failure.code)->name,
				    failure_info(answers[i].code)->name);
		assert_true(failure.detail[0] != '\0');
	}
}

static void a_quote_is_one_printable_line_without_the_key(void **state)
{
	(void)state;
	struct failure failure = read_failure(
		400, "{\"error\":{\"message\":\"sk-1 is\\nwrong: sk-1sk-1\\u001b[2J\"}}");
	assert_string_equal(failure.quote, "… is wrong: …… [2J");
	char body[2000] = "{\"error\":\"";
	for (int i = 0; i < 300; i++)
		strcat(body, "世");
	strcat(body, "\"}");
	failure = read_failure(400, body);
	assert_int_equal(strlen(failure.quote), (FAILURE_QUOTE - 1) / 3 * 3);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_breaker_opens_after_failures_in_a_row_and_not_after_others),
		cmocka_unit_test(one_probe_decides_whether_a_breaker_closes),
		cmocka_unit_test(each_failed_probe_doubles_the_pause_up_to_a_bound),
		cmocka_unit_test(events_are_the_same_in_pieces_of_any_size),
		cmocka_unit_test(a_line_and_an_event_have_a_bound),
		cmocka_unit_test(failures_are_read_in_the_shapes_of_several_servers),
		cmocka_unit_test(a_quote_is_one_printable_line_without_the_key),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
