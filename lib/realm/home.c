/* Home: see home.h. */
#include "realm/home.h"

#include "base/json_out.h"
#include "realm/epoch.h"
#include "realm/feed.h"
#include "realm/moderation.h"
#include "realm/rooms.h"
#include "realm/session.h"
#include "realm/user_settings.h"
#include "realm/users.h"
#include "store/queries.h"

#define ROOMS_MAX 500
#define INVITATIONS_MAX 100

static const struct property home_properties[] = {
	PROPERTY("epoch", TEXT, .help = "Epoch of the event log; positions are valid within it."),
	PROPERTY("pos", INT, .help = "The events behind this position are changes of this answer."),
	PROPERTY("drafts_waiting", INT,
		 .help = "Drafts of your twin that wait for you; 100: or more."),
	PROPERTY("reports_waiting", INT, .nullable = true,
		 .help = "Open reports that you may handle; 100: or more. null: you are no "
			 "administrator."),
	PROPERTY("has_more_rooms", BOOL,
		 .help = "Whether you are in more rooms; list_rooms with sort=activity has all."),
	PROPERTY("has_more_invitations", BOOL,
		 .help = "Whether you have more invitations; list_invitations has all."),
	PROPERTY("me", PART, .of = &user_shape),
	PROPERTY("settings", PART, .of = &user_settings_shape),
	PROPERTY("rooms", LIST, .of = &my_room_shape,
		 .help = "The rooms that you are in, the one with the latest message first; at "
			 "most 500."),
	PROPERTY("invitations", LIST, .of = &room_invitation_shape,
		 .help = "The newest first, at most 100."),
};
const struct shape home_shape = SHAPE("Home", home_properties);

struct home {
	struct arena *arena;
	const struct session *session;
	struct buf *out;
};

static int write_position(struct store *store, const struct home *home, struct problem *why)
{
	const char *epoch;
	int64_t pos;
	TRY(realm_epoch(home->arena, store, &epoch, why));
	TRY(events_head(store, &pos, why));
	jw_kv_text(home->out, "epoch", epoch);
	jw_kv_int(home->out, "pos", pos);
	return 0;
}

static int write_waiting(struct store *store, const struct home *home, struct problem *why)
{
	int64_t drafts, reports;
	TRY(q_drafts_waiting(store, home->session->user_id, &drafts, why));
	jw_kv_int(home->out, "drafts_waiting", drafts);
	jw_key(home->out, "reports_waiting");
	if (!is_administrator(home->session)) {
		jw_null(home->out);
		return 0;
	}
	TRY(q_reports_waiting(store, home->session->user_id, &reports, why));
	jw_int(home->out, reports);
	return 0;
}

static int write_rooms(struct store *store, const struct home *home, struct problem *why)
{
	static const struct room_filter mine = {
		.is_public = -1, .is_aeon_room = -1, .joined = 1, .sort = "activity"};
	struct page page = {.limit = ROOMS_MAX};
	jw_key(home->out, "rooms");
	TRY(rooms_list(home->arena, store, home->session->user_id, &mine, &page, home->out, why));
	jw_kv_bool(home->out, "has_more_rooms", page.next[0]);
	return 0;
}

static int write_invitations(struct store *store, const struct home *home, struct problem *why)
{
	struct page page = {.limit = INVITATIONS_MAX};
	jw_key(home->out, "invitations");
	TRY(room_invitations_list(store, home->session->user_id, &page, home->out, why));
	jw_kv_bool(home->out, "has_more_invitations", page.next[0]);
	return 0;
}

static int write_home(struct store *store, void *context, struct problem *why)
{
	const struct home *home = context;
	int64_t user_id = home->session->user_id;
	jw_open(home->out, '{');
	TRY(write_position(store, home, why));
	jw_key(home->out, "me");
	TRY(user_show(store, user_id, home->out, why));
	jw_key(home->out, "settings");
	TRY(user_settings_show(store, user_id, home->out, why));
	TRY(write_rooms(store, home, why));
	TRY(write_invitations(store, home, why));
	TRY(write_waiting(store, home, why));
	jw_close(home->out, '}');
	return 0;
}

int home_show(struct arena *arena, struct store *store, const struct session *session,
	      struct buf *out, struct problem *why)
{
	struct home home = {arena, session, out};
	return store_read(store, write_home, &home, why);
}
