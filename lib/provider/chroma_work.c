/* An operation on ChromaDB: see chroma_work.h. */
#include "provider/chroma_work.h"

#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "provider/json_call.h"

#define COLLECTIONS "/api/v2/tenants/default_tenant/databases/default_database/collections"
#define MOST_BYTES (4 << 20)
#define MOST_VALUES 200000

static void step_free(struct chroma_step *step)
{
	buf_free(&step->path);
	buf_free(&step->body);
	free(step);
}

static void work_free(struct chroma_work *work)
{
	struct chroma_step *step;
	while ((step = STAILQ_FIRST(&work->steps))) {
		STAILQ_REMOVE_HEAD(&work->steps, entry);
		step_free(step);
	}
	free(work->answer.vector);
	free(work);
}

void chroma_cancel(struct chroma_work **work)
{
	struct chroma_work *old = *work;
	*work = NULL;
	if (!old)
		return;
	json_cancel(&old->call);
	work_free(old);
}

static void work_end(struct chroma_work *work)
{
	work->done(work->context, &work->answer);
	work_free(work);
}

static void step_done(void *context, const struct failure *failure, json_t *answer)
{
	struct chroma_work *work = context;
	struct chroma_step *step = STAILQ_FIRST(&work->steps);
	bool is_absent = failure->status == 404 && step->may_be_absent;
	work->call = NULL;
	if (failure->code != FAILURE_NONE && !is_absent) {
		work->answer.failure = *failure;
		for (int part = 0; part < CHROMA_PART__COUNT; part++)
			work->chroma->ids[part][0] = '\0';
	} else if (step->read) {
		step->read(work, is_absent ? NULL : answer);
	}
	STAILQ_REMOVE_HEAD(&work->steps, entry);
	step_free(step);
	if (work->answer.failure.code != FAILURE_NONE || STAILQ_EMPTY(&work->steps))
		work_end(work);
	else
		chroma_work_start(work);
}

/* The path of a step on rows is complete only now, when the id of its collection is known. */
void chroma_work_start(struct chroma_work *work)
{
	struct chroma_step *step = STAILQ_FIRST(&work->steps);
	struct buf path = {0};
	const char *rest = strchr(step->path.data, '*');
	if (rest)
		buf_printf(&path, "%.*s%s%s", (int)(rest - step->path.data), step->path.data,
			   work->chroma->ids[step->part], rest + 1);
	else
		buf_puts(&path, step->path.data);
	const struct json_request request = {.method = step->method,
					     .path = path.data,
					     .body = &step->body,
					     .most_bytes = MOST_BYTES,
					     .most_values = MOST_VALUES};
	work->call = json_ask(work->chroma->provider, &request, step_done, work);
	buf_free(&path);
}

struct chroma_work *chroma_work_new(struct chroma *chroma, chroma_done *done, void *context)
{
	struct chroma_work *work = xcalloc(1, sizeof(*work));
	work->chroma = chroma;
	work->done = done;
	work->context = context;
	STAILQ_INIT(&work->steps);
	return work;
}

struct chroma_step *chroma_step_add(struct chroma_work *work, const char *method, const char *path,
				    enum chroma_part part,
				    void (*read)(struct chroma_work *, const json_t *))
{
	struct chroma_step *step = xcalloc(1, sizeof(*step));
	step->method = method;
	step->part = part;
	step->read = read;
	buf_printf(&step->path, COLLECTIONS "%s", path);
	STAILQ_INSERT_TAIL(&work->steps, step, entry);
	return step;
}

void chroma_answer_is_bad(struct chroma_work *work)
{
	failure_say(&work->answer.failure, FAILURE_BAD_ANSWER,
		    "Its answer is not that of ChromaDB");
}
