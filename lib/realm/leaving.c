/* Texts that may leave this machine: see leaving.h. */
#include "realm/leaving.h"

#include "realm/settings.h"
#include "store/queries.h"

enum leaving leaving_to(const struct settings *settings, bool is_local)
{
	return is_local ? LEAVE_ALL : (enum leaving)settings->twin_texts;
}

static int as_leaving(int found, int64_t number, enum leaving *leaving_r)
{
	*leaving_r = found > 0 ? (enum leaving)number : LEAVE_NEVER;
	return found;
}

int text_leaving(struct store *store, int64_t owner, enum source_kind kind, const char *id,
		 enum leaving *leaving_r, struct problem *why)
{
	int64_t number = 0;
	int found = q_text_leaving(store, source_kind_name(kind), id, owner, &number, why);
	return as_leaving(found, number, leaving_r);
}

int answer_leaving(struct store *store, int64_t owner, int64_t turn, enum leaving *leaving_r,
		   struct problem *why)
{
	int64_t number = 0;
	int found = q_answer_leaving(store, turn, owner, &number, why);
	return as_leaving(found, number, leaving_r);
}
