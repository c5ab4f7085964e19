/*
 * Maintenance: it keeps the write-ahead log short, indexes long texts, tells votes, erases, and
 * removes what has expired, in small steps.
 *
 * Any program that runs for long can do it: the bridge in a thread, and where there is no bridge a
 * process beside the workers. One of them leads (store/lead.h), and the others look now and then
 * whether it still does. A CGI program does the most urgent after its answer (cgi/main.c).
 */
#ifndef REALM_MAINTENANCE_H
#define REALM_MAINTENANCE_H

#include "realm/notes.h"

struct settings;
struct maintenance;

/* The settings must outlive it. `program` is shown in the health while it leads. */
struct maintenance *maintenance_new(const struct settings *settings, enum health_leader program);
void maintenance_free(struct maintenance **maintenance);

/* Returns after how many milliseconds the next step is due. A failure is logged. For one thread. */
int maintenance_step(struct maintenance *maintenance);

#endif
