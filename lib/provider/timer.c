/* A timer in a loop of libuv: see timer.h. */
#include "provider/timer.h"

#include <stdlib.h>
#include <uv.h>

#include "base/clock.h"
#include "base/memory.h"

struct timer {
	uv_timer_t handle;
	void (*fire)(void *context);
	void *context;
};

struct timer *timer_new(struct uv_loop_s *loop, void (*fire)(void *context), void *context)
{
	struct timer *timer = xcalloc(1, sizeof(*timer));
	timer->fire = fire;
	timer->context = context;
	uv_timer_init(loop, &timer->handle);
	timer->handle.data = timer;
	return timer;
}

static void timer_fired(uv_timer_t *handle)
{
	struct timer *timer = handle->data;
	timer->fire(timer->context);
}

void timer_set(struct timer *timer, int64_t at)
{
	int64_t wait = at - clock_monotonic();
	uint64_t ms = wait > 0 ? (uint64_t)(wait / 1000) + 1 : 0;
	/* libuv counts from the beginning of the loop's turn, which may be long ago. */
	uv_update_time(timer->handle.loop);
	uv_timer_start(&timer->handle, timer_fired, ms, 0);
}

void timer_stop(struct timer *timer)
{
	uv_timer_stop(&timer->handle);
}

static void timer_closed(uv_handle_t *handle)
{
	free(handle->data);
}

void timer_free(struct timer **timer)
{
	if (*timer)
		uv_close((uv_handle_t *)&(*timer)->handle, timer_closed);
	*timer = NULL;
}
