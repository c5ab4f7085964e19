/*
 * A timing wheel: any number of timers at constant cost, with a resolution of a tenth of a second.
 *
 * Every connection has a timer, and nearly all timers are set again before they fire; a sorted list
 * of them took most of a bridge's CPU time. A timer is part of the struct that it belongs to (see
 * container_of) and needs no memory of its own. One thread uses a wheel.
 */
#ifndef WS_BRIDGE_CORE_WHEEL_H
#define WS_BRIDGE_CORE_WHEEL_H

#include <stdint.h>
#include <sys/queue.h>

#include "ws-bridge/core/container.h"

#define WHEEL_TICK_MS 100
#define WHEEL_SLOTS 512 /* one turn takes 51 s, longer than the delays that are set often */

struct timer {
	LIST_ENTRY(timer) link;
	uint64_t due; /* a tick; 0: not set */
	void (*fire)(struct timer *timer);
};
LIST_HEAD(timers, timer);

struct wheel {
	int64_t started_ms;
	uint64_t tick; /* since then */
	struct timers slots[WHEEL_SLOTS];
};

/* The time comes from any clock that never goes back, in milliseconds. */
void wheel_start(struct wheel *wheel, int64_t now_ms);

/* Sets a timer, zeroed or used before, to call fire() once, not before the delay has passed. */
void wheel_set(struct wheel *wheel, struct timer *timer, int64_t delay_ms,
	       void (*fire)(struct timer *));
void wheel_cancel(struct timer *timer);

/* Fires the timers that are due. A timer may set or cancel any timer, itself included. */
void wheel_turn(struct wheel *wheel, int64_t now_ms);

#endif
