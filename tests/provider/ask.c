/*
 * Asks a provider for the tests of tests/provider, and prints what comes, one JSON object a line.
 *
 *	ask OPTIONS		a JSON object: see main(), run_ask() and run_embed()
 *
 * It runs `steps`, each after the one before has ended: {"ask": text, …} asks a language model,
 * `times` times at once; {"embed": [text, …], "side": 0 or 1} asks an embedder.
 */
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>

#include <jansson.h>

#include "base/clock.h"
#include "base/json_out.h"
#include "provider/embedder.h"
#include "provider/http.h"
#include "provider/llm.h"
#include "provider/provider.h"

#define MOST_CALLS 256

struct run {
	struct http *http;
	struct llm *llm;
	struct embedder *embedder;
	int left, number;
	struct asked {
		struct run *run;
		struct llm_call *call;
		int number, cancel_after, deltas;
	} asked[MOST_CALLS];
};

static json_t *options;

static int64_t number_of(const json_t *json, const char *name, int64_t otherwise)
{
	const json_t *value = json_object_get(json, name);
	return json_is_integer(value) ? json_integer_value(value) : otherwise;
}

static const char *text_of(const json_t *json, const char *name, const char *otherwise)
{
	const char *text = json_string_value(json_object_get(json, name));
	return text ? text : otherwise;
}

static void print_line(struct buf *line)
{
	puts(buf_text(line));
	fflush(stdout);
	buf_free(line);
}

static void asked_delta(void *context, const char *text, size_t bytes)
{
	struct asked *asked = context;
	struct buf line = {0};
	jw_open(&line, '{');
	jw_kv_int(&line, "number", asked->number);
	jw_key(&line, "delta");
	jw_text_n(&line, text, bytes);
	jw_close(&line, '}');
	print_line(&line);
	if (++asked->deltas == asked->cancel_after) {
		llm_cancel(&asked->call);
		asked->run->left--;
	}
}

static void write_failure(struct buf *line, const struct failure *failure)
{
	jw_kv_text(line, "failure", failure_info(failure->code)->name);
	jw_kv_text(line, "detail", failure->detail);
	jw_kv_text(line, "quote", failure->quote);
	jw_kv_int(line, "status", failure->status);
	jw_kv_int(line, "retry_after", failure->retry_after_us / CLOCK_SECOND);
}

static void asked_done(void *context, const struct llm_answer *answer)
{
	struct asked *asked = context;
	struct buf line = {0};
	jw_open(&line, '{');
	jw_kv_int(&line, "number", asked->number);
	write_failure(&line, &answer->failure);
	jw_key(&line, "text");
	jw_text_n(&line, answer->text, answer->bytes);
	jw_kv_text(&line, "model", answer->model);
	jw_kv_int(&line, "finish", answer->finish);
	jw_kv_int(&line, "prompt", answer->usage.prompt);
	jw_kv_int(&line, "completion", answer->usage.completion);
	jw_kv_bool(&line, "plausible", answer->usage.is_plausible);
	jw_kv_bool(&line, "charged", answer->is_charged);
	jw_close(&line, '}');
	print_line(&line);
	asked->run->left--;
}

static void embedded(void *context, const struct embedder_answer *answer)
{
	struct run *run = context;
	const struct embedding *embedding = answer->embedding;
	struct buf line = {0};
	jw_open(&line, '{');
	write_failure(&line, &answer->failure);
	jw_kv_bool(&line, "charged", answer->is_charged);
	if (embedding) {
		jw_kv_text(&line, "model", embedding->model);
		jw_kv_int(&line, "dimension", (int64_t)embedding->dimension);
		jw_kv_int(&line, "prompt", embedding->usage.prompt);
		jw_kv_bool(&line, "plausible", embedding->usage.is_plausible);
		jw_key(&line, "vectors");
		jw_open(&line, '[');
		for (size_t i = 0; i < embedding->count; i++) {
			jw_open(&line, '[');
			for (size_t at = 0; at < embedding->dimension; at++)
				jw_real(&line,
					(double)(embedding->scales[i] *
						 (float)embedding
							 ->vectors[i * embedding->dimension + at]));
			jw_close(&line, ']');
		}
		jw_close(&line, ']');
	}
	jw_close(&line, '}');
	print_line(&line);
	run->left--;
}

static bool none_left(void *context)
{
	return ((struct run *)context)->left == 0;
}

static void run_embed(struct run *run, const json_t *step)
{
	const struct embedder_ports ports = {.done = embedded};
	const char *texts[EMBEDDING_MOST_TEXTS];
	const json_t *list = json_object_get(step, "embed");
	size_t count = json_array_size(list);
	for (size_t i = 0; i < count; i++)
		texts[i] = json_string_value(json_array_get(list, i));
	run->left = 1;
	const struct embedder_model model =
		embedder_model(run->embedder, (enum embedder_side)number_of(step, "side", 0));
	embedder_ask(run->embedder, &model, texts, count, &ports, run);
	http_run(run->http, none_left, run);
}

static void run_ask(struct run *run, const json_t *step)
{
	const struct llm_message messages[] = {
		{"system", text_of(step, "system", "You are a test.")},
		{text_of(step, "role", "user"), text_of(step, "ask", "")},
	};
	const struct llm_request request = {
		.messages = messages,
		.count = 2,
		.model = text_of(step, "model", NULL),
		.most_tokens = number_of(step, "most_tokens", 100),
		.temperature = LLM_NO_TEMPERATURE,
		.is_streamed = !json_is_false(json_object_get(step, "stream")),
	};
	const struct llm_ports ports = {.delta = asked_delta, .done = asked_done};
	run->left = (int)number_of(step, "times", 1);
	for (int i = 0, times = run->left; i < times; i++) {
		struct asked *asked = &run->asked[i];
		*asked = (struct asked){run, NULL, ++run->number,
					(int)number_of(step, "cancel_after", 0), 0};
		asked->call = llm_ask(run->llm, &request, &ports, asked);
		if (json_is_true(json_object_get(step, "cancel"))) {
			llm_cancel(&asked->call);
			run->left--;
		}
	}
	http_run(run->http, none_left, run);
}

/* The most memory that was resident, in KiB. getrusage() counts the parent before exec(), too. */
static int64_t most_resident(void)
{
	char line[200];
	long long kib = 0;
	FILE *file = fopen("/proc/self/status", "re");
	while (file && fgets(line, sizeof(line), file) && sscanf(line, "VmHWM: %lld", &kib) != 1)
		;
	if (file)
		fclose(file);
	return kib;
}

static void print_usage(void)
{
	struct rusage usage;
	struct buf line = {0};
	getrusage(RUSAGE_SELF, &usage);
	jw_open(&line, '{');
	jw_kv_int(&line, "cpu_ms",
		  (usage.ru_utime.tv_sec + usage.ru_stime.tv_sec) * 1000 +
			  (usage.ru_utime.tv_usec + usage.ru_stime.tv_usec) / 1000);
	jw_kv_int(&line, "rss_kb", most_resident());
	jw_close(&line, '}');
	print_line(&line);
}

static struct provider *new_provider(struct http *http)
{
	const struct provider_options provider = {
		.url = text_of(options, "url", ""),
		.key = text_of(options, "key", ""),
		.first_byte_us = number_of(options, "first_byte_ms", 60000) * 1000,
		.stall_us = number_of(options, "stall_ms", 60000) * 1000,
		.total_us = number_of(options, "total_ms", 120000) * 1000,
		.most_calls = (int)number_of(options, "most_calls", 8),
		.most_queued = (int)number_of(options, "most_queued", 64),
		.attempts = (int)number_of(options, "attempts", 3),
	};
	struct provider *made = NULL;
	struct problem why = {0};
	if (provider_new(http, &provider, &made, &why) < 0) {
		fprintf(stderr, "%s\n", why.detail);
		exit(1);
	}
	return made;
}

int main(int argc, char **argv)
{
	struct run run = {0};
	size_t at;
	json_t *step;
	options = json_loads(argc == 2 ? argv[1] : "", 0, NULL);
	const struct embedder_options embedder = {
		.models = {{text_of(options, "model", "a-model"),
			    text_of(options, "passage_prefix", "")},
			   {text_of(options, "query_model", "a-model"),
			    text_of(options, "query_prefix", "")}},
	};
	signal(SIGPIPE, SIG_IGN);
	run.http = http_new(NULL);
	run.llm = llm_new(new_provider(run.http), text_of(options, "model", "a-model"));
	run.embedder = embedder_new(new_provider(run.http), &embedder);
	json_array_foreach(json_object_get(options, "steps"), at, step) {
		if (json_object_get(step, "embed"))
			run_embed(&run, step);
		else
			run_ask(&run, step);
	}
	print_usage();
	llm_free(&run.llm);
	embedder_free(&run.embedder);
	http_free(&run.http);
	json_decref(options);
	return 0;
}
