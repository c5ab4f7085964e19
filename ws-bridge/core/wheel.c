/* The timing wheel: see wheel.h. */
#include "ws-bridge/core/wheel.h"

void wheel_start(struct wheel *wheel, int64_t now_ms)
{
	*wheel = (struct wheel){.started_ms = now_ms};
}

void wheel_cancel(struct timer *timer)
{
	if (timer->due)
		LIST_REMOVE(timer, link);
	timer->due = 0;
}

void wheel_set(struct wheel *wheel, struct timer *timer, int64_t delay_ms,
	       void (*fire)(struct timer *))
{
	wheel_cancel(timer);
	/* A part of the current tick has passed already, so one more tick makes up for it. */
	timer->due = wheel->tick + 1 + ((uint64_t)delay_ms + WHEEL_TICK_MS - 1) / WHEEL_TICK_MS;
	timer->fire = fire;
	LIST_INSERT_HEAD(&wheel->slots[timer->due % WHEEL_SLOTS], timer, link);
}

/* Takes the timers that are due out of the slot first, because a timer that fires may change it. */
static void wheel_fire_slot(struct timers *slot, uint64_t tick)
{
	struct timers due = LIST_HEAD_INITIALIZER(due);
	for (struct timer *timer = LIST_FIRST(slot), *next; timer; timer = next) {
		next = LIST_NEXT(timer, link);
		if (timer->due > tick)
			continue;
		LIST_REMOVE(timer, link);
		LIST_INSERT_HEAD(&due, timer, link);
	}
	for (struct timer *timer; (timer = LIST_FIRST(&due)) != NULL;) {
		wheel_cancel(timer);
		timer->fire(timer);
	}
}

void wheel_turn(struct wheel *wheel, int64_t now_ms)
{
	uint64_t now = (uint64_t)(now_ms - wheel->started_ms) / WHEEL_TICK_MS;
	while (wheel->tick < now) {
		wheel->tick++;
		wheel_fire_slot(&wheel->slots[wheel->tick % WHEEL_SLOTS], wheel->tick);
	}
}
