/* When a twin may answer: see turn_rules.h. */
#include "realm/turn_rules.h"

#include <string.h>

#include "base/clock.h"
#include "realm/turns.h"
#include "store/queries.h"
#include "store/store.h"

#define MINUTE (60 * CLOCK_SECOND)
#define DAY_MINUTES 1440
#define ROOM_WORDS_MAX 8 /* messages of twins after the last word of a user */

struct facts {
	const struct q_turn_facts *is;
	int64_t now, day_end;
	int64_t room_words;
	bool is_exchange;
};

int64_t quiet_until(int64_t now, int64_t from, int64_t to, int64_t offset)
{
	int64_t minutes = now / MINUTE;
	int64_t local = (minutes + offset + DAY_MINUTES) % DAY_MINUTES;
	int64_t length = (to - from + DAY_MINUTES) % DAY_MINUTES;
	int64_t since = (local - from + DAY_MINUTES) % DAY_MINUTES;
	return since < length ? (minutes + length - since) * MINUTE : 0;
}

/* --- the rules: each gives 0, or when its reason ends, or UNKNOWN --------------------------------
 */

#define UNKNOWN (-1)

static int64_t owner_is_gone(const struct facts *facts)
{
	return facts->is->exists && facts->is->asker_exists ? 0 : UNKNOWN;
}

static int64_t twin_is_off(const struct facts *facts)
{
	return strcmp(facts->is->autopilot, "off") == 0 ? UNKNOWN : 0;
}

static int64_t users_are_blocked(const struct facts *facts)
{
	return facts->is->blocked ? UNKNOWN : 0;
}

static int64_t twin_is_not_inside(const struct facts *facts)
{
	return facts->is->in_room ? 0 : UNKNOWN;
}

static int64_t asker_is_not_answered(const struct facts *facts)
{
	const char *to = facts->is->answers_to;
	bool answered =
		strcmp(to, "everyone") == 0 || (strcmp(to, "friends") == 0 && facts->is->friend);
	return answered && facts->is->open ? 0 : UNKNOWN;
}

/* The twin that asks does not wait for an owner. */
static int64_t owner_wants_drafts(const struct facts *facts)
{
	return facts->is_exchange && strcmp(facts->is->autopilot, "draft") == 0 ? UNKNOWN : 0;
}

static int64_t owner_is_there(const struct facts *facts)
{
	return facts->is->only_when_away && facts->is->connected ? UNKNOWN : 0;
}

static int64_t hours_are_quiet(const struct facts *facts)
{
	if (facts->is->quiet_from < 0)
		return 0;
	return quiet_until(facts->now, facts->is->quiet_from, facts->is->quiet_to,
			   facts->is->quiet_offset);
}

static int64_t day_is_used_up(const struct facts *facts)
{
	return facts->is->today < facts->is->per_day ? 0 : facts->day_end;
}

static int64_t person_is_used_up(const struct facts *facts)
{
	return facts->is->today_person < facts->is->per_person ? 0 : facts->day_end;
}

static int64_t room_is_used_up(const struct facts *facts)
{
	return facts->room_words < ROOM_WORDS_MAX ? 0 : UNKNOWN;
}

static const struct {
	const char *reason;
	int64_t (*holds)(const struct facts *facts);
} rules[] = {
	{"suspended", owner_is_gone},
	{"off", twin_is_off},
	{"blocked", users_are_blocked},
	{"not_in_room", twin_is_not_inside},
	{"answers_to", asker_is_not_answered},
	{"draft", owner_wants_drafts},
	{"away", owner_is_there},
	{"quiet_hours", hours_are_quiet},
	{"day_limit", day_is_used_up},
	{"person_limit", person_is_used_up},
	{"chain_limit", room_is_used_up},
};

/* --- the check -------------------------------------------------------------------------------- */

static void apply_rules(const struct facts *facts, struct turn_permission *permission_r)
{
	for (size_t i = 0; i < sizeof(rules) / sizeof(*rules); i++) {
		int64_t until = rules[i].holds(facts);
		if (until == 0)
			continue;
		permission_r->reason = rules[i].reason;
		permission_r->until = until == UNKNOWN ? 0 : until;
		return;
	}
}

/* An owner always talks with the own twin. */
static int check_chat(struct store *store, const struct turn *turn,
		      struct turn_permission *permission_r, struct problem *why)
{
	int exists = q_twin_owner_exists(store, turn->twin_id, clock_now(), why);
	if (exists == 0)
		permission_r->reason = "suspended";
	return exists < 0 ? -1 : 0;
}

int turn_check(struct arena *arena, struct store *store, const struct turn *turn,
	       struct turn_permission *permission_r, struct problem *why)
{
	int64_t day = turn->created_at - turn->created_at % CLOCK_DAY, last;
	struct facts facts = {.now = clock_now(),
			      .day_end = day + CLOCK_DAY,
			      .is_exchange = turn->cause == CAUSE_EXCHANGE};
	struct q_turn_facts row;
	*permission_r = (struct turn_permission){0};
	if (turn->cause == CAUSE_CHAT)
		return check_chat(store, turn, permission_r, why);
	int found = q_turn_facts(arena, store, turn->asker_id, turn->twin_id, turn->room_id,
				 facts.now, day, &row, why);
	if (found <= 0) {
		permission_r->reason = "off"; /* without settings a twin does nothing */
		return found;
	}
	if (turn->room_id) {
		TRY(q_room_twin_words(store, turn->room_id, &facts.room_words, why));
		TRY(q_twin_last_message(store, turn->twin_id, &last, why));
		permission_r->not_before = last ? last + TURN_SPACING_US : 0;
	}
	facts.is = &row;
	permission_r->draft = strcmp(row.autopilot, "draft") == 0;
	apply_rules(&facts, permission_r);
	return 0;
}
