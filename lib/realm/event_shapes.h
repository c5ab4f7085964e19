/*
 * The live contract, as far as the realm defines it: what the data of each kind of event looks
 * like.
 *
 * It stands above the subjects, whose shapes it names, so that they need only events.h.
 */
#ifndef REALM_EVENT_SHAPES_H
#define REALM_EVENT_SHAPES_H

#include "realm/events.h"
#include "store/shape.h"

/* The shape of an event's data; NULL for a kind that no client hears. */
const struct shape *event_shape(enum event_kind kind);

#endif
