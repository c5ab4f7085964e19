/* Search: see search.h. */
#include "realm/search.h"

#include <ctype.h>
#include <stdint.h>
#include <string.h>

#include "base/arena.h"
#include "base/buf.h"
#include "store/queries.h"
#include "store/store.h"
#include "store/tokenizer.h"

#define HOT_SHARE 50  /* a word is hot in one of so many texts, */
#define HOT_LEAST 500 /* but in no fewer than these */

struct parser {
	struct arena *arena;
	struct store *store;
	int64_t hot;    /* the fewest texts with a hot word */
	int count;      /* of words */
	int64_t fewest; /* texts with the rarest token of the current word; -1: the word has no
			   token */
	struct buf *all, *rare, *hot_ones, *none;
};

static int look_up(const char *word, size_t bytes, void *context, struct problem *why)
{
	struct parser *p = context;
	int64_t texts = 0;
	TRY(q_knowledge_term(p->store, arena_strndup(p->arena, word, bytes), &texts, why));
	if (p->fewest < 0 || texts < p->fewest)
		p->fewest = texts;
	return 0;
}

static void add(struct buf *to, const char *between, const char *word)
{
	if (to->len > 0)
		buf_puts(to, between);
	buf_puts(to, word);
}

/* As a string of FTS5, in which only a quote has a meaning. A single letter may begin a pair. */
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

static int take(struct parser *p, const char *start, size_t bytes, bool negative,
		struct problem *why)
{
	const char *word = arena_strndup(p->arena, start, bytes);
	bool begins = words_is_letter(word);
	p->fewest = -1;
	TRY(store_words(p->store, word, look_up, p, why));
	if (p->fewest < 0 || p->count == SEARCH_WORDS)
		return 0; /* punctuation */
	p->count++;
	word = arena_printf(p->arena, "%s%s", quoted(p, word), begins ? " *" : "");
	if (negative) {
		add(p->none, " OR ", word);
		return 0;
	}
	add(p->all, " AND ", word);
	add(p->fewest >= p->hot ? p->hot_ones : p->rare, " AND ", word);
	return 0;
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
	int64_t texts = 0;
	struct parser p = {.arena = arena,
			   .store = store,
			   .all = buf_in(arena),
			   .rare = buf_in(arena),
			   .hot_ones = buf_in(arena),
			   .none = buf_in(arena)};
	TRY(q_knowledge_newest(store, &texts, why));
	p.hot = texts / HOT_SHARE > HOT_LEAST ? texts / HOT_SHARE : HOT_LEAST;
	TRY(parse(&p, text, why));
	*search_r = (struct search){.all = without(&p, p.all),
				    .rare = without(&p, p.rare),
				    .hot = p.hot_ones->len ? p.hot_ones->data : NULL};
	return 0;
}

static int count_word(const char *word, size_t bytes, void *context, struct problem *why)
{
	int *count = context;
	(void)word, (void)bytes, (void)why;
	++*count;
	return 0;
}

int search_beginnings(struct arena *arena, struct store *store, const char *text,
		      const char **words_r, struct problem *why)
{
	struct parser p = {.arena = arena, .store = store, .all = buf_in(arena)};
	while (*text && p.count < SEARCH_WORDS) {
		size_t bytes = strcspn(text, " \t\r\n\f\v");
		const char *word = arena_strndup(arena, text, bytes);
		int parts = 0;
		TRY(store_words(store, word, count_word, &parts, why));
		if (parts > 0) {
			add(p.all, " AND ", arena_printf(arena, "%s *", quoted(&p, word)));
			p.count++;
		}
		text += bytes;
		text += strspn(text, " \t\r\n\f\v");
	}
	*words_r = p.all->len > 0 ? p.all->data : NULL;
	return 0;
}
