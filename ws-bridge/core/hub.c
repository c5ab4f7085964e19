/* Users, rooms and memberships: see hub.h. */
#include "ws-bridge/core/hub.h"

#include <stdio.h>
#include <string.h>

#include "base/memory.h"
#include "ws-bridge/core/feature.h"

struct user *hub_user(const struct hub *hub, int64_t user_id)
{
	for (struct link *at = map_find(&hub->users, hash_int(user_id)); at; at = map_next(at)) {
		struct user *user = container_of(at, struct user, link);
		if (user->id == user_id)
			return user;
	}
	return NULL;
}

struct room *hub_room(const struct hub *hub, const char *room_id)
{
	for (struct link *at = map_find(&hub->rooms, hash_text(room_id)); at; at = map_next(at)) {
		struct room *room = container_of(at, struct room, link);
		if (strcmp(room->id, room_id) == 0)
			return room;
	}
	return NULL;
}

/* A user is in few rooms, so a walk is shorter than a second index. */
struct membership *hub_membership(const struct user *user, const char *room_id)
{
	struct membership *member;
	LIST_FOREACH(member, &user->rooms, of_user)
		if (strcmp(member->room->id, room_id) == 0)
			break;
	return member;
}

/* --- memberships ------------------------------------------------------------------------------ */

void hub_enter(struct user *user, const char *room_id)
{
	struct hub *hub = user->hub;
	if (hub_membership(user, room_id))
		return;
	struct room *room = hub_room(hub, room_id);
	if (!room) {
		room = xcalloc(1, sizeof(*room));
		snprintf(room->id, sizeof(room->id), "%s", room_id);
		map_add(&hub->rooms, &room->link, hash_text(room_id));
	}
	struct membership *member = xcalloc(1, sizeof(*member));
	member->room = room;
	member->user = user;
	LIST_INSERT_HEAD(&room->members, member, of_room);
	LIST_INSERT_HEAD(&user->rooms, member, of_user);
}

void hub_leave(struct membership *member)
{
	struct room *room = member->room;
	struct hub *hub = member->user->hub;
	LIST_REMOVE(member, of_room);
	LIST_REMOVE(member, of_user);
	feature_member_left(member);
	free(member);
	if (!LIST_EMPTY(&room->members))
		return;
	feature_room_ended(room);
	map_remove(&hub->rooms, &room->link);
	free(room);
}

void hub_empty(struct room *room)
{
	struct membership *member = LIST_FIRST(&room->members), *next;
	for (; member; member = next) {
		next = LIST_NEXT(member, of_room);
		hub_leave(member);
	}
}

/* --- users ------------------------------------------------------------------------------------ */

struct user *hub_user_add(struct hub *hub, int64_t user_id, const char *name,
			  const char *const *room_ids, const struct buf *hidden)
{
	struct user *user = xcalloc(1, sizeof(*user));
	buf_add(&user->hidden, hidden->data, hidden->len);
	user->hub = hub;
	user->id = user_id;
	snprintf(user->name, sizeof(user->name), "%s", name);
	map_add(&hub->users, &user->link, hash_int(user_id));
	for (; *room_ids; room_ids++)
		hub_enter(user, *room_ids);
	return user;
}

void hub_user_remove(struct user *user)
{
	while (!LIST_EMPTY(&user->rooms))
		hub_leave(LIST_FIRST(&user->rooms));
	feature_user_removed(user);
	map_remove(&user->hub->users, &user->link);
	buf_free(&user->hidden);
	free(user);
}

static void remove_link(struct link *link)
{
	hub_user_remove(container_of(link, struct user, link));
}

void hub_clear(struct hub *hub)
{
	map_each(&hub->users, remove_link);
	map_free(&hub->users);
	map_free(&hub->rooms);
}

/* --- users who are hidden from each other ----------------------------------------------------- */

/* NULL: not hidden. */
static char *find_hidden(const struct user *user, int64_t other_id)
{
	for (size_t at = 0; at < user->hidden.len; at += sizeof(other_id))
		if (memcmp(user->hidden.data + at, &other_id, sizeof(other_id)) == 0)
			return user->hidden.data + at;
	return NULL;
}

bool hub_hides(const struct user *user, int64_t other_id)
{
	return find_hidden(user, other_id);
}

void hub_set_hidden(struct user *user, int64_t other_id, bool hidden)
{
	char *at = find_hidden(user, other_id);
	if (!at == !hidden)
		return;
	if (hidden) {
		buf_add(&user->hidden, &other_id, sizeof(other_id));
		return;
	}
	user->hidden.len -= sizeof(other_id);
	memcpy(at, user->hidden.data + user->hidden.len, sizeof(other_id));
}
