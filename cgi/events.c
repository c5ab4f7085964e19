/*
 * /phase3/events: live events by long poll, for clients without a WebSocket; and the log of a room,
 * which a WebSocket's join_room gives.
 *
 * The events and their positions are those of the WebSocket. A client sends the position of the
 * last answer. While there is no new event its request waits (app.h).
 */
#include <string.h>

#include "base/clock.h"
#include "base/json_out.h"
#include "cgi/request.h"
#include "realm/changes.h"
#include "realm/events.h"
#include "realm/feed.h"

#define ANSWER_BYTES (256 * 1024) /* an answer ends after the event that reaches this size */

struct events_query {
	const char *epoch;
	int64_t since, wait, limit;
};

static const struct field query_rows[] = {
	FIELD(struct events_query, since, INT, .min = -1, .max = 9e15, .default_value = "-1",
	      .help = "`pos` of the last answer. -1: return the current position."),
	FIELD(struct events_query, epoch, TEXT, .max = 64,
	      .help = "`epoch` of the last answer. `since` is ignored without it."),
	FIELD(struct events_query, wait, INT, .max = 25, .default_value = "0",
	      .help = "Most seconds to wait for an event. An answer has a Retry-After when the "
		      "server could not wait."),
	FIELD(struct events_query, limit, INT, .min = 1, .max = 200, .default_value = "100",
	      .help = "Most events in the answer. When it is full, ask again at once."),
};
static const struct fields query_fields = FIELDS(struct events_query, query_rows);

static const struct property event_properties[] = {
	PROPERTY("type", TEXT),
	PROPERTY("pos", INT, .help = "Position in the event log. Positions grow, with gaps."),
	PROPERTY("data", OBJECT),
};
static const struct shape event_shape = SHAPE("Event", event_properties);

static const struct property answer_properties[] = {
	PROPERTY("epoch", TEXT, .help = "Epoch of the event log; positions are valid within it."),
	PROPERTY("events", LIST, .of = &event_shape, .help = "Oldest first."),
	PROPERTY("pos", INT, .help = "Position up to which the answer is complete."),
	PROPERTY("gaps", LIST, .of = &gap_shape,
		 .help = "The log no longer has all events of these rooms; read their history."),
	PROPERTY("epoch_changed", BOOL,
		 .help = "Whether `since` is of another epoch. Then load the state again."),
	PROPERTY("user_id", INT, .optional = true,
		 .help = "Yours. This and what follows is only in an answer without `since`, or "
			 "with one of another epoch."),
	PROPERTY("username", TEXT, .optional = true),
	PROPERTY("entries", TEXTS, .optional = true,
		 .help = "The kinds of events that carry a room's seq."),
};
static const struct shape answer_shape = SHAPE("Events", answer_properties);

static int put_event(const struct event *event, void *context, struct problem *why)
{
	(void)why;
	struct buf *out = context;
	jw_open(out, '{');
	jw_kv_text(out, "type", event_name(event->kind));
	jw_kv_int(out, "pos", event->pos);
	jw_key(out, "data"), jw_raw(out, event->data, event->data_bytes);
	jw_close(out, '}');
	return out->len > ANSWER_BYTES;
}

/* What a client needs that starts at this position. */
static void put_start(const struct request *rq)
{
	jw_kv_int(rq->out, "user_id", rq->session.user_id);
	jw_kv_text(rq->out, "username", rq->session.username);
	jw_key(rq->out, "entries"), event_entries(rq->out);
}

static int put_events(struct store *store, void *context, struct problem *why)
{
	struct request *rq = context;
	const struct events_query *asked = rq->query;
	struct resumption from = {.pos = asked->since};
	bool caught_up = true;
	int count = 0;
	size_t shown = 0;
	if (asked->since >= 0)
		from.epoch = asked->epoch;
	TRY(events_resume(rq->arena, store, rq->session.user_id, &from, why));
	jw_open(rq->out, '{');
	jw_kv_text(rq->out, "epoch", from.epoch);
	jw_key(rq->out, "events"), jw_open(rq->out, '[');
	if (from.known)
		TRY(count = events_replay(store, rq->session.user_id, &from.pos, (int)asked->limit,
					  &caught_up, put_event, rq->out, why));
	jw_close(rq->out, ']');
	jw_kv_int(rq->out, "pos", from.pos);
	jw_key(rq->out, "gaps"), gaps_show(from.gaps, &shown, SIZE_MAX, rq->out);
	jw_kv_bool(rq->out, "epoch_changed", asked->since >= 0 && !from.known);
	if (!from.known)
		put_start(rq);
	jw_close(rq->out, '}');
	if (from.known && caught_up && count == 0 && from.gaps->len == 0)
		rq->wait = asked->wait * CLOCK_SECOND;
	return 0;
}

static int do_events(struct request *rq, struct problem *why)
{
	return store_read(rq->store, put_events, rq, why);
}

struct entries_query {
	int64_t after;
};
static const struct field entries_rows[] = {
	FIELD(struct entries_query, after, INT, .min = 0, .max = 9e15, .default_value = "0",
	      .help = "List entries after this seq."),
};
static const struct fields entries_fields = FIELDS(struct entries_query, entries_rows);

static int do_entries(struct request *rq, struct problem *why)
{
	const struct entries_query *query = rq->query;
	return room_entries(rq->store, rq->session.user_id, room_param(rq), query->after, &rq->page,
			    rq->out, why);
}

static const struct route routes[] = {
	{
		.name = "list_events",
		.method = "GET",
		.path = API "/phase3/events",
		.query = &query_fields,
		.status = 200,
		.answer = &answer_shape,
		.summary = "List live events since a position, or wait for the next one",
		.handle = do_events,
	},
	{
		.name = "list_room_entries",
		.method = "GET",
		.path = API "/phase3/rooms/{room_id}/entries",
		.weight = 2,
		.params = &room_param_fields,
		.query = &entries_fields,
		.pages = true,
		.status = 200,
		.answer = &room_entry_shape,
		.list = true,
		.summary = "List the log of a room: its messages and what has changed them, oldest "
			   "first",
		.problems = {PROBLEM_ROOM_NOT_FOUND},
		.handle = do_entries,
	},
};
const struct routes event_routes = ROUTES("Events", routes);
