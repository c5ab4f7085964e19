/* Idempotency: see idempotency.h. */
#include "realm/idempotency.h"
#include "store/queries.h"

int idempotency_find(struct arena *arena, struct store *store, struct idempotent_answer *answer,
		     struct problem *why)
{
	struct q_idempotency_find saved;
	int found = q_idempotency_find(arena, store, answer->user_id, answer->key,
				       clock_now() - IDEMPOTENCY_LIFETIME, answer->request_hash,
				       sizeof(answer->request_hash), &saved, why);
	if (found <= 0)
		return found;
	answer->status = (int)saved.status;
	answer->location = saved.location;
	answer->body = saved.body;
	answer->kept = saved.kept;
	if (saved.same && saved.removed)
		return problem_say(why, PROBLEM_IDEMPOTENCY_CONFLICT,
				   "What was created with this Idempotency-Key has been removed");
	if (saved.same)
		return 1;
	return problem_say(why, PROBLEM_IDEMPOTENCY_CONFLICT,
			   "This Idempotency-Key was already used for another request");
}

int idempotency_save(struct store *store, const struct idempotent_answer *answer,
		     struct problem *why)
{
	return q_idempotency_save(store, answer->user_id, answer->key, answer->request_hash,
				  sizeof(answer->request_hash), clock_now(), answer->status,
				  answer->location, answer->body, answer->kept, why);
}
