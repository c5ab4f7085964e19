/* What twins may tell each other: see telling.h. */
#include "realm/telling.h"

#include "store/queries.h"

int telling_audience(struct store *store, const struct audience *answer, int64_t teller,
		     struct audience *audience_r, struct problem *why)
{
	struct q_telling_rights rights;
	bool few = answer->to == ANSWER_TO_OWNER || answer->to == ANSWER_TO_PAIR;
	int found = q_telling_rights(store, answer->owner, audience_reader(answer), teller, &rights,
				     why);
	if (found <= 0 || !rights.allowed)
		return found < 0 ? -1 : 0;
	/* A memory for friends may be told when both readers are friends: then one stands for both.
	 * No user stands for everybody: nobody is a friend of 0. */
	*audience_r = (struct audience){.to = ANSWER_TO_TWIN,
					.owner = teller,
					.reader = few && rights.friends ? answer->owner : 0};
	return 1;
}
