/*
 * Parts of a twin's answer, which its owner reads while a model writes it. They come from aeon-twin
 * and are in no log: the turn's row has the text so far, and a client that sees a gap reads it
 * there.
 */
#include "base/fields.h"
#include "base/json_out.h"
#include "ws-bridge/core/bridge.h"
#include "ws-bridge/core/frame.h"
#include "ws-bridge/core/hub.h"
#include "ws-bridge/core/live.h"
#include "ws-bridge/core/message.h"
#include "ws-bridge/core/peers.h"
#include "ws-bridge/features/features.h"

static const struct property delta_properties[] = {
	PROPERTY("turn_id", INT),
	PROPERTY("offset", INT, .help = "Code points of the answer before this part."),
	PROPERTY("text", TEXT),
};
static const struct shape delta_shape = SHAPE("TwinDelta", delta_properties);

static const struct message twin_delta_message = {
	.type = "twin_delta",
	.shape = &delta_shape,
	.v1 = true,
	.help = "Your twin writes an answer to you: a part of the text. `turn_updated` is the "
		"end."};

struct delta {
	int64_t user_id, turn_id, offset;
	const char *text;
};

static const struct field delta_rows[] = {
	FIELD(struct delta, user_id, INT, .required = true, .min = 1, .max = 9e15),
	FIELD(struct delta, turn_id, INT, .required = true, .min = 1, .max = 9e15),
	FIELD(struct delta, offset, INT, .required = true, .min = 0, .max = 9e15),
	FIELD(struct delta, text, TEXT, .required = true),
};
static const struct fields delta_fields = FIELDS(struct delta, delta_rows);

static void delta_take(struct bridge *bridge, const void *input)
{
	const struct delta *delta = input;
	const struct user *user = hub_user(&bridge->hub, delta->user_id);
	if (!user)
		return;
	struct buf data = {0};
	jw_open(&data, '{');
	jw_kv_int(&data, "turn_id", delta->turn_id);
	jw_kv_int(&data, "offset", delta->offset);
	jw_kv_text(&data, "text", delta->text);
	jw_close(&data, '}');
	struct frame *frame = frame_message(twin_delta_message.type, 0, data.data, data.len);
	frame->class = FRAME_TRANSIENT;
	live_send_user(user, frame, true);
	frame_unref(&frame);
	buf_free(&data);
}

static const struct peer_message delta_message = {
	.type = "delta", .fields = &delta_fields, .take = delta_take};

const struct feature delta_feature = {
	.messages = (const struct message *const[]){&twin_delta_message, NULL},
	.peer_message = &delta_message,
};
