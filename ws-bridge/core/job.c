/* Jobs and news: see job.h. */
#include "ws-bridge/core/job.h"

#include <stdlib.h>

#include "base/arena.h"
#include "ws-bridge/core/frame.h"

void *job_new(struct arena *arena, size_t size, const struct job_kind *kind, struct conn *conn)
{
	struct job *job = arena_alloc(arena, size);
	job->kind = kind;
	job->arena = arena;
	job->conn = conn;
	job->news.job = job;
	return job;
}

void news_free(struct news *news)
{
	if (news->job) {
		struct arena *arena = news->job->arena;
		arena_free(&arena);
		return;
	}
	frame_release(&news->frame);
	frame_release(&news->hidden);
	free(news);
}
