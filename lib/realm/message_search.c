/* The search in messages: see message_search.h. */
#include "realm/message_search.h"

#include <stdio.h>
#include <stdlib.h>

#include "base/arena.h"
#include "base/buf.h"
#include "realm/collect.h"
#include "realm/places.h"
#include "realm/search.h"
#include "store/queries.h"
#include "store/store.h"

#define WORDS 16    /* of the search, that count: the first ones */
#define SAMPLE 200  /* texts from which the number of texts with a word is estimated */
#define ENOUGH 2000 /* texts with the rarest word to look at for one page, if there are so many */
#define STEP 500    /* texts of public rooms with that word that are looked at together */
#define WINDOW 4096 /* texts of the other rooms, at most */
#define AIM 3000    /* so many of these in a window, by the estimate */
#define WIDER 4     /* times the last window, at most */
#define AT_ONCE 64  /* texts to choose from */
#define DEEPEST 500 /* newest matches that are put in order, best first */

static const char *const sorts[] = {"new", "best", NULL};

static const struct field search_rows[] = {
	FIELD(struct message_search, q, TEXT, .required = true, .min = 1, .max = 200,
	      .may_be_blank = true, .help = "Words that a message must have, at most 16."),
	FIELD(struct message_search, room_id, TEXT, .pattern = FIELD_UUID_PATTERN,
	      .help = "Only messages of this room."),
	FIELD(struct message_search, sender_id, INT, .min = 0, .max = 9e15,
	      .help = "Only messages of this user."),
	FIELD(struct message_search, after, TIME, .help = "Only messages sent after this time."),
	FIELD(struct message_search, before, TIME, .help = "Only messages sent before this time."),
	FIELD(struct message_search, sort, CHOICE, .choices = sorts, .default_value = "new",
	      .help = "new: the last written first; best: by the match with q, of the newest "
		      "500 that are found."),
};
const struct fields message_search_fields = FIELDS(struct message_search, search_rows);

struct finding {
	struct arena *arena;
	struct store *store;
	int64_t viewer;
	const struct message_search *search;
	bool everywhere;    /* also in public_words */
	const char *places; /* of the other rooms, as JSON */
	int64_t place_count;
	const int64_t *words; /* numbers */
	size_t word_count;
	int64_t rarest, second; /* the words of the fewest texts; 0: there is no second one */
	int64_t own;            /* about how many texts of `places` have the rarest one */
	const char *others;     /* the other words, as JSON */
	int64_t looked_at;      /* texts with the rarest word */
	int64_t newest;         /* text, from which on it looks */
	int64_t last;           /* text of a public room that was looked at */
	int64_t oldest;         /* at which it ended; 0: there is no older one */
	size_t wanted;          /* rows, with the one that tells that there is a next page */
	struct buf *texts;      /* with both words, that are not chosen from yet */
	struct buf *found;      /* texts (texts.id) of the page, of int64_t */
};

static size_t count_ids(const struct buf *list)
{
	return list->len / sizeof(int64_t);
}

static const char *ids_json(struct arena *arena, const int64_t *list, size_t count)
{
	struct buf *json = buf_in(arena);
	buf_putc(json, '[');
	for (size_t i = 0; i < count; i++)
		buf_printf(json, i ? ",%lld" : "%lld", (long long)list[i]);
	buf_putc(json, ']');
	return json->data;
}

static const int64_t *ids(const struct buf *list)
{
	return (const int64_t *)(const void *)list->data;
}

static int find_places(struct finding *f, struct problem *why)
{
	struct buf *list = buf_in(f->arena);
	const char *room = f->search->room_id;
	if (room) {
		int readable = q_room_readable(f->store, f->viewer, room, NULL, why);
		if (readable <= 0)
			return readable < 0 ? -1 : problem_set(why, PROBLEM_ROOM_NOT_FOUND);
		TRY(q_message_place(f->store, room, collect_id, list, why));
	} else {
		f->everywhere = true;
		TRY(q_message_places(f->store, f->viewer, collect_id, list, why));
	}
	struct places places = places_of(list);
	f->places = ids_json(f->arena, places.list, places.count);
	f->place_count = (int64_t)places.count;
	return 0;
}

/* About how many texts have the word, from the newest ones and from those of the first places; and
 * how many of these are in the places. */
static int estimate(struct finding *f, int64_t word, int64_t *texts_r, int64_t *own_r,
		    struct problem *why)
{
	struct q_word_texts own;
	struct q_public_word_texts open = {0};
	TRY(q_word_texts(f->store, f->places, word, SAMPLE, &own, why));
	if (f->everywhere)
		TRY(q_public_word_texts(f->store, word, SAMPLE, &open, why));
	if (own.texts == SAMPLE)
		own.texts = own.texts * f->place_count / own.places;
	if (open.texts == SAMPLE)
		open.texts = open.texts * f->newest / (f->newest - open.oldest + 1);
	*texts_r = own.texts + open.texts;
	*own_r = own.texts;
	return 0;
}

static int find_rarest(struct finding *f, struct problem *why)
{
	struct buf *others = buf_in(f->arena);
	int64_t fewest = INT64_MAX, next = INT64_MAX;
	for (size_t w = 0; w < f->word_count; w++) {
		int64_t texts, own, word = f->words[w];
		TRY(estimate(f, word, &texts, &own, why));
		if (texts < fewest) {
			f->second = f->rarest;
			next = fewest;
			f->rarest = word;
			fewest = texts;
			f->own = own;
		} else if (texts < next) {
			f->second = word;
			next = texts;
		}
	}
	for (size_t w = 0; w < f->word_count; w++)
		if (f->words[w] != f->rarest)
			buf_add(others, &f->words[w], sizeof(f->words[w]));
	f->others = ids_json(f->arena, ids(others), count_ids(others));
	return 0;
}

static int take(struct finding *f, int64_t text, bool has_second, struct problem *why)
{
	f->looked_at++;
	return has_second ? collect_id(text, f->texts, why) : 0;
}

static int take_text(const struct q_word_texts_between *row, void *context, struct problem *why)
{
	return take(context, row->text, row->has_second, why);
}

static int take_public_text(const struct q_public_word_texts_between *row, void *context,
			    struct problem *why)
{
	struct finding *f = context;
	f->last = row->text;
	return take(f, row->text, row->has_second, why);
}

static int by_newest(const void *one, const void *other)
{
	const int64_t *a = one, *b = other;
	return (*a < *b) - (*a > *b);
}

/* Chooses those that have the other words and pass the filter, and adds them in order. */
static int choose_from(struct finding *f, const char *texts, struct problem *why)
{
	const struct message_search *s = f->search;
	return q_messages_with(f->store, f->viewer, texts, f->others, s->sender_id, s->after,
			       s->before, (int64_t)(f->wanted - count_ids(f->found)), collect_id,
			       f->found, why);
}

/* A few at a time, because the newest ones may be enough. */
static int choose(struct finding *f, struct problem *why)
{
	size_t count = count_ids(f->texts);
	if (count > 0) /* else there is no list */
		qsort(f->texts->data, count, sizeof(int64_t), by_newest);
	for (size_t i = 0; i < count && count_ids(f->found) < f->wanted; i += AT_ONCE) {
		size_t some = count - i < AT_ONCE ? count - i : AT_ONCE;
		TRY(choose_from(f, ids_json(f->arena, ids(f->texts) + i, some), why));
	}
	return 0;
}

/* Puts the best ones first. */
static int rank(struct finding *f, struct problem *why)
{
	const char *found = ids_json(f->arena, ids(f->found), count_ids(f->found));
	buf_clear(f->found);
	return q_messages_best(f->store, found, ids_json(f->arena, f->words, f->word_count),
			       collect_id, f->found, why);
}

/* The next window has about AIM texts, if the last one, of that size, had `count`. */
static int64_t next_size(int64_t size, int64_t count)
{
	return count * WIDER > AIM ? size * AIM / count + 1 : size * WIDER;
}

/* Looks at STEP texts of public rooms. Returns 1 if there may be older ones: then *from_r is moved
 * up to the last one. */
static int look_at_public(struct finding *f, int64_t *from_r, int64_t to, struct problem *why)
{
	int64_t before = f->looked_at;
	TRY(q_public_word_texts_between(f->store, f->rarest, f->second, *from_r, to, STEP,
					take_public_text, f, why));
	if (f->looked_at - before < STEP)
		return 0;
	*from_r = f->last - 1;
	return 1;
}

/*
 * Goes back from the newest text, by windows. A window ends with STEP texts of public rooms; if
 * there are fewer, the estimate for the other rooms says how large it is.
 */
static int look(struct finding *f, struct problem *why)
{
	int64_t to = f->newest, size = next_size(to, f->own);
	while (to > 0 && count_ids(f->found) < f->wanted && f->looked_at < ENOUGH) {
		int64_t from = to > size ? to - size : 0, before = f->looked_at;
		int more = 0;
		buf_clear(f->texts);
		if (f->everywhere)
			TRY(more = look_at_public(f, &from, to, why));
		int64_t open = f->looked_at - before;
		TRY(q_word_texts_between(f->store, f->places, f->rarest, f->second, from, to,
					 WINDOW, take_text, f, why));
		int64_t count = f->looked_at - before - open;
		if (count == WINDOW && to - from > WINDOW) { /* there may be more, and newer ones */
			f->looked_at = before;
			size = (to - from) / WIDER;
			continue;
		}
		TRY(choose(f, why));
		if (!more)
			size = next_size(to - from, count);
		to = from;
	}
	f->oldest = to;
	return 0;
}

static int show(struct finding *f, size_t from, const char *tokens, bool best, struct page *page,
		struct buf *out, struct problem *why)
{
	size_t count = count_ids(f->found), most = (size_t)page_limit(page);
	from = from < count ? from : count;
	count = count - from < most ? count - from : most;
	return q_messages_found(f->store, f->viewer,
				ids_json(f->arena, ids(f->found) + from, count), tokens, best,
				(int64_t)from, page_limit(page), page, out, why);
}

struct searching {
	struct finding *finding;
	const char *tokens;
	struct page *page;
	struct buf *out;
};

static int search_newest(const struct searching *s, struct problem *why)
{
	struct finding *f = s->finding;
	f->wanted = (size_t)page_limit(s->page);
	if (s->page->after)
		f->newest = page_int(s->page) - 1;
	TRY(look(f, why));
	TRY(show(f, 0, s->tokens, false, s->page, s->out, why));
	if (!s->page->next[0] && f->oldest > 0)
		snprintf(s->page->next, sizeof(s->page->next), "%lld", (long long)f->oldest + 1);
	return 0;
}

static int search_best(const struct searching *s, struct problem *why)
{
	size_t shown = s->page->after ? (size_t)page_int(s->page) : 0;
	s->finding->wanted = DEEPEST;
	TRY(look(s->finding, why));
	TRY(rank(s->finding, why));
	return show(s->finding, shown, s->tokens, true, s->page, s->out, why);
}

static int search(struct store *store, void *context, struct problem *why)
{
	const struct searching *s = context;
	struct finding *f = s->finding;
	struct buf *words = buf_in(f->arena);
	TRY(find_places(f, why));
	TRY(q_text_numbers(store, f->search->q, collect_id, words, why));
	f->words = ids(words);
	f->word_count = count_ids(words) < WORDS ? count_ids(words) : WORDS;
	if (f->word_count == 0)
		return show(f, 0, s->tokens, false, s->page, s->out, why);
	TRY(q_texts_newest(store, &f->newest, why));
	TRY(find_rarest(f, why));
	return f->search->sort[0] == 'b' ? search_best(s, why) : search_newest(s, why);
}

int message_search(struct arena *arena, struct store *store, int64_t viewer,
		   const struct message_search *input, struct page *page, struct buf *out,
		   struct problem *why)
{
	struct finding f = {.arena = arena,
			    .store = store,
			    .viewer = viewer,
			    .search = input,
			    .texts = buf_in(arena),
			    .found = buf_in(arena)};
	struct searching s = {.finding = &f, .page = page, .out = out};
	TRY(search_tokens(arena, store, input->q, &s.tokens, why));
	return store_read(store, search, &s, why);
}
