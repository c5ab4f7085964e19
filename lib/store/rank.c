/* The rank of a text: see rank.h. */
#include "store/rank.h"

#include <sqlite3.h>

#include "store/tokenizer.h"

#define K1 1.2
#define B 0.75
#define HITS 20 /* of a word in a text, that count */

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
	double average = count > 0 ? sqlite3_value_double(values[0]) : 1, rank = 0;
	int tokens = 0, phrases = api->xPhraseCount(fts), code = api->xColumnSize(fts, -1, &tokens);
	for (int i = 0; code == SQLITE_OK && i < phrases && i + 1 < count; i++) {
		int hits = 0;
		code = count_hits(api, fts, i, &hits);
		rank -= sqlite3_value_double(values[i + 1]) * hits * (K1 + 1) /
			(hits + K1 * (1 - B + B * tokens / average));
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
