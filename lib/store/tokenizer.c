/* The tokenizer: see tokenizer.h. */
#include "store/tokenizer.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <sqlite3.h>

#include "base/memory.h"
#include "base/utf8.h"

/* Thai, Lao, Myanmar and Khmer; Hiragana to Bopomofo, their extensions and the ideographs, Hangul,
 * compatibility ideographs, the supplementary ideographic planes: Unicode 15, Blocks.txt. */
static const struct {
	uint32_t first, last;
} unspaced[] = {
	{0x0e00, 0x0eff}, {0x1000, 0x109f}, {0x1780, 0x17ff},   {0x3040, 0x312f},
	{0x31a0, 0x31bf}, {0x31f0, 0x31ff}, {0x3400, 0x4dbf},   {0x4e00, 0x9fff},
	{0xac00, 0xd7af}, {0xf900, 0xfaff}, {0x20000, 0x3ffff},
};

static bool is_unspaced(uint32_t point)
{
	for (size_t i = 0; i < sizeof(unspaced) / sizeof(*unspaced); i++)
		if (point >= unspaced[i].first && point <= unspaced[i].last)
			return true;
	return false;
}

bool words_is_letter(const char *text)
{
	uint32_t point;
	size_t bytes = strlen(text), length = utf8_decode(text, bytes, &point);
	return length > 0 && length == bytes && is_unspaced(point);
}

#define REPEATS_MAX 1000
#define REPEAT_SLOTS 16384 /* a power of two; tokens in the same slot are counted together */

struct tokenizer {
	fts5_tokenizer porter;
	Fts5Tokenizer *inner;
	uint16_t repeats[REPEAT_SLOTS]; /* of the tokens of the text that is being indexed */
};

typedef int token_function(void *context, int flags, const char *token, int bytes, int start,
			   int end);

/* --- cutting ---------------------------------------------------------------------------------- */

/* A part of a text; its tokens are reported with their places in the whole text. */
struct part {
	token_function *token;
	void *context;
	int offset;
};

/* Hands on the tokens of a text that is indexed, but none too often. */
struct limiter {
	token_function *token;
	void *context;
	uint16_t *repeats;
};

/* FNV-1a, 32 bits. */
static uint32_t token_hash(const char *token, int bytes)
{
	uint32_t hash = 2166136261U;
	for (int i = 0; i < bytes; i++)
		hash = (hash ^ (unsigned char)token[i]) * 16777619U;
	return hash;
}

static int limited(void *context, int flags, const char *token, int bytes, int start, int end)
{
	const struct limiter *limiter = context;
	uint16_t *repeats = &limiter->repeats[token_hash(token, bytes) % REPEAT_SLOTS];
	if (*repeats == REPEATS_MAX)
		return SQLITE_OK;
	++*repeats;
	return limiter->token(limiter->context, flags, token, bytes, start, end);
}

static int shifted(void *context, int flags, const char *token, int bytes, int start, int end)
{
	const struct part *part = context;
	return part->token(part->context, flags, token, bytes, start + part->offset,
			   end + part->offset);
}

/* The length of the run of one kind that starts here; bytes that are not UTF-8 count as spaced. */
static int run_of(const char *text, int bytes, bool *unspaced_r)
{
	int length = 0;
	while (length < bytes) {
		uint32_t point = 0;
		size_t step = utf8_decode(text + length, (size_t)(bytes - length), &point);
		bool is = step > 0 && is_unspaced(point);
		if (length == 0)
			*unspaced_r = is;
		if (is != *unspaced_r)
			break;
		length += step > 0 ? (int)step : 1;
	}
	return length;
}

/*
 * Pairs; and the last letter of a run alone, so that each letter begins a token and is found as a
 * beginning.
 */
static int cut_pairs(const char *text, int start, int end, int flags, token_function *token,
		     void *context)
{
	uint32_t point;
	for (int at = start, next; at < end; at = next) {
		next = at + (int)utf8_decode(text + at, (size_t)(end - at), &point);
		int last = next;
		if (next < end)
			last += (int)utf8_decode(text + next, (size_t)(end - next), &point);
		else if (at > start && (flags & FTS5_TOKENIZE_QUERY))
			break;
		int code = token(context, 0, text + at, last - at, at, last);
		if (code != SQLITE_OK)
			return code;
	}
	return SQLITE_OK;
}

static int cut_runs(struct tokenizer *words, void *context, int flags, const char *text, int bytes,
		    token_function *token)
{
	int code = SQLITE_OK;
	for (int at = 0, length; at < bytes && code == SQLITE_OK; at += length) {
		bool is_unspaced = false;
		length = run_of(text + at, bytes - at, &is_unspaced);
		struct part part = {token, context, at};
		code = is_unspaced ? cut_pairs(text, at, at + length, flags, token, context)
				   : words->porter.xTokenize(words->inner, &part, flags, text + at,
							     length, shifted);
	}
	return code;
}

/* What FTS5 calls. */
static int cut(Fts5Tokenizer *words, void *context, int flags, const char *text, int bytes,
	       token_function *token)
{
	struct tokenizer *tokenizer = (struct tokenizer *)words;
	struct limiter limiter = {token, context, tokenizer->repeats};
	if (!(flags & FTS5_TOKENIZE_DOCUMENT))
		return cut_runs(tokenizer, context, flags, text, bytes, token);
	memset(tokenizer->repeats, 0, sizeof(tokenizer->repeats));
	return cut_runs(tokenizer, &limiter, flags, text, bytes, limited);
}

/* --- FTS5 ------------------------------------------------------------------------------------- */

static int make(void *context, const char **arguments, int count, Fts5Tokenizer **made)
{
	static const char *chain[] = {"unicode61", "remove_diacritics", "2"};
	fts5_api *api = context;
	struct tokenizer *words = xcalloc(1, sizeof(*words));
	void *its_context;
	(void)arguments, (void)count;
	int code = api->xFindTokenizer(api, "porter", &its_context, &words->porter);
	if (code == SQLITE_OK)
		code = words->porter.xCreate(its_context, chain, 3, &words->inner);
	if (code != SQLITE_OK) {
		free(words);
		return code;
	}
	*made = (Fts5Tokenizer *)words;
	return SQLITE_OK;
}

static void unmake(Fts5Tokenizer *tokenizer)
{
	struct tokenizer *words = (struct tokenizer *)tokenizer;
	words->porter.xDelete(words->inner);
	free(words);
}

/* As in SQLite's documentation of FTS5, "Extending FTS5". */
fts5_api *tokenizer_api(sqlite3 *db)
{
	fts5_api *api = NULL;
	sqlite3_stmt *statement;
	if (sqlite3_prepare_v2(db, "SELECT fts5(?1)", -1, &statement, NULL) != SQLITE_OK)
		return NULL;
	sqlite3_bind_pointer(statement, 1, &api, "fts5_api_ptr", NULL);
	sqlite3_step(statement);
	sqlite3_finalize(statement);
	return api;
}

int tokenizer_register(sqlite3 *db)
{
	fts5_tokenizer tokenizer = {.xCreate = make, .xDelete = unmake, .xTokenize = cut};
	fts5_api *api = tokenizer_api(db);
	return api ? api->xCreateTokenizer(api, "words", api, &tokenizer, NULL) : SQLITE_ERROR;
}

/* --- texts outside of an index ---------------------------------------------------------------- */

int tokenizer_open(sqlite3 *db, struct tokenizer **tokenizer_r)
{
	fts5_api *api = tokenizer_api(db);
	return api ? make(api, NULL, 0, (Fts5Tokenizer **)tokenizer_r) : SQLITE_ERROR;
}

void tokenizer_close(void *tokenizer)
{
	unmake(tokenizer);
}

struct outside {
	int (*token)(void *context, const char *token, int bytes, int start, int end);
	void *context;
};

static int without_flags(void *context, int flags, const char *token, int bytes, int start, int end)
{
	const struct outside *outside = context;
	(void)flags;
	return outside->token(outside->context, token, bytes, start, end);
}

int tokenizer_cut(struct tokenizer *tokenizer, const char *text, int bytes,
		  int (*token)(void *context, const char *token, int bytes, int start, int end),
		  void *context)
{
	struct outside outside = {token, context};
	return cut_runs(tokenizer, &outside, 0, text, bytes, without_flags);
}

struct walk {
	int (*each)(const char *word, size_t bytes, void *context, struct problem *why);
	void *context;
	struct problem *why;
};

static int hand_on(void *context, int flags, const char *token, int bytes, int start, int end)
{
	const struct walk *walk = context;
	(void)flags, (void)start, (void)end;
	return walk->each(token, (size_t)bytes, walk->context, walk->why) < 0 ? SQLITE_ABORT
									      : SQLITE_OK;
}

int tokenizer_split(sqlite3 *db, const char *text,
		    int (*each)(const char *word, size_t bytes, void *context, struct problem *why),
		    void *context, struct problem *why)
{
	struct walk walk = {each, context, why};
	Fts5Tokenizer *tokenizer;
	int code = make(tokenizer_api(db), NULL, 0, &tokenizer);
	if (code != SQLITE_OK)
		return code;
	code = cut(tokenizer, &walk, FTS5_TOKENIZE_QUERY, text, (int)strlen(text), hand_on);
	unmake(tokenizer);
	return code;
}
