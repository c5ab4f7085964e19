/* The thread of the bridge that does the realm's maintenance (realm/maintenance.h). */
#ifndef WS_BRIDGE_IO_MAINTENANCE_H
#define WS_BRIDGE_IO_MAINTENANCE_H

#include "base/problem.h"

struct settings;
struct maintenance_thread;

int maintenance_start(const struct settings *settings, struct maintenance_thread **thread_r,
		      struct problem *why);
void maintenance_stop(struct maintenance_thread **thread);

#endif
