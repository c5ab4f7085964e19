/* First answers: see answers.h. */
#include "realm/answers.h"
#include "store/queries.h"

int answer_find(struct arena *arena, struct store *store, struct first_answer *answer,
		struct problem *why)
{
	struct q_answer_find first;
	int found =
		q_answer_find(arena, store, answer->user_id, answer->key, clock_now() - ANSWER_KEPT,
			      answer->request, sizeof(answer->request), &first, why);
	if (found <= 0)
		return found;
	answer->location = first.location;
	answer->body = first.body;
	if (first.same)
		return 1;
	return problem_say(why, PROBLEM_IDEMPOTENCY_CONFLICT,
			   "This Idempotency-Key was already used for another request");
}

int answer_keep(struct store *store, const struct first_answer *answer, struct problem *why)
{
	return q_answer_keep(store, answer->user_id, answer->key, answer->request,
			     sizeof(answer->request), clock_now(), answer->location, answer->body,
			     why);
}
