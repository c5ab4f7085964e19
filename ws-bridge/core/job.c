/* Jobs and reports: see job.h. */
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
	job->report.job = job;
	return job;
}

void report_free(struct report *report)
{
	if (report->job) {
		struct arena *arena = report->job->arena;
		arena_free(&arena);
		return;
	}
	frame_unref(&report->frame);
	frame_unref(&report->hidden);
	frame_unref(&report->without_shared);
	free(report);
}
