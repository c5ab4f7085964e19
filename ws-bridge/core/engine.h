/*
 * What drives the bridge: an event loop calls these functions, each on the bridge's thread.
 *
 * In a turn of the loop connections only queue their frames. engine_flush() writes them before the
 * loop waits again, so that one write carries all that a turn brought.
 */
#ifndef WS_BRIDGE_CORE_ENGINE_H
#define WS_BRIDGE_CORE_ENGINE_H

struct bridge;
struct settings;
struct store_thread;

void engine_open(struct bridge *bridge, const struct settings *settings, int instance,
		 struct store_thread *store_thread);

/* All connections must be gone. The store thread stays the caller's. */
void engine_close(struct bridge *bridge);

/* Takes the reports of the store thread. */
void engine_collect(struct bridge *bridge);

/* Writes what connections have queued: to be called before the loop waits. */
void engine_flush(struct bridge *bridge);

/* Fires the timers that are due: to be called ten times a second. */
void engine_tick(struct bridge *bridge);

/* Finishes the jobs that were taken and closes all connections; then sets bridge->stopped, some
 * ticks later. */
void engine_stop(struct bridge *bridge);

#endif
