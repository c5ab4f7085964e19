/* The recall engine: see recall.h. */
#include "realm/recall.h"

#include <stdint.h>
#include <string.h>

#include "base/arena.h"
#include "base/buf.h"
#include "base/utf8.h"
#include "realm/collect.h"
#include "realm/sentences.h"
#include "realm/sources.h"
#include "store/queries.h"

#define LONGEST 400 /* letters of a quote */
#define LOOKED 40   /* sentences of a text that are looked at */
#define SHARE 3     /* a quote has one in so many of the question's words, or more */

struct sentence {
	const char *text;
	size_t bytes;
	int words; /* of the question */
	size_t source;
};

static int count_common(struct arena *arena, struct store *store, const struct buf *asked,
			const char *text, int *common_r, struct problem *why)
{
	struct buf *words = buf_in(arena);
	TRY(q_text_numbers(store, text, collect_id, words, why));
	const int64_t *a = (const int64_t *)(const void *)asked->data,
		      *b = (const int64_t *)(const void *)words->data;
	*common_r = 0;
	for (size_t i = 0; i < asked->len / sizeof(*a); i++)
		for (size_t j = 0; j < words->len / sizeof(*b); j++)
			*common_r += a[i] == b[j];
	return 0;
}

/* The first sentence of the text with the most words of the question. */
static int best_sentence(struct arena *arena, struct store *store, const struct buf *asked,
			 const char *text, struct sentence *best_r, struct problem *why)
{
	*best_r = (struct sentence){0};
	for (int i = 0; i < LOOKED && *text; i++) {
		bool asks;
		int words;
		text += strspn(text, " \t\r\n");
		size_t bytes = sentence_bytes(text, &asks);
		TRY(count_common(arena, store, asked, arena_strndup(arena, text, bytes), &words,
				 why));
		if (!asks && words > best_r->words)
			*best_r = (struct sentence){.text = text, .bytes = bytes, .words = words};
		text += bytes;
	}
	return 0;
}

static const char *quote(struct arena *arena, const struct sentence *sentence, const char *author)
{
	size_t bytes = sentence_trimmed(sentence->text, sentence->bytes);
	size_t shown = utf8_prefix(sentence->text, bytes, LONGEST);
	return arena_printf(arena, "%s said: “%.*s%s”", author, (int)shown, sentence->text,
			    shown < bytes ? "…" : "");
}

int recall_answer(struct arena *arena, struct store *store, const char *question,
		  const struct source *sources, size_t count, struct reply *reply_r,
		  struct problem *why)
{
	struct buf *asked = buf_in(arena), *text = buf_in(arena);
	int most = 0;
	*reply_r = (struct reply){0};
	TRY(q_text_numbers(store, question, collect_id, asked, why));
	int least = (int)(asked->len / sizeof(int64_t) + SHARE - 1) / SHARE;
	for (size_t i = 0; i < count && reply_r->cited_count < RECALL_CITES; i++) {
		struct sentence sentence;
		TRY(best_sentence(arena, store, asked, sources[i].content, &sentence, why));
		/* A second quote has as many words of the question as the first. */
		if (sentence.words < least || sentence.words == 0 || sentence.words < most)
			continue;
		const char *said = quote(arena, &sentence, sources[i].author_name);
		if (strstr(buf_text(text), said)) /* a fact and its text say the same */
			continue;
		most = sentence.words;
		if (reply_r->words < most)
			reply_r->words = most;
		buf_printf(text, "%s%s", text->len > 0 ? " " : "", said);
		reply_r->cited[reply_r->cited_count++] = i;
	}
	reply_r->nothing = reply_r->cited_count == 0;
	reply_r->text = reply_r->nothing ? RECALL_NOTHING : buf_text(text);
	return 0;
}
