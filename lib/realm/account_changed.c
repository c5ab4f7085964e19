/* What a user's own devices read again: see account_changed.h. */
#include "realm/account_changed.h"

#include <inttypes.h>
#include <stdio.h>

#include "base/buf.h"
#include "base/json_out.h"
#include "realm/collect.h"
#include "store/queries.h"
#include "store/shape.h"

static const char *const account_parts[] = {
	[ACCOUNT_PROFILE] = "profile",
	[ACCOUNT_PRIVACY] = "privacy",
	[ACCOUNT_SESSIONS] = "sessions",
	[ACCOUNT_SECOND_FACTOR] = "second_factor",
	[ACCOUNT_SETTINGS] = "settings",
	[ACCOUNT_MAIL] = "mail",
	[ACCOUNT_RELATIONSHIP] = "relationship",
	[ACCOUNT_VOTE] = "vote",
	[ACCOUNT_KNOWLEDGE] = "knowledge",
	[ACCOUNT_INTERACTION] = "interaction",
};

static const struct property changed_properties[] = {
	PROPERTY("part", TEXT,
		 .help = "profile, privacy, sessions, second_factor, settings, mail, relationship, "
			 "vote, knowledge or interaction."),
	PROPERTY("id", TEXT, .nullable = true,
		 .help = "Id of the knowledge or the interaction; of a relationship the other "
			 "user's, of a vote the knowledge's. A relationship without an id is "
			 "another user's: the user sees more or less of some rooms now."),
	PROPERTY("is_deleted", BOOL, .help = "Whether it is gone."),
};
const struct shape account_changed_shape = SHAPE("AccountChanged", changed_properties);

int part_tell(struct store *store, enum event_kind kind, int64_t user_id, const char *part,
	      const char *id, bool is_deleted, struct problem *why)
{
	struct buf data = {0};
	jw_open(&data, '{');
	jw_kv_text(&data, "part", part);
	jw_kv_text(&data, "id", id);
	jw_kv_bool(&data, "is_deleted", is_deleted);
	jw_close(&data, '}');
	struct event event = {.kind = kind, .user_id = user_id, .data = data.data};
	int result = event_append(store, &event, why);
	buf_free(&data);
	return result;
}

int account_tell(struct store *store, int64_t user_id, enum account_part part, int64_t id,
		 bool is_deleted, struct problem *why)
{
	char text[24];
	snprintf(text, sizeof(text), "%" PRId64, id);
	return part_tell(store, EVENT_ACCOUNT_CHANGED, user_id, account_parts[part],
			 id ? text : NULL, is_deleted, why);
}

int account_tell_others(struct store *store, int64_t user_id, struct problem *why)
{
	struct buf others = {0};
	int result = q_direct_others(store, user_id, collect_id, &others, why);
	const int64_t *ids = (const int64_t *)(const void *)others.data;
	for (size_t i = 0; result >= 0 && i < others.len / sizeof(*ids); i++)
		result = account_tell(store, ids[i], ACCOUNT_RELATIONSHIP, 0, false, why);
	buf_free(&others);
	return result < 0 ? -1 : 0;
}
