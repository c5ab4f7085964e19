/* Direct rooms and groups: see direct.h. */
#include "realm/direct.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "base/buf.h"
#include "base/clock.h"
#include "base/uuid.h"
#include "realm/rooms.h"
#include "realm/users.h"
#include "store/queries.h"

static const struct field new_rows[] = {
	FIELD(struct direct_new, user_ids, INTS, .required = true, .max = DIRECT_USERS - 1,
	      .help = "Ids of the other users; one for a direct room, more for a group."),
};
const struct fields direct_new_fields = FIELDS(struct direct_new, new_rows);

struct opening {
	struct arena *arena;
	int64_t user_id;
	const int64_t *ids; /* of all of them, ascending */
	size_t count;
	const char *key, *room_id;
	bool is_new;
};

static int by_id(const void *one, const void *other)
{
	int64_t a = *(const int64_t *)one, b = *(const int64_t *)other;
	return (a > b) - (a < b);
}

/* The ids of all, each once and in order, and what the database has of them. */
static int find_members(struct opening *o, const struct ints *others, struct problem *why)
{
	int64_t *ids = arena_alloc(o->arena, (others->count + 1) * sizeof(*ids));
	struct buf *key = buf_in(o->arena);
	ids[0] = o->user_id;
	for (size_t i = 0; i < others->count; i++) {
		ids[i + 1] = others->at[i];
		if (others->at[i] == o->user_id)
			return problem_field(
				o->arena, why, "body", "user_ids",
				"Value error, you are in the room anyway; name others");
	}
	qsort(ids, others->count + 1, sizeof(*ids), by_id);
	for (size_t i = 0; i <= others->count; i++)
		if (i == 0 || ids[i] != ids[o->count - 1])
			ids[o->count++] = ids[i];
	if (o->count < 2)
		return problem_field(o->arena, why, "body", "user_ids",
				     "Value error, at least one user is needed");
	for (size_t i = 0; i < o->count; i++)
		buf_printf(key, "%s%" PRId64, i ? "," : "", ids[i]);
	o->ids = ids;
	o->key = key->data;
	return 0;
}

/* Whether it brings the user in: into a group that is there only the one who opens it comes back.
 */
static int is_brought(struct store *store, const struct opening *o, int64_t user_id,
		      struct problem *why)
{
	if (o->is_new)
		return 1;
	if (user_id != o->user_id && o->count > 2)
		return 0;
	int inside = q_room_is_participant(store, o->room_id, user_id, why);
	return inside < 0 ? -1 : !inside;
}

/* A user knows everybody that has been in the same room. */
static int check_other(struct store *store, const struct opening *o, int64_t user_id,
		       struct problem *why)
{
	bool welcome;
	int found = q_direct_other(store, o->user_id, user_id, !o->is_new, &welcome, why);
	if (found <= 0)
		return found < 0 ? -1 : problem_set(why, PROBLEM_USER_NOT_FOUND);
	if (welcome)
		return 0;
	int brought = is_brought(store, o, user_id, why);
	return brought > 0 ? problem_set(why, PROBLEM_CONTACT_REFUSED) : brought;
}

static int insert(struct store *store, struct opening *o, struct problem *why)
{
	char *id = arena_alloc(o->arena, UUID_TEXT);
	uuid_make(id);
	o->room_id = id;
	return q_direct_insert(store, id, o->user_id, clock_now(),
			       o->count == 2 ? "direct" : "group", o->key, (int64_t)o->count, why);
}

static int open_room(struct store *store, void *context, struct problem *why)
{
	struct opening *o = context;
	struct q_direct_room room;
	int found = q_direct_room(o->arena, store, o->key, &room, why);
	TRY(found);
	if (found && room.is_closed)
		return problem_set(why, PROBLEM_ROOM_CLOSED);
	o->is_new = !found;
	o->room_id = found ? room.room : NULL;
	for (size_t i = 0; i < o->count; i++)
		if (o->ids[i] != o->user_id)
			TRY(check_other(store, o, o->ids[i], why));
	if (o->is_new)
		TRY(insert(store, o, why));
	for (size_t i = 0; i < o->count; i++) {
		int brought = is_brought(store, o, o->ids[i], why);
		TRY(brought);
		if (brought)
			TRY(room_enter(o->arena, store, o->ids[i], o->room_id, "member", why));
	}
	return o->is_new;
}

int direct_open(struct arena *arena, struct store *store, int64_t user_id,
		const struct ints *others, const char **room_id_r, struct problem *why)
{
	struct opening o = {.arena = arena, .user_id = user_id};
	int is_new;
	TRY(find_members(&o, others, why));
	TRY(is_new = store_write(store, open_room, &o, why));
	*room_id_r = o.room_id;
	return is_new;
}

int direct_forget(struct store *store, int64_t user_id, struct problem *why)
{
	return q_direct_forget(store, user_id, clock_now(), why) < 0 ? -1 : 0;
}
