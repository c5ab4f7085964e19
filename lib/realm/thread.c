/* The thread of a cause: see thread.h. */
#include "realm/thread.h"

#include <string.h>

#include "base/arena.h"
#include "store/queries.h"

struct reading {
	struct arena *arena;
	struct store *store;
	int64_t owner;
	struct said *list; /* THREAD_MAX, filled from its end */
	size_t count;
};

/* The rows come newest first. */
static int take_text(const struct q_thread_texts *row, void *context, struct problem *why)
{
	struct reading *r = context;
	struct said said = {.id = {source_kind_by_name(row->kind), arena_strdup(r->arena, row->id)},
			    .author_id = row->author,
			    .author_name = arena_strdup(r->arena, row->author_name),
			    .content = arena_strdup(r->arena, row->content),
			    .is_aeon = row->is_aeon};
	if (row->is_aeon)
		TRY(answer_leaving(r->store, r->owner, row->turn, &said.leaving, why));
	else
		TRY(text_leaving(r->store, r->owner, said.id.kind, said.id.id, &said.leaving, why));
	r->count++;
	r->list[THREAD_MAX - r->count] = said;
	return 0;
}

static bool is_cause(const struct said *said, const struct turn *turn)
{
	return said->id.kind == turn_cause_source(turn->cause) &&
	       strcmp(said->id.id, turn->cause_id) == 0;
}

int thread_read(struct arena *arena, struct store *store, const struct audience *audience,
		const struct turn *turn, struct said **thread_r, size_t *count_r,
		struct problem *why)
{
	struct reading r = {.arena = arena,
			    .store = store,
			    .owner = audience->owner,
			    .list = arena_alloc(arena, THREAD_MAX * sizeof(*r.list))};
	TRY(q_thread_texts(store, audience->owner, audience_reader(audience), audience->to,
			   turn_cause_name(turn->cause), turn->cause_id, audience->thread,
			   THREAD_MAX, take_text, &r, why));
	if (r.count > 0 && !is_cause(&r.list[THREAD_MAX - 1], turn))
		r.count = 0;
	*thread_r = r.list + (THREAD_MAX - r.count);
	*count_r = r.count;
	return 0;
}

static bool contains(const struct said *list, size_t count, const struct said *said)
{
	for (size_t i = 0; i < count; i++)
		if (list[i].id.kind == said->id.kind && strcmp(list[i].id.id, said->id.id) == 0)
			return strcmp(list[i].content, said->content) == 0;
	return false;
}

int thread_holds(struct arena *arena, struct store *store, const struct audience *audience,
		 const struct turn *turn, const struct said *thread, size_t count,
		 struct problem *why)
{
	struct said *now;
	size_t now_count;
	TRY(thread_read(arena, store, audience, turn, &now, &now_count, why));
	for (size_t i = 0; i < count; i++)
		if (!contains(now, now_count, &thread[i]))
			return 0;
	return 1;
}
