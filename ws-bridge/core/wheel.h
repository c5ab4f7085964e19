/*
 * A timing wheel: any number of timers at constant cost, to a tenth of a second.
 *
 * Every connection has a timer, and nearly all are set anew before they fire; a sorted list of them
 * was most of a bridge's CPU. A timer lives inside what it belongs to (see container_of) and needs
 * no memory of its own. One thread.
 */
#ifndef WS_BRIDGE_CORE_WHEEL_H
#define WS_BRIDGE_CORE_WHEEL_H

#include <stddef.h>
#include <stdint.h>
#include <sys/queue.h>

#define container_of(pointer, type, member)                                                        \
	((type *)(void *)((char *)(pointer)-offsetof(type, member)))

#define WHEEL_TICK_MS 100
#define WHEEL_SLOTS 512 /* one turn takes 51 s: longer than those run that are set often */

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

/* Moments are those of any clock that never goes back, in milliseconds. */
void wheel_start(struct wheel *wheel, int64_t now_ms);

/* (Re)sets a zeroed or used timer to call fire() once, not before the delay has passed. */
void wheel_set(struct wheel *wheel, struct timer *timer, int64_t delay_ms,
	       void (*fire)(struct timer *));
void wheel_cancel(struct timer *timer);

/* Fires what is due. A timer may set or cancel any timer, itself included. */
void wheel_turn(struct wheel *wheel, int64_t now_ms);

#endif
