/* First answers: see answers.h. */
#include "realm/answers.h"

int answer_find(struct arena *arena, struct store *store, struct first_answer *answer,
		struct problem *why)
{
	int same;
	int found = store_get(arena, store, why, Q_ANSWER_FIND, "ltlb>itt", answer->user_id,
			      answer->key, clock_now() - ANSWER_KEPT, answer->request,
			      sizeof(answer->request), &same, &answer->location, &answer->body);
	if (found <= 0 || same)
		return found;
	return problem_say(why, PROBLEM_IDEMPOTENCY_CONFLICT,
			   "This Idempotency-Key was already used for another request");
}

int answer_keep(struct store *store, const struct first_answer *answer, struct problem *why)
{
	return store_exec(store, why, Q_ANSWER_KEEP, "ltbltt", answer->user_id, answer->key,
			  answer->request, sizeof(answer->request), clock_now(), answer->location,
			  answer->body);
}
