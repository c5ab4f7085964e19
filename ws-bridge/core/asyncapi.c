/*
 * The live contract, printed as AsyncAPI 3.0: see asyncapi.h.
 *
 * Nothing is said here about any single command or event, so the document cannot be wrong about
 * one. The realm is the application: it receives commands and sends everything else.
 */
#include "ws-bridge/core/asyncapi.h"

#include <assert.h>
#include <stdio.h>

#include "base/json_out.h"
#include "config.h"
#include "realm/event_shapes.h"
#include "store/json_schema.h"
#include "ws-bridge/core/commands.h"
#include "ws-bridge/core/conn.h"
#include "ws-bridge/core/feature.h"
#include "ws-bridge/core/message.h"

#define ITEMS_MAX 128

/* A row of any of the three tables. */
struct item {
	char name[64]; /* in the document: "client.TYPE" or "server.TYPE" */
	const char *type, *help;
	bool v1;
	const struct command *command;  /* or NULL */
	const struct shape *shape;      /* of data, if it is no command */
	bool list;                      /* data is a list of the shape */
	bool parts;                     /* it may come in several */
	const struct event_info *event; /* or NULL */
};

struct items {
	struct item at[ITEMS_MAX];
	size_t count;
};

static void add_item(struct items *items, struct item item)
{
	snprintf(item.name, sizeof(item.name), "%s.%s", item.command ? "client" : "server",
		 item.type);
	assert(items->count < ITEMS_MAX);
	items->at[items->count++] = item;
}

static void add_feature(struct items *items, const struct feature *feature)
{
	for (const struct command *const *at = feature->commands; at && *at; at++)
		add_item(items, (struct item){.type = (*at)->type,
					      .help = (*at)->help,
					      .v1 = (*at)->v1,
					      .command = *at});
	for (const struct message *const *at = feature->messages; at && *at; at++)
		add_item(items, (struct item){.type = (*at)->type,
					      .help = (*at)->help,
					      .v1 = (*at)->v1,
					      .shape = (*at)->shape,
					      .list = (*at)->list,
					      .parts = (*at)->parts});
}

static void collect_items(struct items *items)
{
	const struct feature core = {.messages = core_messages};
	items->count = 0;
	add_feature(items, &core);
	for (const struct feature *const *feature = features; *feature; feature++)
		add_feature(items, *feature);
	for (enum event_kind kind = 0; kind < EVENT__COUNT; kind++) {
		const struct event_info *info = event_info(kind);
		if (info->hearers != HEARD_BY_BRIDGE)
			add_item(items, (struct item){.type = info->name,
						      .help = info->help,
						      .v1 = info->hearers == HEARD_BY_V1,
						      .shape = event_shape(kind),
						      .event = info});
	}
}

static void put_ref(struct buf *out, const char *where, const char *name)
{
	char ref[128];
	snprintf(ref, sizeof(ref), "#/%s/%s", where, name);
	jw_open(out, '{');
	jw_kv_text(out, "$ref", ref);
	jw_close(out, '}');
}

/* --- messages --------------------------------------------------------------------------------- */

static void put_data(struct buf *out, const struct item *item)
{
	jw_key(out, "data");
	if (!item->list) {
		schema_ref(out, item->shape->name);
		return;
	}
	jw_open(out, '{');
	schema_type(out, "array", false);
	jw_key(out, "items");
	schema_ref(out, item->shape->name);
	jw_close(out, '}');
}

static void put_properties(struct buf *out, const struct item *item)
{
	const struct command *command = item->command;
	jw_open_key(out, "properties");
	jw_open_key(out, "type");
	jw_kv_text(out, "const", item->type);
	jw_close(out, '}');
	if (command && command->takes_room)
		schema_properties(out, &request_room_fields);
	if (command && command->fields)
		schema_properties(out, command->fields);
	if (item->event) {
		jw_open_key(out, "pos");
		schema_type(out, "integer", false);
		jw_kv_text(out, "description",
			   "The position in the event log. A room's history has none.");
		jw_close(out, '}');
	}
	if (!command)
		put_data(out, item);
	if (item->parts) {
		jw_open_key(out, "more");
		schema_type(out, "boolean", false);
		jw_kv_text(out, "description", "True: the next message continues this list.");
		jw_close(out, '}');
	}
	jw_close(out, '}');
}

static void put_required(struct buf *out, const struct item *item)
{
	const struct command *command = item->command;
	jw_key(out, "required"), jw_open(out, '[');
	jw_text(out, "type");
	if (command && command->takes_room)
		schema_required(out, &request_room_fields);
	if (command && command->fields)
		schema_required(out, command->fields);
	if (!command)
		jw_text(out, "data");
	jw_close(out, ']');
}

static void put_message(struct buf *out, const struct item *item)
{
	static const char *const audiences[] = {[TO_ROOM] = "room", [TO_USER] = "user"};
	jw_open_key(out, item->name);
	jw_kv_text(out, "name", item->type);
	jw_kv_text(out, "summary", item->help);
	jw_kv_text(out, "x-protocol", item->v1 ? "aeon.v1" : "compat");
	if (item->event) {
		jw_kv_text(out, "x-audience", audiences[item->event->audience]);
		jw_kv_bool(out, "x-entry", item->event->record == ENTRY);
	}
	jw_open_key(out, "payload");
	schema_type(out, "object", false);
	put_properties(out, item);
	put_required(out, item);
	jw_close(out, '}');
	jw_close(out, '}');
}

static void put_components(struct buf *out, const struct items *items)
{
	struct schema_shapes shapes = {.count = 0};
	jw_open_key(out, "components");
	jw_open_key(out, "messages");
	for (size_t i = 0; i < items->count; i++)
		put_message(out, &items->at[i]);
	jw_close(out, '}');
	for (size_t i = 0; i < items->count; i++)
		if (items->at[i].shape)
			schema_collect(&shapes, items->at[i].shape);
	jw_open_key(out, "schemas");
	schema_shapes(out, &shapes);
	jw_close(out, '}');
	jw_close(out, '}');
}

/* --- the channel and its operations ----------------------------------------------------------- */

static void put_close_codes(struct buf *out)
{
	jw_key(out, "x-close-codes"), jw_open(out, '[');
	for (enum close close = 0; close < CLOSE__COUNT; close++) {
		const struct close_info *info = close_info(close);
		if (!info->code)
			continue;
		jw_open(out, '{');
		jw_kv_int(out, "code", info->code);
		jw_kv_text(out, "reason", info->reason);
		jw_close(out, '}');
	}
	jw_close(out, ']');
}

static void put_channel(struct buf *out, const struct items *items)
{
	jw_open_key(out, "channels");
	jw_open_key(out, "live");
	jw_kv_text(out, "address", "/api/v1/phase3/ws/{user_id}");
	jw_kv_text(out, "description",
		   "A WebSocket with text frames. Each message is one JSON object. The subprotocol "
		   "aeon.v1, or the command hello, opens the messages marked aeon.v1; a client "
		   "without it gets those marked compat. The subprotocol aeon.v1.batch allows "
		   "several objects in one frame, separated by newlines.");
	jw_open_key(out, "parameters");
	jw_open_key(out, "user_id");
	jw_kv_text(out, "description", "The id of the signed-in user, or `me`.");
	jw_close(out, '}');
	jw_close(out, '}');
	jw_open_key(out, "messages");
	for (size_t i = 0; i < items->count; i++) {
		jw_key(out, items->at[i].name);
		put_ref(out, "components/messages", items->at[i].name);
	}
	jw_close(out, '}');
	put_close_codes(out);
	jw_close(out, '}');
	jw_close(out, '}');
}

static void put_operation(struct buf *out, const struct items *items, bool commands,
			  const char *summary)
{
	jw_open_key(out, commands ? "command" : "message");
	jw_kv_text(out, "action", commands ? "receive" : "send");
	jw_key(out, "channel");
	put_ref(out, "channels", "live");
	jw_kv_text(out, "summary", summary);
	jw_key(out, "messages"), jw_open(out, '[');
	for (size_t i = 0; i < items->count; i++)
		if ((items->at[i].command != NULL) == commands)
			put_ref(out, "channels/live/messages", items->at[i].name);
	jw_close(out, ']');
	jw_close(out, '}');
}

void asyncapi_put(struct buf *out)
{
	struct items items;
	collect_items(&items);
	jw_open(out, '{');
	jw_kv_text(out, "asyncapi", "3.0.0");
	jw_open_key(out, "info");
	jw_kv_text(out, "title", "AEON Realm, live");
	jw_kv_text(out, "version", PACKAGE_VERSION);
	jw_kv_text(
		out, "description",
		"The WebSocket of a realm. A client without a WebSocket gets the same events from "
		"/api/v1/phase3/events.");
	jw_close(out, '}');
	jw_kv_text(out, "defaultContentType", "application/json");
	put_channel(out, &items);
	jw_open_key(out, "operations");
	put_operation(out, &items, true, "A client sends a command.");
	put_operation(out, &items, false, "The realm sends a message to a client.");
	jw_close(out, '}');
	put_components(out, &items);
	jw_close(out, '}');
}
