/* Moderation: see moderation.h. */
#include "realm/moderation.h"

#include <string.h>

#include "base/arena.h"
#include "base/clock.h"
#include "base/json_out.h"
#include "realm/audit.h"
#include "realm/events.h"
#include "realm/person.h"
#include "realm/presence.h"
#include "realm/rooms.h"
#include "realm/session.h"
#include "realm/users.h"
#include "store/queries.h"

static const struct field invitation_rows[] = {
	FIELD(struct room_invitation, user_id, INT, .required = true, .min = 1, .max = 9e15,
	      .help = "Id of the user to invite."),
};
const struct fields room_invitation_fields = FIELDS(struct room_invitation, invitation_rows);

static const char *const roles[] = {"moderator", "member", NULL};
static const struct field role_rows[] = {
	FIELD(struct room_role, role, CHOICE, .required = true, .choices = roles,
	      .help = "New role of the participant."),
};
const struct fields room_role_fields = FIELDS(struct room_role, role_rows);

static const struct field removal_rows[] = {
	FIELD(struct room_removal, ban, BOOL, .default_value = "false",
	      .help = "Whether the user can return only after an invitation or the end of the "
		      "ban."),
};
const struct fields room_removal_fields = FIELDS(struct room_removal, removal_rows);

static const struct field change_rows[] = {
	FIELD(struct room_change, name, TEXT, .min = 1, .max = 100, .line = true,
	      .help = "New name."),
	FIELD(struct room_change, description, TEXT, .max = 1000,
	      .help = "New description of the room."),
	FIELD(struct room_change, topic, TEXT, .max = 255, .line = true, .help = "New topic."),
	FIELD(struct room_change, is_public, BOOL,
	      .help = "false: only its participants and invited users see the room."),
	FIELD(struct room_change, max_participants, INT, .min = 2, .max = 10000,
	      .help = "Most participants at one time."),
};
const struct fields room_change_fields = FIELDS(struct room_change, change_rows);
#define TEXTS_GIVEN UINT32_C(7) /* the first three rows */

static const struct property invitation_properties[] = {
	PROPERTY("room_id", TEXT),
	PROPERTY("name", TEXT, .help = "Name of the room."),
	PROPERTY("user_id", INT),
	PROPERTY("invited_by", INT, .nullable = true,
		 .help = "null: a user that is hidden from you."),
	PROPERTY("username", TEXT, .nullable = true, .help = "Name of that user."),
	PERSON_NAMES,
	PROPERTY("created_at", TIME),
};
const struct shape room_invitation_shape = SHAPE("RoomInvitation", invitation_properties);

static const struct property ban_properties[] = {
	PROPERTY("user_id", INT),
	PROPERTY("username", TEXT),
	PERSON_NAMES,
	PROPERTY("banned_by", INT, .nullable = true,
		 .help = "null: a user that is hidden from you."),
	PROPERTY("banned_by_name", TEXT, .nullable = true, .help = "Name of that user."),
	PROPERTY("banned_by_full_name", TEXT, .nullable = true),
	PROPERTY("created_at", TIME),
};
const struct shape room_ban_shape = SHAPE("RoomBan", ban_properties);

static const struct property guest_properties[] = {
	PROPERTY("user_id", INT),
	PROPERTY("username", TEXT),
	PERSON_NAMES,
	PROPERTY("invited_by", INT, .nullable = true,
		 .help = "null: a user that is hidden from you."),
	PROPERTY("invited_by_name", TEXT, .nullable = true, .help = "Name of that user."),
	PROPERTY("invited_by_full_name", TEXT, .nullable = true),
	PROPERTY("created_at", TIME),
};
const struct shape room_guest_shape = SHAPE("RoomGuest", guest_properties);

static const struct property removed_properties[] = {
	PROPERTY("room_id", TEXT),
};
const struct shape room_removed_shape = SHAPE("RoomRemoved", removed_properties);
const struct shape room_restored_shape = SHAPE("RoomRestored", removed_properties);

/* An action on a room, by the viewer, and on a user. */
struct doing {
	struct arena *arena;
	int64_t viewer, user_id;
	const char *room_id, *role;
	bool ban;
	const struct room_change *change;
};

/* --- invitations ------------------------------------------------------------------------------ */

int room_invitation_show(struct store *store, int64_t viewer, const char *room_id, int64_t user_id,
			 struct buf *out, struct problem *why)
{
	return q_room_invitation(store, viewer, room_id, user_id, out, why);
}

int room_invitations_list(struct store *store, int64_t viewer, struct page *page, struct buf *out,
			  struct problem *why)
{
	return q_room_invitations_of(store, viewer, page->after, page_limit(page), page, out, why);
}

static int invite(struct store *store, void *context, struct problem *why)
{
	const struct doing *d = context;
	int64_t theirs;
	int made;
	TRY(room_check_rank(store, d->viewer, d->room_id, RANK_MODERATOR, why));
	TRY(room_check_open(store, d->room_id, why));
	TRY(user_check_contact(store, d->viewer, d->user_id, why));
	TRY(q_room_unban(store, d->room_id, d->user_id, why));
	TRY(room_rank(store, d->user_id, d->room_id, &theirs, why));
	TRY(made = q_room_invite(store, d->room_id, d->user_id, d->viewer, clock_now(), why));
	if (!made || theirs >= 0)
		return 0;
	struct buf *data = buf_in(d->arena);
	TRY(room_invitation_show(store, d->user_id, d->room_id, d->user_id, data, why));
	TRY(event_append(store,
			 &(struct event){.kind = EVENT_INVITATION,
					 .other_id = d->viewer,
					 .user_id = d->user_id,
					 .data = data->data},
			 why));
	return 1;
}

int room_invite(struct arena *arena, struct store *store, int64_t viewer, const char *room_id,
		int64_t user_id, struct problem *why)
{
	struct doing d = {.arena = arena, .viewer = viewer, .room_id = room_id, .user_id = user_id};
	return store_write(store, invite, &d, why);
}

/* --- roles and removal ------------------------------------------------------------------------ */

static const struct property settings_properties[] = {
	PROPERTY("id", TEXT),
	PROPERTY("name", TEXT),
	PROPERTY("description", TEXT, .nullable = true),
	PROPERTY("topic", TEXT, .nullable = true),
	PROPERTY("is_public", BOOL),
	PROPERTY("max_participants", INT),
	PROPERTY("is_aeon_room", BOOL),
	PROPERTY("is_closed", BOOL, .help = "true: nobody can write in it or join it."),
};
const struct shape room_settings_shape = SHAPE("RoomSettings", settings_properties);

/* Tells the members the room's settings, which are the same for all of them. */
static int tell_updated(struct store *store, const struct doing *d, struct problem *why)
{
	struct buf *data = buf_in(d->arena);
	TRY(q_room_settings(store, d->room_id, data, why));
	return event_append(store,
			    &(struct event){.kind = EVENT_ROOM_UPDATED,
					    .room_id = d->room_id,
					    .data = data->data},
			    why);
}

static int set_role(struct store *store, void *context, struct problem *why)
{
	const struct doing *d = context;
	int64_t theirs;
	TRY(room_check_rank(store, d->viewer, d->room_id, RANK_OWNER, why));
	TRY(room_rank(store, d->user_id, d->room_id, &theirs, why));
	if (theirs < 0)
		return problem_set(why, PROBLEM_USER_NOT_FOUND);
	if (theirs == RANK_OWNER)
		return problem_say(why, PROBLEM_FORBIDDEN,
				   "The role of the room's owner cannot be changed");
	TRY(q_room_set_role(store, d->room_id, d->user_id, d->role, why));
	return tell_updated(store, d, why);
}

int room_set_role(struct arena *arena, struct store *store, int64_t viewer, const char *room_id,
		  int64_t user_id, const char *role, struct problem *why)
{
	struct doing d = {.arena = arena,
			  .viewer = viewer,
			  .room_id = room_id,
			  .user_id = user_id,
			  .role = role};
	return store_write(store, set_role, &d, why);
}

static int check_bannable(struct store *store, const struct doing *d, struct problem *why)
{
	int found = q_room_bannable(store, d->viewer, d->room_id, d->user_id, why);
	return found == 0 ? problem_set(why, PROBLEM_USER_NOT_FOUND) : found;
}

static int remove_user(struct store *store, void *context, struct problem *why)
{
	const struct doing *d = context;
	int64_t mine, theirs;
	int invited;
	TRY(room_check_rank(store, d->viewer, d->room_id, RANK_MODERATOR, why));
	TRY(room_acting_rank(store, d->viewer, d->room_id, &mine, why));
	TRY(room_rank(store, d->user_id, d->room_id, &theirs, why));
	if (d->ban && theirs < 0)
		TRY(check_bannable(store, d, why));
	TRY(invited = q_room_uninvite(store, d->room_id, d->user_id, why));
	if (theirs < 0 && !invited && !d->ban)
		return problem_set(why, PROBLEM_USER_NOT_FOUND);
	if (theirs >= mine)
		return problem_say(why, PROBLEM_FORBIDDEN,
				   "You cannot remove someone of equal or higher rank");
	if (d->ban)
		TRY(q_room_ban(store, d->room_id, d->user_id, d->viewer, clock_now(), why));
	if (theirs >= 0)
		TRY(room_leave(d->arena, store, d->user_id, d->room_id, why));
	return theirs >= 0 || invited
		       ? room_tell_removed(d->arena, store, d->user_id, d->room_id, why)
		       : 0;
}

int room_remove(struct arena *arena, struct store *store, int64_t viewer, const char *room_id,
		int64_t user_id, bool ban, struct problem *why)
{
	struct doing d = {.arena = arena,
			  .viewer = viewer,
			  .room_id = room_id,
			  .user_id = user_id,
			  .ban = ban};
	return store_write(store, remove_user, &d, why);
}

int room_guests(struct store *store, int64_t viewer, const char *room_id, struct page *page,
		struct buf *out, struct problem *why)
{
	TRY(room_check_rank(store, viewer, room_id, RANK_MODERATOR, why));
	return q_room_guests(store, viewer, room_id, page_int(page), page_limit(page), page, out,
			     why);
}

int room_bans(struct store *store, int64_t viewer, const char *room_id, struct page *page,
	      struct buf *out, struct problem *why)
{
	TRY(room_check_rank(store, viewer, room_id, RANK_MODERATOR, why));
	return q_room_bans(store, viewer, room_id, page_int(page), page_limit(page), page, out,
			   why);
}

static int unban(struct store *store, void *context, struct problem *why)
{
	const struct doing *d = context;
	TRY(room_check_rank(store, d->viewer, d->room_id, RANK_MODERATOR, why));
	int ended = q_room_unban(store, d->room_id, d->user_id, why);
	return ended == 0 ? problem_set(why, PROBLEM_USER_NOT_FOUND) : ended;
}

int room_unban(struct store *store, int64_t viewer, const char *room_id, int64_t user_id,
	       struct problem *why)
{
	struct doing d = {.viewer = viewer, .room_id = room_id, .user_id = user_id};
	return store_write(store, unban, &d, why);
}

/* --- the room itself -------------------------------------------------------------------------- */

static int update(struct store *store, void *context, struct problem *why)
{
	const struct doing *d = context;
	const struct room_change *c = d->change;
	int changed;
	TRY(room_check_rank(store, d->viewer, d->room_id, RANK_MODERATOR, why));
	TRY(room_check_open(store, d->room_id, why));
	if (c->given & PRIVACY_GIVEN && !c->is_public)
		TRY(room_check_inside(store, d->viewer, d->room_id, why));
	TRY(changed = q_room_update(store, d->room_id, c->given, c->name, c->description, c->topic,
				    c->is_public, c->max_participants, why));
	if (!changed)
		return problem_field(d->arena, why, "body", "max_participants",
				     "Value error, the room has more participants than this");
	if (c->given & PRIVACY_GIVEN)
		TRY(presence_tell_room(store, d->room_id, why));
	return tell_updated(store, d, why);
}

int room_update(struct arena *arena, struct store *store, int64_t viewer, const char *room_id,
		const struct room_change *change, struct problem *why)
{
	struct doing d = {.arena = arena, .viewer = viewer, .room_id = room_id, .change = change};
	return store_write(store, update, &d, why);
}

int room_clear_texts(struct arena *arena, struct store *store, const char *room_id,
		     struct problem *why)
{
	struct doing d = {.arena = arena, .room_id = room_id};
	TRY(q_room_update(store, room_id, TEXTS_GIVEN, ROOM_CLEARED_NAME, NULL, NULL, false, 0,
			  why));
	return tell_updated(store, &d, why);
}

int room_send_away(struct store *store, const char *room_id, struct problem *why)
{
	int64_t now = clock_now();
	TRY(q_room_tell_removed(store, event_name(EVENT_ROOM_REMOVED), room_id, now, why));
	TRY(event_append(store, &(struct event){.kind = EVENT_ROOM_GONE, .room_id = room_id}, why));
	TRY(q_room_empty(store, room_id, now, why));
	return q_room_uninvite_all(store, room_id, why);
}

static int delete (struct store *store, void *context, struct problem *why)
{
	const struct doing *d = context;
	TRY(room_check_rank(store, d->viewer, d->room_id, RANK_OWNER, why));
	TRY(room_send_away(store, d->room_id, why));
	return q_room_delete(store, d->room_id, clock_now(), why);
}

int room_delete(struct arena *arena, struct store *store, int64_t viewer, const char *room_id,
		struct problem *why)
{
	struct doing d = {.arena = arena, .viewer = viewer, .room_id = room_id};
	return store_write(store, delete, &d, why);
}

/* --- closing, by administrators of the realm -------------------------------------------------- */

struct closing {
	struct doing doing;
	const struct session *by;
	const char *reason;
	bool closed;
};

static int set_closed(struct store *store, void *context, struct problem *why)
{
	const struct closing *c = context;
	const struct doing *d = &c->doing;
	struct q_thing_for_moderation room;
	int found =
		q_thing_for_moderation(d->arena, store, d->viewer, "room", d->room_id, &room, why);
	if (found <= 0)
		return found < 0 ? -1 : problem_set(why, PROBLEM_ROOM_NOT_FOUND);
	if (!room.allowed)
		return problem_set(why, PROBLEM_FORBIDDEN);
	int changed = q_room_close(store, d->room_id, c->closed, clock_now(), why);
	if (changed <= 0)
		return changed;
	TRY(audit(store,
		  &(struct audit_entry){.action = c->closed ? AUDIT_ROOM_CLOSED : AUDIT_ROOM_OPENED,
					.caller = c->by->caller,
					.actor = d->viewer,
					.kind = "room",
					.object = d->room_id,
					.detail = c->reason},
		  why));
	return tell_updated(store, d, why);
}

int room_set_closed(struct arena *arena, struct store *store, const struct session *by,
		    const char *room_id, bool closed, const char *reason, struct problem *why)
{
	struct closing c = {{.arena = arena, .viewer = by->user_id, .room_id = room_id},
			    .by = by,
			    .reason = reason,
			    .closed = closed};
	if (!is_administrator(by))
		return problem_set(why, PROBLEM_FORBIDDEN);
	return store_write(store, set_closed, &c, why);
}
