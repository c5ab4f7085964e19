/*
 * Lists of knowledge, as far as the viewer may see it.
 *
 * "useful" is the realm's memory of itself: what the twins of many users cite for many users rises,
 * and what users vote down or reject in drafts sinks. Only answers that everybody could read count,
 * and each user only once, so no user can move anything alone; sql/migrations/0022_useful.sql says
 * what is counted, and when it ends.
 */
#ifndef REALM_KNOWLEDGE_LIST_H
#define REALM_KNOWLEDGE_LIST_H

#include "base/fields.h"
#include "store/shape.h"

struct arena;

#define KNOWLEDGE_BY_MEANING "meaning" /* of `sort`: see knowledge_nearest.h */

struct knowledge_filter {
	const char *knowledge_type, *visibility, *tag, *q; /* q: see search.h */
	const char *sort;                                  /* NULL: relevant with q, else new */
	int64_t creator_id;
	const char *content; /* full: the lists have it; NULL: only an excerpt */
};
extern const struct fields knowledge_filter_fields;

int knowledge_list(struct arena *arena, struct store *store, int64_t viewer,
		   const struct knowledge_filter *filter, struct page *page, struct buf *out,
		   struct problem *why);

#endif
