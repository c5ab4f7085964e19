/* The event log: see events.h. */
#include "realm/events.h"

#include <assert.h>
#include <string.h>

#include "base/clock.h"
#include "base/json_out.h"
#include "store/queries.h"

#define EVENT_ROW(constant, name, audience, record, hearers, subject, shape, help)                 \
	[EVENT_##constant] = {name, audience, record, hearers, subject, help},
static const struct event_info kinds[EVENT__COUNT] = {EVENT_TABLE(EVENT_ROW)};

const struct event_info *event_info(enum event_kind kind)
{
	return &kinds[kind];
}

const char *event_name(enum event_kind kind)
{
	return kinds[kind].name;
}

void event_entries(struct buf *out)
{
	jw_open(out, '[');
	for (enum event_kind kind = 0; kind < EVENT__COUNT; kind++)
		if (kinds[kind].record == ENTRY)
			jw_text(out, kinds[kind].name);
	jw_close(out, ']');
}

enum event_kind event_kind_named(const char *name)
{
	enum event_kind kind = 0;
	while (kind < EVENT__COUNT && strcmp(kinds[kind].name, name) != 0)
		kind++;
	return kind;
}

int event_append(struct store *store, struct event *event, struct problem *why)
{
	const struct event_info *info = event_info(event->kind);
	const char *data = event->data || event->seq ? event->data : "{}";
	assert(event->room_id || event->user_id);
	assert(!event->seq || info->record == ENTRY);
	TRY(q_event_append(store, info->name, info->subject, event->room_id, event->user_id,
			   event->other_id, event->seq, clock_now(), data, &event->pos, why));
	return 0;
}
