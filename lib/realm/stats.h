/* Counts of everything in a realm. */
#ifndef REALM_STATS_H
#define REALM_STATS_H

#include "store/shape.h"

extern const struct shape realm_stats_shape; /* of q_realm_stats() */

#endif
