/* What a batch of texts costs: see vector_batch.h. */
#include "realm/vector_batch.h"

#include <string.h>

#include "realm/ledger.h"
#include "realm/settings.h"

#define TEXT_TOKENS 8 /* of a request, for each text, besides its bytes */

static int64_t tokens_of(const struct settings *settings, const struct vector_text *text)
{
	return (int64_t)(strlen(text->content) +
			 strlen(settings->openai_embedding_passage_prefix)) +
	       TEXT_TOKENS;
}

/* What the texts of one author may cost, those from `first` on. */
static int64_t tokens_of_author(const struct settings *settings, const struct vector_batch *batch,
				size_t first)
{
	int64_t tokens = 0;
	const struct vector_text *texts = batch->texts;
	for (size_t i = first; i < batch->count; i++)
		if (texts[i].author_id == texts[first].author_id)
			tokens += tokens_of(settings, &texts[i]);
	return tokens;
}

int vector_batch_reserve(struct store *store, const struct settings *settings,
			 struct vector_batch *batch, struct problem *why)
{
	struct vector_text *texts = batch->texts;
	size_t kept = 0;
	for (size_t i = 0; i < batch->count; i++)
		texts[i].call = -1;
	for (size_t i = 0; i < batch->count; i++) {
		const struct ledger_call call = {.provider = "embedder",
						 .model = settings->openai_embedding_model,
						 .twin_id = texts[i].author_id,
						 .asker_id = texts[i].author_id,
						 .tokens = tokens_of_author(settings, batch, i),
						 .is_background = true};
		int64_t id = texts[i].call, until;
		if (id < 0)
			TRY(ledger_reserve(store, settings, &call, &id, &until, why));
		for (size_t j = i; j < batch->count; j++)
			if (texts[j].author_id == texts[i].author_id)
				texts[j].call = id;
	}
	for (size_t i = 0; i < batch->count; i++)
		if (texts[i].call > 0)
			texts[kept++] = texts[i];
	batch->count = kept;
	return 0;
}

int vector_batch_is_spent(struct store *store, const struct settings *settings,
			  const struct vector_batch *batch, struct problem *why)
{
	int64_t tokens = 0, left;
	for (size_t i = 0; i < batch->count; i++)
		tokens += tokens_of(settings, &batch->texts[i]);
	TRY(ledger_left_in_background(store, settings, &left, why));
	return tokens > left;
}

int vector_batch_settle(struct store *store, const struct vector_batch *batch, int64_t tokens,
			struct problem *why)
{
	int64_t bytes = 0;
	for (size_t i = 0; i < batch->count; i++)
		bytes += (int64_t)strlen(batch->texts[i].content) + TEXT_TOKENS;
	for (size_t i = 0; i < batch->count; i++) {
		int64_t call = batch->texts[i].call, part = 0;
		bool is_first = true;
		for (size_t j = 0; j < batch->count; j++) {
			is_first &= j >= i || batch->texts[j].call != call;
			if (batch->texts[j].call == call)
				part += (int64_t)strlen(batch->texts[j].content) + TEXT_TOKENS;
		}
		int64_t spent = tokens < 0 ? tokens : (tokens * part + bytes - 1) / bytes;
		if (is_first)
			TRY(ledger_settle(store, call, spent, why));
	}
	return 0;
}
