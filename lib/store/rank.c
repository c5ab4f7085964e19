/* The rank of a text: see rank.h. */
#include "store/rank.h"

#include <math.h>
#include <stdlib.h>

#include <sqlite3.h>

#include "base/memory.h"
#include "store/tokenizer.h"

#define K1 1.2
#define B 0.75
#define HITS 20        /* of a word in a text, that count */
#define TEXTS 2000     /* with a word, that are counted; more say as little */
#define LEAST_IDF 1e-6 /* of a word in most texts, for which BM25 has a negative number */

/* The part of a rank that is the same for all texts of a search. */
struct weights {
	double average; /* tokens of a text */
	int count;
	double idf[]; /* of each phrase */
};

static int count_text(const Fts5ExtensionApi *api, Fts5Context *fts, void *count)
{
	(void)api, (void)fts;
	return ++*(int *)count < TEXTS ? SQLITE_OK : SQLITE_DONE;
}

static int weights_make(const Fts5ExtensionApi *api, Fts5Context *fts, struct weights **weights_r)
{
	sqlite3_int64 texts = 0, tokens = 0;
	int phrases = api->xPhraseCount(fts);
	struct weights *weights =
		xcalloc(1, sizeof(*weights) + (size_t)phrases * sizeof(weights->idf[0]));
	weights->count = phrases;
	int code = api->xRowCount(fts, &texts);
	if (code == SQLITE_OK)
		code = api->xColumnTotalSize(fts, -1, &tokens);
	weights->average = texts > 0 && tokens > 0 ? (double)tokens / (double)texts : 1;
	for (int i = 0; i < phrases && code == SQLITE_OK; i++) {
		int found = 0;
		code = api->xQueryPhrase(fts, i, &found, count_text);
		double idf = log(((double)texts - found + 0.5) / (found + 0.5));
		weights->idf[i] = idf > LEAST_IDF ? idf : LEAST_IDF;
	}
	if (code != SQLITE_OK) {
		free(weights);
		return code;
	}
	*weights_r = weights;
	return api->xSetAuxdata(fts, weights, free);
}

static int count_hits(const Fts5ExtensionApi *api, Fts5Context *fts, int phrase, int *hits_r)
{
	Fts5PhraseIter at;
	int column, offset, hits = 0;
	int code = api->xPhraseFirst(fts, phrase, &at, &column, &offset);
	for (; code == SQLITE_OK && column >= 0 && hits < HITS; hits++)
		api->xPhraseNext(fts, &at, &column, &offset);
	*hits_r = hits;
	return code;
}

static void words_rank(const Fts5ExtensionApi *api, Fts5Context *fts, sqlite3_context *context,
		       int count, sqlite3_value **values)
{
	struct weights *weights = api->xGetAuxdata(fts, 0);
	int code = weights ? SQLITE_OK : weights_make(api, fts, &weights), tokens = 0;
	double rank = 0;
	(void)count, (void)values;
	if (code == SQLITE_OK)
		code = api->xColumnSize(fts, -1, &tokens);
	for (int i = 0; code == SQLITE_OK && i < weights->count; i++) {
		int hits = 0;
		code = count_hits(api, fts, i, &hits);
		rank -= weights->idf[i] * hits * (K1 + 1) /
			(hits + K1 * (1 - B + B * tokens / weights->average));
	}
	if (code == SQLITE_OK)
		sqlite3_result_double(context, rank); /* the best one is the least */
	else
		sqlite3_result_error_code(context, code);
}

int rank_register(sqlite3 *db)
{
	fts5_api *api = tokenizer_api(db);
	return api ? api->xCreateFunction(api, "words_rank", NULL, words_rank, NULL) : SQLITE_ERROR;
}
