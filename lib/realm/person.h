/* The names of a user beside the username, as every shape has them that names a user. */
#ifndef REALM_PERSON_H
#define REALM_PERSON_H

#include "store/shape.h"

#define TWIN_OF_PERSON "`{name}` of the user's twin; null: it does nothing by itself."

/* Of the columns {person_names}, which follow a username. */
#define PERSON_NAMES                                                                               \
	PROPERTY("full_name", TEXT, .nullable = true),                                             \
		PROPERTY("twin", OBJECT, .nullable = true, .help = TWIN_OF_PERSON)

/* Writes them. Both may be NULL. */
void person_names_put(struct buf *out, const char *full_name, const char *twin);

#endif
