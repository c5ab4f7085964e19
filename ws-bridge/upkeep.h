/*
 * The upkeep thread: keeps the write-ahead log short, and removes what is past its time, while no
 * other process does.
 */
#ifndef WS_BRIDGE_UPKEEP_H
#define WS_BRIDGE_UPKEEP_H

#include "base/problem.h"

struct settings;
struct upkeep;

int upkeep_start(const struct settings *settings, struct upkeep **upkeep_r, struct problem *why);
void upkeep_stop(struct upkeep **upkeep);

#endif
