/* Quotas: see quota.h. The queries count no further than to one more than the quota. */
#include "realm/quota.h"

#include <stddef.h>
#include <string.h>

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
	[QUOTA_MEMORIES] = {"memories of your twin", offsetof(struct settings, quota_memories),
			    q_quota_memories},
	[QUOTA_CONVERSATIONS] = {"conversations with your twin",
				 offsetof(struct settings, quota_conversations),
				 q_quota_conversations},
	[QUOTA_DIRECT] = {"direct rooms and groups that you have opened",
			  offsetof(struct settings, quota_direct), q_quota_direct},
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

/* --- bytes of texts --------------------------------------------------------------------------- */

int64_t text_bytes(const char *const *texts, size_t count)
{
	size_t bytes = 0;
	for (size_t i = 0; i < count; i++)
		bytes += texts[i] ? strlen(texts[i]) : 0;
	return (int64_t)bytes;
}

/* The quota may have become smaller. A user above it may still shorten a text. */
static int check_bytes(const struct store *store, int64_t before, int64_t after,
		       struct problem *why)
{
	int64_t most = store_rules(store)->quota_bytes;
	if (most == 0 || after <= most || after <= before)
		return 0;
	return problem_say(why, PROBLEM_QUOTA_EXCEEDED, "The quota is reached: %lld bytes of texts",
			   (long long)most);
}

int quota_check_text(struct store *store, int64_t user_id, int64_t more, struct problem *why)
{
	int64_t before = 0;
	TRY(q_quota_text(store, user_id, &before, why));
	return check_bytes(store, before, before + more, why);
}

int quota_check_grown(struct store *store, int64_t user_id, int64_t before, struct problem *why)
{
	int64_t after = 0;
	TRY(q_quota_text(store, user_id, &after, why));
	return check_bytes(store, before, after, why);
}
