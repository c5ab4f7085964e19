/* The providers that the settings name: see configured.h. */
#include "provider/configured.h"

#include "base/clock.h"
#include "provider/chroma.h"
#include "provider/embedder.h"
#include "provider/llm.h"
#include "provider/neo4j.h"
#include "provider/provider.h"

#define OPENAI_URL "https://api.openai.com/v1"
#define MOST_QUEUED 256
#define ATTEMPTS 3

static const char *first_of(const char *first, const char *second)
{
	return first[0] ? first : second;
}

static int new_provider(struct http *http, const struct settings *settings, const char *url,
			const char *key, struct provider **provider_r, struct problem *why)
{
	const struct provider_options options = {
		.url = url,
		.key = key,
		.first_byte_us = settings->model_first_byte_seconds * CLOCK_SECOND,
		.stall_us = settings->model_stall_seconds * CLOCK_SECOND,
		.total_us = settings->model_total_seconds * CLOCK_SECOND,
		.most_calls = (int)settings->model_calls,
		.most_queued = MOST_QUEUED,
		.attempts = ATTEMPTS,
	};
	return provider_new(http, &options, provider_r, why);
}

/* The URL of the language model's provider; "": there is none. */
static const char *llm_url(const struct settings *settings)
{
	return first_of(settings->openai_base_url, settings->openai_api_key[0] ? OPENAI_URL : "");
}

static int new_llm(struct http *http, const struct settings *settings, struct llm **llm_r,
		   struct problem *why)
{
	struct provider *provider;
	const char *url = llm_url(settings);
	if (!settings->openai_model[0])
		return 0;
	if (!url[0])
		return problem_say(why, PROBLEM_CONFIG,
				   "openai_model needs openai_base_url or openai_api_key");
	TRY(new_provider(http, settings, url, settings->openai_api_key, &provider, why));
	*llm_r = llm_new(provider, settings->openai_model);
	return 0;
}

static int new_embedder(struct http *http, const struct settings *settings,
			struct embedder **embedder_r, struct problem *why)
{
	struct provider *provider;
	const char *model = settings->openai_embedding_model;
	bool has_own_url = settings->openai_embedding_base_url[0] != '\0';
	const char *url = first_of(settings->openai_embedding_base_url, llm_url(settings));
	/* A key never goes to another host than the one that it is for. */
	const char *key = first_of(settings->openai_embedding_api_key,
				   has_own_url ? "" : settings->openai_api_key);
	if (!model[0])
		return 0;
	if (!url[0])
		return problem_say(why, PROBLEM_CONFIG,
				   "openai_embedding_model needs openai_embedding_base_url, "
				   "openai_base_url or openai_api_key");
	TRY(new_provider(http, settings, url, key, &provider, why));
	const struct embedder_options options = {
		.models = {{model, settings->openai_embedding_passage_prefix},
			   {first_of(settings->openai_embedding_query_model, model),
			    settings->openai_embedding_query_prefix}},
	};
	*embedder_r = embedder_new(provider, &options);
	return 0;
}

int providers_new(struct http *http, const struct settings *settings, struct providers *providers,
		  struct problem *why)
{
	*providers = (struct providers){0};
	if (new_llm(http, settings, &providers->llm, why) == 0 &&
	    new_embedder(http, settings, &providers->embedder, why) == 0 &&
	    chroma_new(http, settings, &providers->chroma, why) == 0 &&
	    neo4j_new(http, settings, &providers->neo4j, why) == 0)
		return 0;
	providers_free(providers);
	return -1;
}

void providers_free(struct providers *providers)
{
	llm_free(&providers->llm);
	embedder_free(&providers->embedder);
	chroma_free(&providers->chroma);
	neo4j_free(&providers->neo4j);
}
