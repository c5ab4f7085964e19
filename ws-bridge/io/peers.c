/* The other bridges: see peers.h. */
#include "ws-bridge/core/peers.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/arena.h"
#include "base/fields.h"
#include "base/json_in.h"
#include "base/json_out.h"
#include "base/memory.h"
#include "realm/realm.h"
#include "realm/settings.h"
#include "ws-bridge/core/bridge.h"
#include "ws-bridge/core/hub.h"
#include "ws-bridge/features/presence.h"
#include "ws-bridge/features/typing.h"

#define NAME "peer"
#define LONGEST 1024 /* bytes of a datagram */
#define AT_ONCE 64   /* heard in one turn of the loop */

struct peers {
	int fd, count;
	struct sockaddr_un mine, others[BRIDGES_MAX];
};

/* --- beginning and end ------------------------------------------------------------------------ */

int peers_open(struct bridge *bridge, struct problem *why)
{
	const struct settings *settings = bridge->settings;
	if (settings->ws_bridges == 1)
		return 0;
	struct peers *peers = bridge->peers = xcalloc(1, sizeof(*peers));
	realm_socket_path(settings, NAME, bridge->instance, &peers->mine);
	for (int i = 1; i <= settings->ws_bridges; i++)
		if (i != bridge->instance)
			realm_socket_path(settings, NAME, i, &peers->others[peers->count++]);
	unlink(peers->mine.sun_path);
	peers->fd = socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
	if (bind(peers->fd, (const struct sockaddr *)&peers->mine, sizeof(peers->mine)) == 0)
		return 0;
	problem_say(why, PROBLEM_INTERNAL, "Cannot make the socket %s", peers->mine.sun_path);
	return problem_cause(why, "%s", strerror(errno));
}

void peers_close(struct bridge *bridge)
{
	if (!bridge->peers)
		return;
	unlink(bridge->peers->mine.sun_path);
	close(bridge->peers->fd);
	free(bridge->peers);
	bridge->peers = NULL;
}

int peers_fd(const struct bridge *bridge)
{
	return bridge->peers ? bridge->peers->fd : -1;
}

/* --- telling ---------------------------------------------------------------------------------- */

static void tell(const struct bridge *bridge, const struct buf *data)
{
	const struct peers *peers = bridge->peers;
	for (int i = 0; i < peers->count; i++)
		sendto(peers->fd, data->data, data->len, MSG_DONTWAIT | MSG_NOSIGNAL,
		       (const struct sockaddr *)&peers->others[i], sizeof(peers->others[i]));
}

void peers_tell_typing(const struct bridge *bridge, const char *room_id, const struct user *user,
		       bool is_typing)
{
	struct buf data = {0};
	if (!bridge->peers)
		return;
	jw_open(&data, '{');
	jw_kv_text(&data, "room_id", room_id);
	jw_kv_int(&data, "user_id", user->id);
	jw_kv_text(&data, "username", user->name);
	jw_kv_bool(&data, "is_typing", is_typing);
	jw_close(&data, '}');
	tell(bridge, &data);
	buf_free(&data);
}

void peers_tell_presence(const struct bridge *bridge, int64_t user_id)
{
	struct buf data = {0};
	if (!bridge->peers)
		return;
	jw_open(&data, '{');
	jw_kv_int(&data, "user_id", user_id);
	jw_close(&data, '}');
	tell(bridge, &data);
	buf_free(&data);
}

/* --- hearing ---------------------------------------------------------------------------------- */

struct said {
	int64_t user_id;
	const char *room_id; /* NULL: it is about presence */
	const char *username;
	bool is_typing;
};

static const struct field said_rows[] = {
	FIELD(struct said, user_id, INT, .required = true, .min = 1, .max = 9e15),
	FIELD(struct said, room_id, TEXT, .pattern = FIELD_UUID_PATTERN),
	FIELD(struct said, username, TEXT, .default_value = "", .max = USERNAME_TEXT - 1),
	FIELD(struct said, is_typing, BOOL, .default_value = "false"),
};
static const struct fields said_fields = FIELDS(struct said, said_rows);

static void act(struct bridge *bridge, const struct said *said)
{
	if (!said->room_id) {
		presence_heard(bridge, said->user_id);
		return;
	}
	struct room *room = hub_room(&bridge->hub, said->room_id);
	if (room)
		typing_set(bridge, room, said->user_id, said->username, said->is_typing);
}

void peers_hear(struct bridge *bridge)
{
	char datagram[LONGEST];
	struct arena *arena = arena_new();
	for (int i = 0; i < AT_ONCE; i++) {
		ssize_t bytes = recv(bridge->peers->fd, datagram, sizeof(datagram), 0);
		if (bytes < 0)
			break;
		struct said said;
		struct buf *faults = buf_in(arena);
		const json_t *json = json_in(arena, datagram, (size_t)bytes, faults);
		if (json)
			fields_from_json(arena, &said_fields, json, "body", &said, NULL, faults);
		/* What makes no sense comes from another version of this program. */
		if (faults->len == 0 && !bridge->stopping)
			act(bridge, &said);
		arena_reset(arena);
	}
	arena_free(&arena);
}
