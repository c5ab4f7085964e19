/* Where a program enters the realm: its database, opened, and the bridge told of every commit. */
#ifndef REALM_REALM_H
#define REALM_REALM_H

#include "base/problem.h"
#include "store/store.h"

struct settings;

/* Opens the database that the settings name. Call after fork, once per thread. */
int realm_open(const struct settings *settings, enum store_mode mode, struct store **store_r,
	       struct problem *why);

/* The path of the datagram socket that a bridge listens on for pokes. */
void realm_poke_path(const struct settings *settings, char *path, size_t size);

/* Whether a bridge listens there at this moment. */
bool realm_bridge_alive(const struct settings *settings);

#endif
