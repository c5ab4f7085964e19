/* What is told live: see live.h. */
#include "realm/live.h"

#include <sys/socket.h>
#include <unistd.h>

#include "base/buf.h"
#include "base/json_out.h"
#include "base/utf8.h"
#include "realm/realm.h"

/* Code points of a text in a datagram, which has at most PEER_MESSAGE_MAX bytes. */
#define PART 1000

void live_open(struct live *live, const struct settings *settings)
{
	live->fd = socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0);
	live->count = (int)settings->ws_bridges;
	for (int i = 0; i < live->count; i++)
		realm_socket_path(settings, REALM_PEER, i + 1, &live->bridges[i]);
}

void live_close(struct live *live)
{
	close(live->fd);
}

static void tell(const struct live *live, const struct buf *message)
{
	for (int i = 0; i < live->count; i++)
		sendto(live->fd, message->data, message->len, MSG_DONTWAIT | MSG_NOSIGNAL,
		       (const struct sockaddr *)&live->bridges[i], sizeof(live->bridges[i]));
}

void live_typing(const struct live *live, const struct live_typist *typist, bool is_typing)
{
	struct buf message = {0};
	jw_open(&message, '{');
	jw_kv_text(&message, "type", "typing");
	jw_kv_int(&message, "user_id", typist->user_id);
	jw_kv_text(&message, "room_id", typist->room_id);
	jw_kv_text(&message, "username", typist->username);
	jw_kv_bool(&message, "is_typing", is_typing);
	jw_kv_bool(&message, "is_aeon", typist->is_aeon);
	jw_close(&message, '}');
	tell(live, &message);
	buf_free(&message);
}

void live_delta(const struct live *live, int64_t owner_id, int64_t turn_id, size_t offset,
		const char *text, size_t bytes)
{
	while (bytes > 0) {
		struct buf message = {0};
		size_t part = utf8_prefix(text, bytes, PART);
		jw_open(&message, '{');
		jw_kv_text(&message, "type", "delta");
		jw_kv_int(&message, "user_id", owner_id);
		jw_kv_int(&message, "turn_id", turn_id);
		jw_kv_int(&message, "offset", (int64_t)offset);
		jw_key(&message, "text");
		jw_text_n(&message, text, part);
		jw_close(&message, '}');
		tell(live, &message);
		buf_free(&message);
		offset += (size_t)utf8_count(text, part);
		text += part;
		bytes -= part;
	}
}
