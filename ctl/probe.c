/*
 * aeon-probe: asks each configured provider once, or compares the stores with the database, and
 * prints what comes of it as JSON.
 *
 * A program of its own for 'aeonctl doctor' and 'aeonctl check', so that aeonctl is not linked with
 * libcurl: that would make each of its commands slower, and need libraries that a cheap host may
 * lack.
 */
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <sysexits.h>

#include "base/buf.h"
#include "base/clock.h"
#include "base/json_out.h"
#include "base/log.h"
#include "ctl/compare.h"
#include "provider/chroma.h"
#include "provider/configured.h"
#include "provider/embedder.h"
#include "provider/http.h"
#include "provider/llm.h"
#include "provider/mail_server.h"
#include "provider/neo4j.h"
#include "provider/provider.h"

#define LONGEST_ANSWER 20 /* seconds; nobody waits longer for the doctor */
#define ANSWER_TOKENS 16

struct probe {
	struct http *http;
	struct buf out;
	int64_t began;
	bool is_done, is_good;
	char model[COMPLETION_MODEL];
	size_t dimension;
	char wrong[FAILURE_DETAIL + FAILURE_QUOTE + 8];
};

static bool probe_is_done(void *context)
{
	return ((struct probe *)context)->is_done;
}

static void probe_begin(struct probe *probe)
{
	probe->is_done = probe->is_good = false;
	probe->began = clock_monotonic();
}

static void probe_end(struct probe *probe, const struct failure *failure, const char *model)
{
	probe->is_done = true;
	/* A model that thinks first may have no word for so few tokens; but it works. */
	probe->is_good = failure->code == FAILURE_NONE || failure->code == FAILURE_EMPTY;
	snprintf(probe->model, sizeof(probe->model), "%s", model[0] ? model : "a nameless model");
	snprintf(probe->wrong, sizeof(probe->wrong), "%s%s%s", failure->detail,
		 failure->quote[0] ? ": " : "", failure->quote);
}

static void llm_answered(void *context, const struct llm_answer *answer)
{
	probe_end(context, &answer->failure, answer->model);
}

static void embedder_answered(void *context, const struct embedder_answer *answer)
{
	struct probe *probe = context;
	probe_end(probe, &answer->failure, answer->embedding ? answer->embedding->model : "");
	probe->dimension = answer->embedding ? answer->embedding->dimension : 0;
}

static void write_finding(struct probe *probe, bool is_good, const char *part, const char *format,
			  ...) __attribute__((format(printf, 4, 5)));

static void write_finding(struct probe *probe, bool is_good, const char *part, const char *format,
			  ...)
{
	char text[800];
	va_list args;
	va_start(args, format);
	vsnprintf(text, sizeof(text), format, args);
	va_end(args);
	jw_open(&probe->out, '{');
	jw_kv_bool(&probe->out, "good", is_good);
	jw_kv_text(&probe->out, "part", part);
	jw_kv_text(&probe->out, "finding", text);
	jw_close(&probe->out, '}');
}

static int64_t passed_ms(const struct probe *probe)
{
	return (clock_monotonic() - probe->began) / 1000;
}

/* Without encryption anybody on the way can read the key. */
static bool report_exposed(struct probe *probe, const struct provider *provider, const char *part)
{
	if (!provider_is_exposed(provider))
		return false;
	write_finding(probe, false, part,
		      "%s: the key would go there without encryption; the URL must begin with "
		      "https://",
		      provider_host(provider));
	return true;
}

static void probe_llm(struct probe *probe, struct llm *llm)
{
	static const struct llm_message message = {"user", "Say yes."};
	static const struct llm_ports ports = {.done = llm_answered};
	const struct llm_request request = {
		.messages = &message,
		.count = 1,
		.most_tokens = ANSWER_TOKENS,
		.temperature = LLM_NO_TEMPERATURE,
		.is_streamed = true,
	};
	const char *part = "language model", *host = provider_host(llm_provider(llm));
	if (report_exposed(probe, llm_provider(llm), part))
		return;
	probe_begin(probe);
	llm_ask(llm, &request, &ports, probe);
	http_run(probe->http, probe_is_done, probe);
	if (probe->is_good)
		write_finding(probe, true, part, "%s: %s answers in %lld ms", host, probe->model,
			      (long long)passed_ms(probe));
	else
		write_finding(probe, false, part, "%s, model %s: %s", host, llm_model(llm),
			      probe->wrong);
}

/* The dimension of a vector, or 0 after a finding. */
static size_t probe_side(struct probe *probe, struct embedder *embedder, enum embedder_side side)
{
	static const char *const texts[] = {"The lake is warm in August."};
	static const struct embedder_ports ports = {.done = embedder_answered};
	const struct embedder_model model = embedder_model(embedder, side);
	probe_begin(probe);
	embedder_ask(embedder, &model, texts, 1, &ports, probe);
	http_run(probe->http, probe_is_done, probe);
	if (!probe->dimension)
		write_finding(probe, false, "embedding model", "%s, model %s: %s",
			      provider_host(embedder_provider(embedder)), model.name, probe->wrong);
	return probe->dimension;
}

static void probe_embedder(struct probe *probe, struct embedder *embedder)
{
	const char *part = "embedding model", *host = provider_host(embedder_provider(embedder));
	if (report_exposed(probe, embedder_provider(embedder), part))
		return;
	size_t passage = probe_side(probe, embedder, EMBEDDER_PASSAGE);
	if (!passage)
		return;
	size_t query = probe_side(probe, embedder, EMBEDDER_QUERY);
	if (!query)
		return;
	if (query != passage)
		write_finding(probe, false, part,
			      "%s: the vectors of texts and of what is searched for have different "
			      "dimensions, %zu and %zu; so the two models do not belong together",
			      host, passage, query);
	else
		write_finding(probe, true, part, "%s: %s answers in %lld ms, %zu dimensions", host,
			      probe->model, (long long)passed_ms(probe), passage);
}

static void chroma_answered(void *context, const struct chroma_answer *answer)
{
	probe_end(context, &answer->failure, "");
}

static void probe_chroma(struct probe *probe, struct chroma *chroma)
{
	const struct provider *provider = chroma_provider(chroma);
	const char *host = provider_host(provider);
	if (report_exposed(probe, provider, "ChromaDB"))
		return;
	probe_begin(probe);
	chroma_ping(chroma, chroma_answered, probe);
	http_run(probe->http, probe_is_done, probe);
	if (probe->is_good)
		write_finding(probe, true, "ChromaDB", "%s: answers in %lld ms", host,
			      (long long)passed_ms(probe));
	else
		write_finding(probe, false, "ChromaDB", "%s: %s", host, probe->wrong);
}

static void neo4j_answered(void *context, const struct failure *failure, const struct json_t *rows)
{
	(void)rows;
	probe_end(context, failure, "");
}

static void probe_neo4j(struct probe *probe, struct neo4j *neo4j)
{
	const struct provider *provider = neo4j_provider(neo4j);
	const char *host = provider_host(provider);
	struct neo4j_statement statement = {"RETURN 1", {0}};
	if (report_exposed(probe, provider, "Neo4j"))
		return;
	probe_begin(probe);
	neo4j_run(neo4j, &statement, 1, neo4j_answered, probe);
	http_run(probe->http, probe_is_done, probe);
	if (probe->is_good)
		write_finding(probe, true, "Neo4j", "%s: answers in %lld ms", host,
			      (long long)passed_ms(probe));
	else
		write_finding(probe, false, "Neo4j", "%s: %s", host, probe->wrong);
}

static void mail_server_answered(void *context, const struct http_answer *answer)
{
	probe_end(context, &answer->failure, "");
}

static enum failure_code take_nothing(void *context, const struct http_answer *so_far,
				      const char *bytes, size_t count)
{
	(void)context, (void)so_far, (void)bytes, (void)count;
	return FAILURE_NONE;
}

static void probe_mail_server(struct probe *probe, const struct settings *settings)
{
	static const struct http_ports ports = {.receive = take_nothing,
						.done = mail_server_answered};
	const char *part = "mail server";
	struct problem why = {0};
	char host[100];
	if (mail_server_check(settings, &why) < 0) {
		write_finding(probe, false, part, "%s", why.detail);
		return;
	}
	http_is_local(settings->smtp_url, host, sizeof(host));
	struct http_request request = mail_server_request(settings);
	request.end_at = clock_monotonic() + LONGEST_ANSWER * CLOCK_SECOND;
	probe_begin(probe);
	http_start(probe->http, &request, &ports, probe);
	http_run(probe->http, probe_is_done, probe);
	if (probe->is_good)
		write_finding(probe, true, part, "%s: answers in %lld ms", host,
			      (long long)passed_ms(probe));
	else
		write_finding(probe, false, part, "%s: %s", host, probe->wrong);
}

static void probe_all(struct probe *probe, const struct settings *settings)
{
	struct providers providers;
	struct problem why = {0};
	if (providers_new(probe->http, settings, &providers, &why) < 0) {
		write_finding(probe, false, "models", "%s", why.detail);
		return;
	}
	if (providers.llm)
		probe_llm(probe, providers.llm);
	if (providers.embedder)
		probe_embedder(probe, providers.embedder);
	if (providers.chroma)
		probe_chroma(probe, providers.chroma);
	if (providers.neo4j)
		probe_neo4j(probe, providers.neo4j);
	if (providers.chroma && !providers.embedder)
		write_finding(probe, false, "ChromaDB",
			      "it gets nothing, because no embedding model is configured");
	if (settings->smtp_url[0])
		probe_mail_server(probe, settings);
	if (!providers.llm && !providers.embedder)
		write_finding(probe, true, "models", "none is configured");
	providers_free(&providers);
}

int main(int argc, char **argv)
{
	struct probe probe = {0};
	struct settings settings;
	struct problem why = {0};
	bool compares = argc == 2 && strcmp(argv[1], "stores") == 0;
	if (argc > 1 && !compares) {
		fputs("Usage: AEON_CONFIG=FILE aeon-probe [stores]\n\n"
		      "Asks each configured provider once, or compares the stores with the "
		      "database, and prints\nwhat comes of it as JSON.\n",
		      stderr);
		return EX_USAGE;
	}
	if (settings_load(NULL, &settings, &why) < 0) {
		fprintf(stderr, "aeon-probe: %s\n", why.detail);
		return EX_CONFIG;
	}
	log_setup("aeon-probe", LOG_LEVEL_ERROR);
	signal(SIGPIPE, SIG_IGN);
	if (settings.model_total_seconds > LONGEST_ANSWER)
		settings.model_total_seconds = LONGEST_ANSWER;
	probe.http = http_new(NULL);
	jw_open(&probe.out, '[');
	if (compares) {
		compare_stores(probe.http, &settings, &probe.out);
		compare_graph(probe.http, &settings, &probe.out);
	} else {
		probe_all(&probe, &settings);
	}
	jw_close(&probe.out, ']');
	puts(buf_text(&probe.out));
	http_free(&probe.http);
	buf_free(&probe.out);
	return EX_OK;
}
