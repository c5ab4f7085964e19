/* The words of a text as numbers: see words.h. */
#include "store/words.h"

#include <stdbool.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <sqlite3.h>

#include "base/buf.h"
#include "base/memory.h"
#include "store/tokenizer.h"

#define WORDS_MAX 1000 /* different ones of a text */
#define SLOTS 2048     /* a power of two */
#define TIMES_MAX 15   /* more often says hardly more to BM25 */
#define HASH_BITS 47

/*
 * Words that say nothing about the subject of a text: the most frequent ones of the stop word lists
 * of Snowball (https://snowballstem.org/algorithms, BSD), in English, German, French and Spanish.
 */
static const char stop_words[] =
	"i me my myself we our ours ourselves you your yours yourself he him his himself she her "
	"hers "
	"herself it its itself they them their theirs themselves what which who whom this that "
	"these "
	"those am is are was were be been being have has had having do does did doing would should "
	"could ought a an the and but if or because as until while of at by for with about against "
	"between into through during before after above below to from up down in out on off over "
	"under "
	"again further then once here there when where why how all any both each few more most "
	"other "
	"some such no nor not only own same so than too very s t can will just don now m re ve d "
	"ll "
	"aber alle als also am an auch auf aus bei bin bis bist da damit das dass dein dem den der "
	"des "
	"dich die dies diese dir doch dort du durch ein eine einem einen einer er es euch euer für "
	"gegen hab habe haben hat hatte hier ich ihm ihn ihr im in ist ja kann kein mein mich mir "
	"mit "
	"nach nicht noch nun nur ob oder ohne sehr sein sich sie sind so um und uns unser unter "
	"vom von "
	"vor wann war was weil wenn wer werden wie wir wird wo zu zum zur über "
	"au aux avec ce ces dans de des du elle en et eux il ils je la le les leur lui ma mais mes "
	"moi "
	"mon ne nos notre nous on ou où par pas pour qu que quel quelle qui sa se ses son sont sur "
	"ta te "
	"tes toi ton tu un une vos votre vous est "
	"al como con cuando cuándo de del donde dónde el ella ellos en entre es esta está este "
	"esto "
	"hay la las lo los mas más me mi muy nos o para pero por qué quien quién se si sin sobre "
	"su sus "
	"también te tu un una uno y ya";

/* Of a connection. */
struct words {
	struct tokenizer *tokenizer;
	int64_t stops[512]; /* a hash table; 0: empty */
	bool knows_stops;
};

/* The different words of a text. */
struct counting {
	const struct words *words;
	int64_t word[WORDS_MAX];
	uint8_t times[WORDS_MAX];
	uint16_t slots[SLOTS]; /* an index of `word`, plus 1 */
	int count;
};

/* FNV-1a, 64 bits, folded; never 0. */
static int64_t word_number(const char *token, int bytes)
{
	uint64_t hash = 14695981039346656037U;
	for (int i = 0; i < bytes; i++)
		hash = (hash ^ (unsigned char)token[i]) * 1099511628211U;
	hash = (hash >> HASH_BITS ^ hash) & ((UINT64_C(1) << HASH_BITS) - 1);
	return (int64_t)(hash ? hash : 1);
}

static int64_t *stop_slot(struct words *words, int64_t word)
{
	size_t most = sizeof(words->stops) / sizeof(*words->stops), at = (size_t)word % most;
	while (words->stops[at] && words->stops[at] != word)
		at = (at + 1) % most;
	return &words->stops[at];
}

static int add_stop(void *context, const char *token, int bytes, int start, int end)
{
	int64_t word = word_number(token, bytes);
	(void)start, (void)end;
	*stop_slot(context, word) = word;
	return SQLITE_OK;
}

static int count_token(void *context, const char *token, int bytes, int start, int end)
{
	struct counting *c = context;
	int64_t word = word_number(token, bytes);
	(void)start, (void)end;
	if (*stop_slot((struct words *)c->words, word))
		return SQLITE_OK;
	size_t at = (size_t)word % SLOTS;
	while (c->slots[at] && c->word[c->slots[at] - 1] != word)
		at = (at + 1) % SLOTS;
	if (c->slots[at]) {
		uint8_t *times = &c->times[c->slots[at] - 1];
		*times = (uint8_t)(*times + (*times < TIMES_MAX));
	} else if (c->count < WORDS_MAX) {
		c->word[c->count] = word;
		c->times[c->count++] = 1;
		c->slots[at] = (uint16_t)c->count;
	}
	return SQLITE_OK;
}

static void word_counts(sqlite3_context *context, int count, sqlite3_value **values)
{
	struct words *words = sqlite3_user_data(context);
	const char *text = (const char *)sqlite3_value_text(values[0]);
	struct counting c = {.words = words};
	struct buf json = {0};
	int code = SQLITE_OK;
	(void)count;
	if (!words->knows_stops)
		code = tokenizer_cut(words->tokenizer, stop_words, (int)sizeof(stop_words) - 1,
				     add_stop, words);
	words->knows_stops = code == SQLITE_OK;
	if (text && code == SQLITE_OK)
		code = tokenizer_cut(words->tokenizer, text, sqlite3_value_bytes(values[0]),
				     count_token, &c);
	if (code != SQLITE_OK) {
		sqlite3_result_error_code(context, code);
		return;
	}
	buf_putc(&json, '[');
	for (int i = 0; i < c.count; i++)
		buf_printf(&json, i ? ",%lld" : "%lld", (long long)c.word[i] << 4 | c.times[i]);
	buf_putc(&json, ']');
	sqlite3_result_text(context, json.data, (int)json.len, SQLITE_TRANSIENT);
	buf_free(&json);
}

static void words_free(void *context)
{
	struct words *words = context;
	tokenizer_close(words->tokenizer);
	free(words);
}

int words_register(sqlite3 *db)
{
	struct words *words = xcalloc(1, sizeof(*words));
	int code = tokenizer_open(db, &words->tokenizer);
	if (code != SQLITE_OK) {
		free(words);
		return code;
	}
	return sqlite3_create_function_v2(db, "word_counts", 1,
					  SQLITE_UTF8 | SQLITE_DETERMINISTIC | SQLITE_INNOCUOUS,
					  words, word_counts, NULL, NULL, words_free);
}
