/* Invitations to the realm: see invites.h. */
#include "realm/invites.h"

#include <inttypes.h>
#include <stdio.h>

#include "base/arena.h"
#include "base/clock.h"
#include "base/faults.h"
#include "realm/audit.h"
#include "realm/codes.h"
#include "realm/rooms.h"
#include "realm/session.h"
#include "store/queries.h"

#define LASTS (7 * CLOCK_DAY) /* when the caller names no end */
#define LASTS_MOST (366 * CLOCK_DAY)
#define KEPT (30 * CLOCK_DAY) /* after its end */

static const struct field new_rows[] = {
	FIELD(struct invite_new, uses, INT, .min = 1, .max = 1000, .default_value = "1",
	      .help = "How many users may register with the code."),
	FIELD(struct invite_new, expires_at, TIME,
	      .help = "When the invitation ends: within a year; in seven days by default."),
	FIELD(struct invite_new, room_id, TEXT, .pattern = FIELD_UUID_PATTERN,
	      .help = "A room that the invitation leads into; you must be its owner or moderator."),
};
const struct fields invite_new_fields = FIELDS(struct invite_new, new_rows);

static const struct property invite_properties[] = {
	PROPERTY("id", INT),
	PROPERTY("created_by", INT),
	PROPERTY("created_at", TIME),
	PROPERTY("expires_at", TIME),
	PROPERTY("uses", INT),
	PROPERTY("used", INT, .help = "How many users have come in by the code."),
	PROPERTY("room_id", TEXT, .nullable = true,
		 .help = "The room that it leads into, if there is one and you can see it."),
	PROPERTY("code", TEXT, .nullable = true,
		 .help = "null but in the answer that makes the invitation."),
};
const struct shape invite_shape = SHAPE("Invite", invite_properties);

struct making {
	const struct session *by;
	const struct invite_new *input;
	char code[CODE_TEXT];
	int64_t id;
};

static int note(struct store *store, const struct session *by, enum audit_action action, int64_t id,
		struct problem *why)
{
	char object[24];
	snprintf(object, sizeof(object), "%" PRId64, id);
	return audit(store,
		     &(struct audit_entry){.action = action,
					   .caller = by->caller,
					   .actor = by->user_id,
					   .kind = "invite",
					   .object = object},
		     why);
}

static int insert_invite(struct store *store, void *context, struct problem *why)
{
	struct making *m = context;
	unsigned char hash[CODE_HASH];
	int64_t now = clock_now();
	int64_t expires = m->input->expires_at ? m->input->expires_at : now + LASTS;
	const char *room_id = m->input->room_id;
	if (room_id)
		TRY(room_check_rank(store, m->by->user_id, room_id, RANK_MODERATOR, why));
	code_hash(m->code, hash);
	TRY(q_invites_delete_expired(store, now - KEPT, why));
	TRY(q_invite_insert(store, hash, sizeof(hash), m->by->user_id, now, expires, m->input->uses,
			    room_id, &m->id, why));
	return note(store, m->by, AUDIT_INVITED, m->id, why);
}

int invite_make(struct arena *arena, struct store *store, const struct session *by,
		const struct invite_new *input, struct buf *out, struct problem *why)
{
	struct making m = {.by = by, .input = input};
	int64_t now = clock_now();
	if (!is_administrator(by))
		return problem_set(why, PROBLEM_FORBIDDEN);
	if (input->expires_at && (input->expires_at <= now || input->expires_at > now + LASTS_MOST))
		return problem_field(arena, why, "body", "expires_at",
				     "Value error, should be within the next year");
	code_make(m.code);
	TRY(store_write(store, insert_invite, &m, why));
	TRY(q_invite_show(store, m.id, m.code, out, why));
	return 0;
}

int invites_list(struct store *store, const struct session *viewer, struct page *page,
		 struct buf *out, struct problem *why)
{
	if (!is_administrator(viewer))
		return problem_set(why, PROBLEM_FORBIDDEN);
	return q_invites_list(store, viewer->user_id, page_int(page), page_limit(page), page, out,
			      why);
}

struct ending {
	const struct session *by;
	int64_t id;
};

static int delete_invite(struct store *store, void *context, struct problem *why)
{
	const struct ending *e = context;
	int deleted = q_invite_delete(store, e->id, why);
	if (deleted <= 0)
		return deleted < 0 ? -1 : problem_set(why, PROBLEM_NOT_FOUND);
	return note(store, e->by, AUDIT_INVITE_ENDED, e->id, why);
}

int invite_end(struct store *store, const struct session *by, int64_t invite_id,
	       struct problem *why)
{
	struct ending e = {by, invite_id};
	if (!is_administrator(by))
		return problem_set(why, PROBLEM_FORBIDDEN);
	return store_write(store, delete_invite, &e, why);
}

/* --- coming in by a code ---------------------------------------------------------------------- */

static int find(struct arena *arena, struct store *store, const char *code,
		struct q_invite_of_code *found, struct problem *why)
{
	unsigned char hash[CODE_HASH];
	code_hash(code, hash);
	int result = q_invite_of_code(arena, store, hash, sizeof(hash), clock_now(), found, why);
	return result == 0 ? problem_set(why, PROBLEM_INVITE_INVALID) : result;
}

int invite_check(struct arena *arena, struct store *store, const char *code,
		 struct invite *invite_r, struct problem *why)
{
	struct q_invite_of_code found;
	if (!code)
		return problem_say(why, PROBLEM_INVITE_INVALID,
				   "This realm asks for an invitation code");
	TRY(find(arena, store, code, &found, why));
	if (!found.left)
		return problem_set(why, PROBLEM_INVITE_INVALID);
	*invite_r = (struct invite){found.id, found.created_by, found.room_id};
	return 0;
}

/* The maker invites the user, and the user accepts: so a private room exists for the user, and a
 * ban holds. */
static int enter(struct arena *arena, struct store *store, const struct invite *invite,
		 int64_t user_id, struct problem *why)
{
	int64_t rank;
	int visible = q_invite_maker_visible(store, user_id, invite->maker, why);
	TRY(visible);
	TRY(room_acting_rank(store, invite->maker, invite->room_id, &rank, why));
	if (!visible || rank < RANK_MODERATOR)
		return problem_set(why, PROBLEM_INVITE_INVALID);
	TRY(q_room_invite(store, invite->room_id, user_id, invite->maker, clock_now(), why));
	return room_join(arena, store, user_id, invite->room_id, why);
}

static bool is_refusal(const struct problem *why)
{
	return why->code == PROBLEM_INVITE_INVALID || why->code == PROBLEM_ROOM_FULL ||
	       why->code == PROBLEM_ROOM_CLOSED || why->code == PROBLEM_ROOM_NOT_FOUND;
}

int invite_use(struct arena *arena, struct store *store, const struct invite *invite,
	       int64_t user_id, struct problem *why)
{
	struct problem refusal = {0};
	TRY(q_invite_use(store, invite->id, why));
	if (!invite->room_id || enter(arena, store, invite, user_id, &refusal) >= 0 ||
	    is_refusal(&refusal))
		return 0;
	*why = refusal;
	return -1;
}

struct joining {
	struct arena *arena;
	const char *code, *room_id;
	int64_t user_id;
};

static int join(struct store *store, void *context, struct problem *why)
{
	struct joining *j = context;
	struct q_invite_of_code found;
	TRY(find(j->arena, store, j->code, &found, why));
	j->room_id = found.room_id;
	if (!found.room_id)
		return problem_say(why, PROBLEM_INVITE_INVALID,
				   "This invitation does not lead into a room");
	int inside = q_room_is_participant(store, found.room_id, j->user_id, why);
	if (inside != 0)
		return inside < 0 ? -1 : 0;
	if (!found.left)
		return problem_set(why, PROBLEM_INVITE_INVALID);
	const struct invite invite = {found.id, found.created_by, found.room_id};
	TRY(enter(j->arena, store, &invite, j->user_id, why));
	TRY(q_invite_use(store, invite.id, why));
	return 1;
}

int invite_join(struct arena *arena, struct store *store, int64_t user_id, const char *code,
		const char **room_id_r, struct problem *why)
{
	struct joining j = {.arena = arena, .code = code, .user_id = user_id};
	int joined = store_write(store, join, &j, why);
	*room_id_r = j.room_id;
	return joined;
}
