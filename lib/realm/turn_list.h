/*
 * Turns as the owners of twins see them: why a twin said a thing. A turn exists for the owner of
 * the twin alone.
 */
#ifndef REALM_TURN_LIST_H
#define REALM_TURN_LIST_H

#include "store/shape.h"

extern const struct shape turn_shape;

#endif
