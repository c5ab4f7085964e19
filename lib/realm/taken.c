/* The client_ids of changes: see taken.h. */
#include "realm/taken.h"

#include <string.h>

#include <sodium.h>

#include "store/queries.h"

void taken_hash(struct taken *taken, const char *const *parts)
{
	crypto_generichash_state state;
	crypto_generichash_init(&state, NULL, 0, TAKEN_HASH_BYTES);
	for (; *parts; parts++)
		crypto_generichash_update(&state, (const unsigned char *)*parts,
					  strlen(*parts) + 1);
	crypto_generichash_final(&state, taken->request_hash, TAKEN_HASH_BYTES);
}

int taken_find(struct store *store, struct taken *taken, struct problem *why)
{
	struct q_change_by_client first;
	int found = q_change_by_client(store, taken->user_id, taken->client_id, taken->request_hash,
				       sizeof(taken->request_hash), &first, why);
	if (found <= 0)
		return found;
	if (!first.same)
		return problem_set(why, PROBLEM_IDEMPOTENCY_CONFLICT);
	taken->seq = first.seq;
	taken->made_at = first.made_at;
	return 1;
}

int taken_save(struct store *store, const struct taken *taken, struct problem *why)
{
	return q_change_take(store, taken->user_id, taken->client_id, taken->request_hash,
			     sizeof(taken->request_hash), taken->seq, taken->made_at, why);
}
