/*
 * The shape of the data of each kind of event. This module is above the subjects and names their
 * shapes, so that the subjects need only events.h.
 */
#ifndef REALM_EVENT_SHAPES_H
#define REALM_EVENT_SHAPES_H

#include "realm/events.h"
#include "store/shape.h"

/* The shape of an event's data; NULL for a kind that no client receives. */
const struct shape *event_shape(enum event_kind kind);

#endif
