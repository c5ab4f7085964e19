/* The shapes of events: see event_shapes.h. */
#include "realm/event_shapes.h"

#include "realm/account_changed.h"
#include "realm/changes.h"
#include "realm/interactions.h"
#include "realm/knowledge.h"
#include "realm/mentions.h"
#include "realm/messages.h"
#include "realm/moderation.h"
#include "realm/muting.h"
#include "realm/registration.h"
#include "realm/relationships.h"
#include "realm/reports.h"
#include "realm/rooms.h"
#include "realm/turns.h"
#include "realm/twins.h"
#include "realm/votes.h"

#define SHAPE_ROW(constant, name, audience, record, hearers, subject, shape, help)                 \
	[EVENT_##constant] = shape,
static const struct shape *const shapes[EVENT__COUNT] = {EVENT_TABLE(SHAPE_ROW)};

const struct shape *event_shape(enum event_kind kind)
{
	return shapes[kind];
}
