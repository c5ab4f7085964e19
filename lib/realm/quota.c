/* Quotas: see quota.h. The queries count no further than to one more than the quota. */
#include "realm/quota.h"

#include <stddef.h>

#include "realm/settings.h"
#include "store/queries.h"

static const struct {
	const char *what;
	size_t most; /* offset in the settings */
	int (*count)(struct store *, int64_t user, int64_t limit, int64_t *count_r,
		     struct problem *);
} quotas[QUOTA__COUNT] = {
	[QUOTA_ROOMS] = {"rooms that you own", offsetof(struct settings, quota_rooms),
			 q_quota_rooms},
	[QUOTA_INVITATIONS] = {"open invitations by you",
			       offsetof(struct settings, quota_invitations), q_quota_invitations},
	[QUOTA_KNOWLEDGE] = {"items of knowledge", offsetof(struct settings, quota_knowledge),
			     q_quota_knowledge},
	[QUOTA_RELATIONSHIPS] = {"relationships", offsetof(struct settings, quota_relationships),
				 q_quota_relationships},
};

int quota_check(struct store *store, const struct settings *settings, int64_t user_id,
		enum quota quota, struct problem *why)
{
	int64_t count = 0;
	if (quota == QUOTA_NONE)
		return 0;
	int64_t most =
		*(const int64_t *)(const void *)((const char *)settings + quotas[quota].most);
	TRY(quotas[quota].count(store, user_id, most + 1, &count, why));
	if (count <= most)
		return 0;
	return problem_say(why, PROBLEM_QUOTA_EXCEEDED, "The quota is reached: %lld %s",
			   (long long)most, quotas[quota].what);
}
