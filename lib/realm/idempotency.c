/* Idempotency: see idempotency.h. */
#include "realm/idempotency.h"

int idempotency_find(struct arena *arena, struct store *store, struct idempotent_answer *answer,
		     struct problem *why)
{
	int same;
	int found =
		store_get(arena, store, why, Q_IDEMPOTENCY_FIND, "ltlb>itt", answer->user_id,
			  answer->key, clock_now() - IDEMPOTENCY_LIFETIME, answer->request_hash,
			  sizeof(answer->request_hash), &same, &answer->location, &answer->body);
	if (found <= 0 || same)
		return found;
	return problem_say(why, PROBLEM_IDEMPOTENCY_CONFLICT,
			   "This Idempotency-Key was already used for another request");
}

int idempotency_save(struct store *store, const struct idempotent_answer *answer,
		     struct problem *why)
{
	return store_exec(store, why, Q_IDEMPOTENCY_SAVE, "ltbltt", answer->user_id, answer->key,
			  answer->request_hash, sizeof(answer->request_hash), clock_now(),
			  answer->location, answer->body);
}
