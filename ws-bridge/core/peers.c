/* Messages between bridges: see peers.h. */
#include "ws-bridge/core/peers.h"

#include <string.h>

#include "base/arena.h"
#include "base/fields.h"
#include "base/json_in.h"
#include "base/json_out.h"
#include "ws-bridge/core/bridge.h"
#include "ws-bridge/core/feature.h"

void peers_send(const struct bridge *bridge, const char *type, const struct buf *data)
{
	struct buf message = {0};
	if (!bridge->peers)
		return;
	jw_open(&message, '{');
	jw_kv_text(&message, "type", type);
	jw_raw(&message, data->data + 1, data->len - 1); /* its properties and closing bracket */
	peers_write(bridge->peers, &message);
	buf_free(&message);
}

static const struct peer_message *peer_message_of(const json_t *json)
{
	const char *type = json_string_value(json_object_get(json, "type"));
	for (const struct feature *const *at = features; type && *at; at++) {
		const struct peer_message *message = (*at)->peer_message;
		if (message && strcmp(message->type, type) == 0)
			return message;
	}
	return NULL;
}

/* A message that this program does not understand comes from another version of it. */
void peers_take(struct bridge *bridge, const char *message, size_t bytes)
{
	struct arena *arena = arena_new();
	struct buf *faults = buf_in(arena);
	const json_t *json = json_in(arena, message, bytes, faults);
	const struct peer_message *taken = peer_message_of(json);
	if (taken && !bridge->stopping) {
		void *input = arena_alloc(arena, taken->fields->size);
		fields_from_json(arena, taken->fields, json, "body", input, NULL, faults);
		if (faults->len == 0)
			taken->take(bridge, input);
	}
	arena_free(&arena);
}
