/* A timer that fires once, in a loop of libuv. */
#ifndef PROVIDER_TIMER_H
#define PROVIDER_TIMER_H

#include <stdint.h>

struct uv_loop_s;
struct timer;

/* The timer is stopped. */
struct timer *timer_new(struct uv_loop_s *loop, void (*fire)(void *context), void *context);

/* Fires at this time of clock_monotonic(), or a little later; replaces the time before. */
void timer_set(struct timer *timer, int64_t at);

void timer_stop(struct timer *timer);

/* Also within fire(). The memory is freed in the loop's next turn. */
void timer_free(struct timer **timer);

#endif
