/* Typing twins: see typing.h. */
#include "twin/typing.h"

#include <sys/socket.h>
#include <unistd.h>

#include "base/arena.h"
#include "base/buf.h"
#include "base/json_out.h"
#include "realm/realm.h"
#include "realm/turns.h"
#include "store/queries.h"

void typing_open(struct typing *typing, const struct settings *settings)
{
	typing->fd = socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0);
	typing->count = (int)settings->ws_bridges;
	for (int i = 0; i < typing->count; i++)
		realm_socket_path(settings, REALM_PEER, i + 1, &typing->bridges[i]);
}

void typing_close(struct typing *typing)
{
	close(typing->fd);
}

void typing_tell(const struct typing *typing, struct store *store, const struct turn *turn,
		 bool is_typing)
{
	struct problem why = {0};
	struct arena *arena = arena_new();
	struct buf *message = buf_in(arena);
	const char *name;
	if (turn->room_id && q_user_name(arena, store, turn->twin_id, &name, &why) > 0) {
		jw_open(message, '{');
		jw_kv_text(message, "type", "typing");
		jw_kv_int(message, "user_id", turn->twin_id);
		jw_kv_text(message, "room_id", turn->room_id);
		jw_kv_text(message, "username", name);
		jw_kv_bool(message, "is_typing", is_typing);
		jw_kv_bool(message, "is_aeon", true);
		jw_close(message, '}');
		for (int i = 0; i < typing->count; i++)
			sendto(typing->fd, message->data, message->len, MSG_DONTWAIT | MSG_NOSIGNAL,
			       (const struct sockaddr *)&typing->bridges[i],
			       sizeof(typing->bridges[i]));
	}
	arena_free(&arena);
}
