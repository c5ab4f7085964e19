/* Snippets: see snippet.h. */
#include "store/snippet.h"

#include <stdbool.h>
#include <stdint.h>
#include <string.h>

#include <sqlite3.h>

#include "base/buf.h"
#include "store/tokenizer.h"

#define SCANNED 32768 /* bytes of a text that are searched for hits */
#define HITS 32       /* hits that are looked at */
#define WINDOW 24     /* tokens of a snippet */
#define LONGEST 1024  /* bytes of a snippet; a single token may be longer */
#define TERMS_MAX 64  /* tokens that are looked for */
#define HIT_BEGIN "\x02"
#define HIT_END "\x03"

struct term {
	const char *text;
	size_t bytes;
	bool begins;
};

struct token {
	int start, end;
};

struct hit {
	int token, term;
};

struct scan {
	struct term terms[TERMS_MAX];
	int term_count;
	struct hit hits[HITS];
	int hit_count;
	struct buf tokens; /* struct token: all that were read */
	int count, enough; /* of the tokens */
};

static void scan_terms(struct scan *scan, const char *list)
{
	while (*list && scan->term_count < TERMS_MAX) {
		size_t bytes = strcspn(list, " ");
		struct term *term = &scan->terms[scan->term_count];
		*term = (struct term){list, bytes, bytes > 0 && list[bytes - 1] == '*'};
		term->bytes -= term->begins;
		scan->term_count += term->bytes > 0;
		list += bytes;
		list += *list == ' ';
	}
}

static int scan_find(const struct scan *scan, const char *token, size_t bytes)
{
	for (int i = 0; i < scan->term_count; i++) {
		const struct term *term = &scan->terms[i];
		if ((bytes == term->bytes || (term->begins && bytes > term->bytes)) &&
		    memcmp(token, term->text, term->bytes) == 0)
			return i;
	}
	return -1;
}

/* Ends the scan by failing when a window behind the last hit is complete. */
static int scan_token(void *context, const char *text, int bytes, int start, int end)
{
	struct scan *scan = context;
	const struct token token = {start, end};
	int term = scan->hit_count < HITS ? scan_find(scan, text, (size_t)bytes) : -1;
	if (scan->count == scan->enough)
		return SQLITE_ABORT;
	if (term >= 0) {
		scan->hits[scan->hit_count++] = (struct hit){scan->count, term};
		if (scan->hit_count == HITS)
			scan->enough = scan->count + WINDOW;
	}
	buf_add(&scan->tokens, &token, sizeof(token));
	scan->count++;
	return SQLITE_OK;
}

/* The tokens of the window with the most different terms: of those, the first one. */
static void scan_window(const struct scan *scan, int *first_r, int *last_r)
{
	int best = 0, begin = 0, span = 0;
	for (int i = 0; i < scan->hit_count; i++) {
		uint64_t seen = 0;
		int terms = 0;
		int from = scan->hits[i].token, to = from;
		for (int j = i; j < scan->hit_count && scan->hits[j].token < from + WINDOW; j++) {
			uint64_t bit = UINT64_C(1) << scan->hits[j].term;
			terms += !(seen & bit);
			seen |= bit;
			to = scan->hits[j].token;
		}
		if (terms > best) {
			best = terms;
			begin = from;
			span = to - from + 1;
		}
	}
	begin -= (WINDOW - span) / 2;
	*first_r = begin > 0 && best > 0 ? begin : 0;
	*last_r = *first_r + WINDOW < scan->count ? *first_r + WINDOW - 1 : scan->count - 1;
}

static int whole_characters(const char *text, int bytes)
{
	while (bytes > 0 && (text[bytes] & 0xc0) == 0x80)
		bytes--;
	return bytes;
}

/* Hits that overlap, such as pairs of letters, are marked as one. */
static void put_marked(const struct scan *scan, const char *text, int from, int to,
		       sqlite3_str *out)
{
	const struct token *tokens = (const struct token *)(const void *)scan->tokens.data;
	int at = from;
	for (int i = 0; i < scan->hit_count; i++) {
		int start = tokens[scan->hits[i].token].start,
		    end = tokens[scan->hits[i].token].end;
		while (i + 1 < scan->hit_count && tokens[scan->hits[i + 1].token].start < end)
			end = tokens[scan->hits[++i].token].end;
		if (start < at || start >= to)
			continue;
		end = end < to ? end : to;
		sqlite3_str_append(out, text + at, start - at);
		sqlite3_str_appendall(out, HIT_BEGIN);
		sqlite3_str_append(out, text + start, end - start);
		sqlite3_str_appendall(out, HIT_END);
		at = end;
	}
	sqlite3_str_append(out, text + at, to - at);
}

static void put_snippet(const struct scan *scan, const char *text, int bytes, sqlite3_str *out)
{
	const struct token *tokens = (const struct token *)(const void *)scan->tokens.data;
	int first = 0, last = -1;
	scan_window(scan, &first, &last);
	int from = first > 0 ? tokens[first].start : 0;
	int to = last + 1 < scan->count ? tokens[last].end : bytes;
	if (to - from > LONGEST)
		to = from + whole_characters(text + from, LONGEST);
	if (from > 0)
		sqlite3_str_appendall(out, "…");
	put_marked(scan, text, from, to, out);
	if (to < bytes)
		sqlite3_str_appendall(out, "…");
}

static void text_snippet(sqlite3_context *context, int count, sqlite3_value **values)
{
	const char *text = (const char *)sqlite3_value_text(values[0]);
	const char *terms = (const char *)sqlite3_value_text(values[1]);
	int bytes = sqlite3_value_bytes(values[0]);
	struct scan scan = {.enough = -1};
	(void)count;
	if (!text || !terms)
		return;
	scan_terms(&scan, terms);
	int scanned = bytes < SCANNED ? bytes : whole_characters(text, SCANNED);
	tokenizer_cut(sqlite3_user_data(context), text, scanned, scan_token, &scan);
	sqlite3_str *out = sqlite3_str_new(sqlite3_context_db_handle(context));
	put_snippet(&scan, text, bytes, out);
	int length = sqlite3_str_length(out);
	sqlite3_result_text(context, sqlite3_str_finish(out), length, sqlite3_free);
	buf_free(&scan.tokens);
}

int snippet_register(sqlite3 *db)
{
	struct tokenizer *tokenizer;
	int code = tokenizer_open(db, &tokenizer);
	if (code != SQLITE_OK)
		return code;
	return sqlite3_create_function_v2(db, "text_snippet", 2,
					  SQLITE_UTF8 | SQLITE_DETERMINISTIC | SQLITE_INNOCUOUS,
					  tokenizer, text_snippet, NULL, NULL, tokenizer_close);
}
