/* The settings of twins: see twins.h. */
#include "realm/twins.h"

#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "base/clock.h"
#include "base/config.h"
#include "base/json_in.h"
#include "base/json_out.h"
#include "realm/account_changed.h"
#include "realm/events.h"
#include "realm/rooms.h"
#include "realm/settings.h"
#include "store/queries.h"

#define MINUTES_EAST 840 /* the largest offset of a time zone from UTC: 14 hours */

static const char *const autopilots[] = {"off", "draft", "on", NULL};
static const char *const asking[] = {"never", "public", "always", NULL};
static const char *const groups[] = {"everyone", "friends", "nobody", NULL};

static const struct field change_rows[] = {
	FIELD(struct twin_change, name, TEXT, .min = 1, .max = 100, .line = true,
	      .help = "Name of the twin. null: your name."),
	FIELD(struct twin_change, persona, TEXT, .max = 4000,
	      .help = "How the twin speaks. Its conversation partners may learn this text."),
	FIELD(struct twin_change, traits, OBJECT, .max = 8192,
	      .help = "Any JSON object about the twin. Its conversation partners may learn it."),
	FIELD(struct twin_change, autopilot, CHOICE, .choices = autopilots,
	      .help = "off: the twin answers nobody but you, and learns facts only from what you "
		      "say "
		      "to it; draft: its answers wait for your approval; on: it answers by "
		      "itself. With draft and on it learns from all that you write."),
	FIELD(struct twin_change, answers_to, CHOICE, .choices = groups,
	      .help = "The users that the twin answers."),
	FIELD(struct twin_change, only_when_away, TRISTATE,
	      .help = "Whether the twin answers only while you are not connected."),
	FIELD(struct twin_change, quiet_hours, OBJECT, .max = 200,
	      .help = "Time in which the twin answers nobody but you: `from` and `to` as HH:MM, "
		      "and "
		      "`utc_offset` in minutes east of UTC. null: none."),
	FIELD(struct twin_change, model, TEXT, .min = 1, .max = 100, .line = true,
	      .help = "Language model. null: the realm's."),
	FIELD(struct twin_change, max_replies_per_day, INT, .min = 0, .max = 10000,
	      .help = "Most answers to others in a day (UTC)."),
	FIELD(struct twin_change, max_replies_per_person, INT, .min = 0, .max = 10000,
	      .help = "Most answers to one other user in a day."),
	FIELD(struct twin_change, asks_others, CHOICE, .choices = asking,
	      .help = "Whether your twin asks the twin of another user when it knows too little. "
		      "public: about questions that everybody can read; always: about all "
		      "questions. The owner of the other twin sees that yours has asked and what "
		      "it "
		      "was told, not the question."),
};
const struct fields twin_change_fields = FIELDS(struct twin_change, change_rows);
#define QUIET_HOURS_GIVEN (UINT32_C(1) << 6)

static const struct property twin_properties[] = {
	PROPERTY("name", TEXT, .help = "Name of the twin; by default your name."),
	PROPERTY("persona", TEXT, .nullable = true, .help = "How the twin speaks. It is public."),
	PROPERTY("traits", OBJECT, .help = "Any JSON object about the twin. It is public."),
	PROPERTY("autopilot", TEXT, .help = "off, draft or on."),
	PROPERTY("answers_to", TEXT, .help = "everyone, friends or nobody."),
	PROPERTY("only_when_away", BOOL,
		 .help = "Whether the twin answers only while you are not connected."),
	PROPERTY("quiet_hours", OBJECT, .nullable = true,
		 .help = "`from` and `to` as HH:MM, and `utc_offset` in minutes east of UTC."),
	PROPERTY("model", TEXT, .nullable = true, .help = "null: the realm's."),
	PROPERTY("max_replies_per_day", INT),
	PROPERTY("max_replies_per_person", INT,
		 .help = "A day; by default half of max_replies_per_day."),
	PROPERTY("asks_others", TEXT, .help = "never, public or always."),
};
const struct shape twin_shape = SHAPE("Twin", twin_properties);

static const struct property room_twin_properties[] = {
	PROPERTY("room_id", TEXT),
	PROPERTY("user_id", INT, .help = "The owner of the twin."),
	PROPERTY("username", TEXT),
	PROPERTY("full_name", TEXT, .nullable = true),
	PROPERTY("twin_name", TEXT),
	PROPERTY("is_inside", BOOL, .help = "Whether the twin is in the room now."),
};
const struct shape room_twin_shape = SHAPE("RoomTwin", room_twin_properties);

static const char *const parts[] = {"settings", "memory", "conversation", "room"};

static const struct property changed_properties[] = {
	PROPERTY("part", TEXT, .help = "settings, memory, conversation or room."),
	PROPERTY("id", TEXT, .nullable = true,
		 .help = "Id of the memory, the conversation or the room."),
	PROPERTY("is_deleted", BOOL,
		 .help = "Whether it is gone. Of a room: whether the twin has left it."),
};
const struct shape twin_changed_shape = SHAPE("TwinChanged", changed_properties);

int twin_tell(struct store *store, int64_t owner, const struct twin_changed *changed,
	      struct problem *why)
{
	return part_tell(store, EVENT_TWIN_CHANGED, owner, parts[changed->part], changed->id,
			 changed->is_deleted, why);
}

int twin_show(struct store *store, int64_t owner, struct buf *out, struct problem *why)
{
	int found = q_twin_one(store, owner, out, why);
	return found == 0 ? problem_set(why, PROBLEM_USER_NOT_FOUND) : found;
}

/* --- changing --------------------------------------------------------------------------------- */

struct quiet_hours {
	const char *from, *to;
	int64_t utc_offset;
};

#define TIME_OF_DAY "^([01][0-9]|2[0-3]):[0-5][0-9]$"
static const struct field quiet_rows[] = {
	FIELD(struct quiet_hours, from, TEXT, .required = true, .pattern = TIME_OF_DAY),
	FIELD(struct quiet_hours, to, TEXT, .required = true, .pattern = TIME_OF_DAY),
	FIELD(struct quiet_hours, utc_offset, INT, .min = -MINUTES_EAST, .max = MINUTES_EAST,
	      .default_value = "0"),
};
static const struct fields quiet_fields = FIELDS(struct quiet_hours, quiet_rows);

struct setting {
	struct arena *arena;
	int64_t owner;
	const struct twin_change *change;
	int64_t from, to, offset; /* of the quiet hours, in minutes; from -1: there are none */
};

static int64_t minutes_of(const char *time)
{
	return strtol(time, NULL, 10) * 60 + strtol(time + 3, NULL, 10);
}

static int read_quiet_hours(struct setting *s, struct problem *why)
{
	struct buf *faults = buf_in(s->arena);
	struct quiet_hours quiet = {0};
	const char *text = s->change->quiet_hours;
	s->from = -1;
	if (!text)
		return 0;
	json_t *json = json_in(s->arena, text, strlen(text), faults);
	if (json)
		fields_from_json(s->arena, &quiet_fields, json, "body", &quiet, NULL, faults);
	if (faults->len > 0)
		return problem_field(s->arena, why, "body", "quiet_hours",
				     "Value error, should have `from` and `to` as HH:MM, and "
				     "`utc_offset` in minutes from -840 to 840");
	s->from = minutes_of(quiet.from);
	s->to = minutes_of(quiet.to);
	s->offset = quiet.utc_offset;
	return 0;
}

static int set(struct store *store, void *context, struct problem *why)
{
	const struct setting *s = context;
	const struct twin_change *c = s->change;
	TRY(q_twin_insert(store, s->owner, clock_now(), why));
	TRY(q_twin_update(store, s->owner, c->given, c->name, c->persona, c->traits, c->autopilot,
			  c->answers_to, c->only_when_away, s->from, s->to, s->offset, c->model,
			  c->max_replies_per_day, c->max_replies_per_person, c->asks_others,
			  clock_now(), why));
	return twin_tell(store, s->owner, &(struct twin_changed){.part = TWIN_SETTINGS}, why);
}

bool twin_may_use(const struct settings *settings, const char *model)
{
	return strcmp(model, settings->openai_model) == 0 ||
	       config_has_word(settings->twin_models, model);
}

int twin_set(struct arena *arena, struct store *store, int64_t owner,
	     const struct twin_change *change, struct problem *why)
{
	struct setting s = {.arena = arena, .owner = owner, .change = change};
	if (change->given & QUIET_HOURS_GIVEN)
		TRY(read_quiet_hours(&s, why));
	return store_write(store, set, &s, why);
}

/* --- rooms ------------------------------------------------------------------------------------ */

struct moving {
	struct arena *arena;
	int64_t owner;
	const char *room_id;
	bool inside;
};

int room_twin_show(struct store *store, int64_t owner, const char *room_id, struct buf *out,
		   struct problem *why)
{
	int found = q_room_twin(store, owner, room_id, out, why);
	return found == 0 ? problem_set(why, PROBLEM_ROOM_NOT_FOUND) : found;
}

static int bring(struct store *store, const struct moving *m, struct problem *why)
{
	TRY(room_check_open(store, m->room_id, why));
	int is_aeon = q_room_is_aeon(store, m->room_id, why);
	if (is_aeon <= 0)
		return is_aeon < 0 ? -1 : problem_set(why, PROBLEM_NOT_AEON_ROOM);
	return q_room_twin_add(store, m->room_id, m->owner, clock_now(), why);
}

static int move(struct store *store, void *context, struct problem *why)
{
	const struct moving *m = context;
	TRY(room_check_inside(store, m->owner, m->room_id, why));
	int changed = m->inside ? bring(store, m, why)
				: q_room_twin_remove(store, m->room_id, m->owner, why);
	if (changed <= 0)
		return changed;
	const struct twin_changed told = {TWIN_ROOM, m->room_id, !m->inside};
	struct buf *data = buf_in(m->arena);
	TRY(twin_tell(store, m->owner, &told, why));
	TRY(room_twin_show(store, m->owner, m->room_id, data, why));
	return event_append(store,
			    &(struct event){.kind = EVENT_ROOM_TWIN,
					    .room_id = m->room_id,
					    .user_id = m->owner,
					    .data = data->data},
			    why);
}

int room_twin_set(struct arena *arena, struct store *store, int64_t owner, const char *room_id,
		  bool inside, struct problem *why)
{
	struct moving m = {arena, owner, room_id, inside};
	return store_write(store, move, &m, why);
}
