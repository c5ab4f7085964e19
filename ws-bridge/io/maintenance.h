/*
 * The maintenance thread: it keeps the write-ahead log short, and removes expired data, while no
 * other process does so.
 */
#ifndef WS_BRIDGE_IO_MAINTENANCE_H
#define WS_BRIDGE_IO_MAINTENANCE_H

#include "base/problem.h"

struct settings;
struct maintenance;

int maintenance_start(const struct settings *settings, struct maintenance **maintenance_r,
		      struct problem *why);
void maintenance_stop(struct maintenance **maintenance);

#endif
