/* write_all_pages() of ctl.h. */
#include "base/arena.h"
#include "base/json_out.h"
#include "ctl/ctl.h"

int write_all_pages(struct ctl *ctl,
		    int (*list)(struct ctl *, struct page *, struct buf *out, void *context,
				struct problem *),
		    void *context, struct problem *why)
{
	struct page page = {.limit = 200};
	struct buf *part = buf_in(ctl->arena);
	jw_open(ctl->out, '[');
	do {
		page.after = *page.next ? arena_strdup(ctl->arena, page.next) : NULL;
		buf_clear(part);
		TRY(list(ctl, &page, part, context, why));
		if (part->len > 2)
			jw_raw(ctl->out, part->data + 1, part->len - 2);
	} while (*page.next);
	jw_close(ctl->out, ']');
	return 0;
}
