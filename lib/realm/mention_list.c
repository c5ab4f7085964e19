/* The list of mentions: see mention_list.h. */
#include "realm/mention_list.h"

#include <stdio.h>

#include "realm/messages.h"
#include "store/queries.h"

#define LOOKED_AT 500 /* mentions for one page; some may be hidden */

static const struct property mention_properties[] = {MESSAGE_PROPERTIES,
						     PROPERTY("room_name", TEXT)};
const struct shape mention_shape = SHAPE("Mention", mention_properties);

int mentions_list(struct arena *arena, struct store *store, int64_t viewer, struct page *page,
		  struct buf *out, struct problem *why)
{
	const char *floor = "";
	int more =
		q_mentions_floor(arena, store, viewer, page_text(page), LOOKED_AT - 1, &floor, why);
	TRY(more);
	TRY(q_mentions(store, viewer, page_text(page), more ? floor : "", page_limit(page), page,
		       out, why));
	if (more && !page->next[0])
		snprintf(page->next, sizeof(page->next), "%s", floor);
	return 0;
}
