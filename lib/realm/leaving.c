/* Texts that may leave this machine: see leaving.h. */
#include "realm/leaving.h"

#include "realm/settings.h"
#include "store/queries.h"

enum leaving leaving_to(const struct settings *settings, bool is_local)
{
	return is_local ? LEAVE_ALL : (enum leaving)settings->twin_texts;
}

int text_may_leave(struct store *store, enum leaving leaving, int64_t owner, enum source_kind kind,
		   const char *id, struct problem *why)
{
	return q_text_may_leave(store, source_kind_name(kind), id, leaving, owner, why);
}

int answer_may_leave(struct store *store, enum leaving leaving, int64_t owner, int64_t turn,
		     struct problem *why)
{
	return q_answer_may_leave(store, turn, leaving, owner, why);
}
