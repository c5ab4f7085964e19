/* Search: see search.h. */
#include "realm/search.h"

#include <ctype.h>
#include <math.h>
#include <stdint.h>
#include <string.h>

#include "base/arena.h"
#include "base/buf.h"
#include "base/fields.h"
#include "base/mutant.h"
#include "store/queries.h"
#include "store/store.h"
#include "store/tokenizer.h"

#define HOT_SHARE 50  /* a word is hot in one of so many texts, */
#define HOT_LEAST 500 /* but in no fewer than these */

struct parser {
	struct arena *arena;
	struct store *store;
	int64_t texts;          /* public ones */
	int64_t hot;            /* the fewest of them with a hot word */
	int words, token_count; /* different ones; of all these words */
	const char *known[SEARCH_WORDS];
	struct buf *tokens; /* of the current word, with spaces between them */
	struct buf *all, *rare, *rank, *hot_ones, *none, *marked;
};

static int too_many(struct parser *p, struct problem *why)
{
	return problem_field(p->arena, why, "query", "q",
			     "Value error, at most 16 different words and phrases, of 64 words in "
			     "all; without spaces in between, each letter counts");
}

static void add(struct buf *to, const char *between, const char *word)
{
	if (to->len > 0)
		buf_puts(to, between);
	buf_puts(to, word);
}

static int take_token(const char *token, size_t bytes, void *context, struct problem *why)
{
	struct parser *p = context;
	if (++p->token_count > SEARCH_TOKENS)
		return too_many(p, why);
	add(p->tokens, " ", arena_strndup(p->arena, token, bytes));
	return 0;
}

/* As a string of FTS5, in which only a quote has a meaning. */
static const char *quoted(struct parser *p, const char *word)
{
	struct buf *text = buf_in(p->arena);
	buf_putc(text, '"');
	for (; *word; word++) {
		if (*word == '"')
			buf_putc(text, '"');
		buf_putc(text, *word);
	}
	buf_putc(text, '"');
	return text->data;
}

static bool is_known(const struct parser *p, const char *word)
{
	for (int i = 0; i < p->words; i++)
		if (strcmp(p->known[i], word) == 0)
			return true;
	return false;
}

/* The weight of BM25 of a word that is in so many of the texts. */
static double weight(int64_t texts, int64_t with)
{
	return log(1 + ((double)(texts > with ? texts - with : 0) + 0.5) / ((double)with + 0.5));
}

/* Adds a word that must be found. One of very many texts does not count for the rank. */
static int take_wanted(struct parser *p, const char *word, const char *quoted_word,
		       struct problem *why)
{
	int64_t with;
	TRY(q_public_texts_with(p->store, word, p->hot, &with, why));
	if (MUTANT(search_counts_hidden))
		TRY(q_knowledge_texts(p->store, quoted_word, p->hot, &with, why));
	add(p->all, " AND ", quoted_word);
	add(with >= p->hot ? p->hot_ones : p->rare, " AND ", quoted_word);
	if (with < p->hot)
		buf_printf(p->rank, ", %.4f", weight(p->texts, with));
	return 0;
}

/* In a text that goes on, the index has such a letter only as the first of a pair. */
static bool ends_in_letter(const char *tokens)
{
	const char *space = strrchr(tokens, ' ');
	return words_is_letter(space ? space + 1 : tokens);
}

/* Punctuation has no token. A word that is there already counts once. */
static int take(struct parser *p, const char *start, size_t bytes, bool negative,
		struct problem *why)
{
	const char *word = arena_strndup(p->arena, start, bytes);
	int before = p->token_count;
	p->tokens = buf_in(p->arena);
	TRY(store_words(p->store, word, take_token, p, why));
	if (p->token_count == before)
		return 0;
	const char *ending = ends_in_letter(p->tokens->data) ? "*" : "";
	const char *tokens = arena_printf(p->arena, "%s%s", p->tokens->data, ending);
	const char *key = arena_printf(p->arena, "%s%s", negative ? "-" : "", tokens);
	if (is_known(p, key)) {
		p->token_count = before;
		return 0;
	}
	if (p->words == SEARCH_WORDS)
		return too_many(p, why);
	p->known[p->words++] = key;
	const char *quoted_word = arena_printf(p->arena, "%s%s", quoted(p, word), ending);
	if (negative) {
		add(p->none, " OR ", quoted_word);
		return 0;
	}
	add(p->marked, " ", tokens);
	return take_wanted(p, word, quoted_word, why);
}

static int parse(struct parser *p, const char *at, struct problem *why)
{
	while (*at) {
		if (isspace((unsigned char)*at)) {
			at++;
			continue;
		}
		bool negative = *at == '-' && at[1] && !isspace((unsigned char)at[1]);
		at += negative;
		bool quote = *at == '"';
		at += quote;
		size_t bytes = strcspn(at, quote ? "\"" : " \t\r\n\f\v\"");
		TRY(take(p, at, bytes, negative, why));
		at += bytes;
		at += quote && *at == '"';
	}
	return 0;
}

/* The words without those that are excluded. */
static const char *without(struct parser *p, const struct buf *words)
{
	if (words->len == 0)
		return NULL;
	if (p->none->len == 0)
		return words->data;
	return arena_printf(p->arena, "(%s) NOT (%s)", words->data, p->none->data);
}

int search_parse(struct arena *arena, struct store *store, const char *text,
		 struct search *search_r, struct problem *why)
{
	struct q_public_texts public = {0};
	TRY(q_public_texts(store, &public, why));
	struct parser p = {.arena = arena,
			   .store = store,
			   .all = buf_in(arena),
			   .rare = buf_in(arena),
			   .rank = buf_in(arena),
			   .texts = public.texts,
			   .hot_ones = buf_in(arena),
			   .marked = buf_in(arena),
			   .none = buf_in(arena)};
	int64_t hot = public.texts / HOT_SHARE;
	p.hot = hot > HOT_LEAST ? hot : HOT_LEAST;
	buf_printf(p.rank, "words_rank(%.1f", public.texts > 0 ? public.average : 1);
	TRY(parse(&p, text, why));
	*search_r = (struct search){.all = without(&p, p.all),
				    .rare = without(&p, p.rare),
				    .rank = arena_printf(arena, "%s)", p.rank->data),
				    .hot = p.hot_ones->len ? p.hot_ones->data : NULL,
				    .tokens = buf_text(p.marked)};
	return 0;
}

/* Takes each different word of a text in which nothing else has a meaning: add_word() gets it, and
 * its tokens are in p->tokens. */
static int parse_plain(struct parser *p, const char *text,
		       void (*add_word)(struct parser *p, const char *word), struct problem *why)
{
	while (*text) {
		size_t bytes = strcspn(text, " \t\r\n\f\v");
		const char *word = arena_strndup(p->arena, text, bytes);
		int before = p->token_count;
		p->tokens = buf_in(p->arena);
		TRY(store_words(p->store, word, take_token, p, why));
		if (p->token_count > before && is_known(p, p->tokens->data)) {
			p->token_count = before;
		} else if (p->token_count > before) {
			if (p->words == SEARCH_WORDS)
				return too_many(p, why);
			p->known[p->words++] = p->tokens->data;
			add_word(p, word);
		}
		text += bytes;
		text += strspn(text, " \t\r\n\f\v");
	}
	return 0;
}

static void add_beginning(struct parser *p, const char *word)
{
	add(p->all, " AND ", arena_printf(p->arena, "%s *", quoted(p, word)));
}

int search_beginnings(struct arena *arena, struct store *store, const char *text,
		      const char **words_r, struct problem *why)
{
	struct parser p = {.arena = arena, .store = store, .all = buf_in(arena)};
	TRY(parse_plain(&p, text, add_beginning, why));
	*words_r = p.all->len > 0 ? p.all->data : NULL;
	return 0;
}

static void add_tokens(struct parser *p, const char *word)
{
	(void)word;
	add(p->all, " ", p->tokens->data);
}

int search_tokens(struct arena *arena, struct store *store, const char *text, const char **tokens_r,
		  struct problem *why)
{
	struct parser p = {.arena = arena, .store = store, .all = buf_in(arena)};
	TRY(parse_plain(&p, text, add_tokens, why));
	*tokens_r = buf_text(p.all);
	return 0;
}
