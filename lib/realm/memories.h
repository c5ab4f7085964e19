/*
 * Memories of twins: texts that owners gave to their twins, and facts from the owners' own words.
 * What else a twin knows lies in the realm, and is not copied.
 */
#ifndef REALM_MEMORIES_H
#define REALM_MEMORIES_H

#include "store/shape.h"

extern const struct shape memory_shape;

#endif
