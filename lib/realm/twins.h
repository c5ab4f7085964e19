/*
 * The settings of twins. A twin speaks in the name of its owner, and only as these settings allow.
 * A user without settings has a twin that does nothing by itself.
 */
#ifndef REALM_TWINS_H
#define REALM_TWINS_H

#include "base/fields.h"
#include "store/shape.h"

struct arena;
struct settings;

/* Only what was given changes: bit i of `given` stands for the row i of the fields. */
struct twin_change {
	const char *name, *persona, *traits, *autopilot, *answers_to;
	int only_when_away; /* -1: not given */
	const char *quiet_hours, *model;
	int64_t max_replies_per_day, max_replies_per_person;
	const char *asks_others;
	uint32_t given;
};
#define TWIN_CHANGE_AUTOPILOT (UINT32_C(1) << 3)
extern const struct fields twin_change_fields;

extern const struct shape twin_shape;

/* What of a twin a change is about. `id` is that of the memory, the conversation or the room. */
enum twin_part { TWIN_SETTINGS, TWIN_MEMORY, TWIN_CONVERSATION, TWIN_ROOM };
struct twin_changed {
	enum twin_part part;
	const char *id; /* NULL: of the settings */
	bool is_deleted;
};
extern const struct shape twin_changed_shape;

/*
 * Within store_write(): tells the owner's clients that they should read that part again. The event
 * has no texts, so nothing of a deleted one stays in the event log.
 */
int twin_tell(struct store *store, int64_t owner, const struct twin_changed *changed,
	      struct problem *why);

int twin_show(struct store *store, int64_t owner, struct buf *out, struct problem *why);

/* PROBLEM_INVALID for quiet hours that are none. */
int twin_set(struct arena *arena, struct store *store, int64_t owner,
	     const struct twin_change *change, struct problem *why);

/* Whether the realm offers that model to its users. */
bool twin_may_use(const struct settings *settings, const char *model);

/* Event and answer: a member has brought the own twin into a room, or has taken it out. */
extern const struct shape room_twin_shape;

/*
 * Brings the owner's twin into an AEON room, or takes it out; repeating changes nothing. The owner
 * is a member: else PROBLEM_ROOM_NOT_FOUND or PROBLEM_FORBIDDEN. PROBLEM_NOT_AEON_ROOM,
 * PROBLEM_ROOM_CLOSED. A room_twin event tells the others.
 */
int room_twin_set(struct arena *arena, struct store *store, int64_t owner, const char *room_id,
		  bool inside, struct problem *why);

/* Writes a room_twin_shape. */
int room_twin_show(struct store *store, int64_t owner, const char *room_id, struct buf *out,
		   struct problem *why);

#endif
