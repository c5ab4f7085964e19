/*
 * The settings of twins. A twin speaks in the name of its owner, and only as these settings allow.
 * A user without settings has a twin that does nothing by itself.
 */
#ifndef REALM_TWINS_H
#define REALM_TWINS_H

#include "store/shape.h"

extern const struct shape twin_shape;

#endif
