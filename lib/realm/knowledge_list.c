/* Lists of knowledge: see knowledge_list.h. */
#include "realm/knowledge_list.h"

#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "base/utf8.h"
#include "realm/knowledge.h"
#include "realm/search.h"
#include "store/queries.h"

#define DEEPEST 1000 /* how far a list by relevance can be paged */

static const char *const sorts[] = {"new", "top", "useful", "relevant", KNOWLEDGE_BY_MEANING, NULL};

static const char *const contents[] = {"full", NULL};

static const struct field filter_rows[] = {
	FIELD(struct knowledge_filter, knowledge_type, TEXT, .min = 1, .max = 50,
	      .help = "Only knowledge of this type."),
	FIELD(struct knowledge_filter, visibility, CHOICE, .choices = knowledge_visibilities,
	      .help = "public: public ones; friends: those of friends, too; private: yours."),
	FIELD(struct knowledge_filter, tag, TEXT, .min = 1, .max = 64,
	      .help = "Only knowledge with this tag."),
	FIELD(struct knowledge_filter, creator_id, INT, .min = 0, .max = 9e15,
	      .help = "Only knowledge of this user."),
	FIELD(struct knowledge_filter, q, TEXT, .min = 1, .max = 200, .may_be_blank = true,
	      .help = "Words to find; \"in quotes\": a phrase; -word: not with this word. At most "
		      "16 "
		      "different words and phrases."),
	FIELD(struct knowledge_filter, sort, CHOICE, .choices = sorts,
	      .help = "top: by the share of upvotes, and more votes count as surer; useful: by "
		      "usefulness; relevant: by the match with q, or new without q; meaning: "
		      "public "
		      "knowledge that is near q in meaning, on one page, if an embedding model is "
		      "there, else relevant."),
	FIELD(struct knowledge_filter, content, CHOICE, .choices = contents,
	      .help = "full: with the whole texts, not only excerpts."),
};
const struct fields knowledge_filter_fields = FIELDS(struct knowledge_filter, filter_rows);

struct listing {
	struct store *store;
	int64_t viewer;
	const struct knowledge_filter *filter;
	const char *tag; /* folded, or NULL */
	struct search search;
	struct page *page;
	struct buf *out;
};

static bool full(const struct listing *l)
{
	return l->filter->content != NULL;
}

/* The last entry of the page before, "score/id"; above all entries without one. */
static void last_of_best(const struct page *page, int64_t *score, int64_t *id)
{
	char *end = NULL;
	*score = page->after ? strtoll(page->after, &end, 10) : INT64_MAX;
	*id = end && *end == '/' ? strtoll(end + 1, NULL, 10) : INT64_MAX;
}

static int list_newest(const struct listing *l, struct problem *why)
{
	const struct knowledge_filter *f = l->filter;
	int64_t before = page_int(l->page);
	int limit = page_limit(l->page);
	if (l->tag)
		return q_knowledge_list_by_tag(l->store, l->viewer, full(l), f->knowledge_type,
					       f->visibility, f->creator_id, before, limit, l->tag,
					       l->page, l->out, why);
	if (f->creator_id)
		return q_knowledge_list_by_creator(l->store, l->viewer, full(l), f->knowledge_type,
						   f->visibility, f->creator_id, before, limit,
						   l->page, l->out, why);
	return q_knowledge_list(l->store, l->viewer, full(l), f->knowledge_type, f->visibility,
				f->creator_id, before, limit, l->page, l->out, why);
}

/* Lists by a score that an index has. */
typedef int list_by_score(struct store *store, int64_t viewer, bool full, const char *type,
			  const char *visibility, int64_t creator, int64_t before, int64_t limit,
			  int64_t score, struct page *page, struct buf *out, struct problem *why);
typedef int list_tag_by_score(struct store *store, int64_t viewer, bool full, const char *type,
			      const char *visibility, int64_t creator, int64_t before,
			      int64_t limit, const char *tag, int64_t score, struct page *page,
			      struct buf *out, struct problem *why);

static const struct merit {
	const char *sort;
	list_tag_by_score *by_tag;
	list_by_score *by_creator, *all;
	bool useful;
} merits[] = {
	{"top", q_knowledge_top_by_tag, q_knowledge_top_by_creator, q_knowledge_top, false},
	{"useful", q_knowledge_useful_by_tag, q_knowledge_useful_by_creator, q_knowledge_useful,
	 true},
};

/* NULL: the list is not by a score. */
static const struct merit *merit_of(const char *sort)
{
	for (size_t i = 0; i < sizeof(merits) / sizeof(*merits); i++)
		if (strcmp(merits[i].sort, sort) == 0)
			return &merits[i];
	return NULL;
}

static int list_best(const struct listing *l, const struct merit *merit, struct problem *why)
{
	const struct knowledge_filter *f = l->filter;
	int64_t score, before;
	int limit = page_limit(l->page);
	last_of_best(l->page, &score, &before);
	if (l->tag)
		return merit->by_tag(l->store, l->viewer, full(l), f->knowledge_type, f->visibility,
				     f->creator_id, before, limit, l->tag, score, l->page, l->out,
				     why);
	list_by_score *list = f->creator_id ? merit->by_creator : merit->all;
	return list(l->store, l->viewer, full(l), f->knowledge_type, f->visibility, f->creator_id,
		    before, limit, score, l->page, l->out, why);
}

static int list_relevant(const struct listing *l, struct problem *why)
{
	const struct knowledge_filter *f = l->filter;
	int64_t shown = l->page->after ? page_int(l->page) : 0, next = shown + l->page->limit;
	TRY(q_knowledge_found(l->store, l->viewer, full(l), f->knowledge_type, f->visibility,
			      f->creator_id, page_limit(l->page), l->tag, next, l->search.rare,
			      l->search.rank, shown, l->search.hot, l->search.tokens, l->page,
			      l->out, why));
	if (next >= DEEPEST)
		l->page->next[0] = '\0';
	return 0;
}

static int list_found(const struct listing *l, const char *sort, struct problem *why)
{
	const struct knowledge_filter *f = l->filter;
	const struct merit *merit = merit_of(sort);
	int64_t score, before;
	if (merit) {
		last_of_best(l->page, &score, &before);
		return q_knowledge_found_top(l->store, l->viewer, full(l), f->knowledge_type,
					     f->visibility, f->creator_id, before,
					     page_limit(l->page), l->tag, score, merit->useful,
					     l->search.all, l->search.tokens, l->page, l->out, why);
	}
	bool by_match = strcmp(sort, "relevant") == 0 || strcmp(sort, KNOWLEDGE_BY_MEANING) == 0;
	if (by_match && l->search.rare)
		return list_relevant(l, why);
	return q_knowledge_found_new(l->store, l->viewer, full(l), f->knowledge_type, f->visibility,
				     f->creator_id, page_int(l->page), page_limit(l->page), l->tag,
				     l->search.all, l->search.tokens, l->page, l->out, why);
}

int knowledge_list(struct arena *arena, struct store *store, int64_t viewer,
		   const struct knowledge_filter *filter, struct page *page, struct buf *out,
		   struct problem *why)
{
	const char *sort = filter->sort ? filter->sort : filter->q ? "relevant" : "new";
	struct listing l = {.store = store,
			    .viewer = viewer,
			    .filter = filter,
			    .tag = filter->tag ? utf8_key(arena, filter->tag) : NULL,
			    .page = page,
			    .out = out};
	const struct merit *merit = merit_of(sort);
	if (!filter->q)
		return merit ? list_best(&l, merit, why) : list_newest(&l, why);
	TRY(search_parse(arena, store, filter->q, &l.search, why));
	if (l.search.all)
		return list_found(&l, sort, why);
	buf_puts(out, "[]");
	return 0;
}
