/*
 * The process beside a pool's workers that does the realm's maintenance (realm/maintenance.h),
 * where no bridge is configured to do it.
 */
#ifndef CGI_MAINTAINER_H
#define CGI_MAINTAINER_H

#include <stdbool.h>

struct settings;

#define MAINTAINER_ROLE "maintainer" /* for inherit.h; it has no numbers */

/* Whether the settings leave the maintenance to the pools. */
bool maintainer_is_needed(const struct settings *settings);

/* Runs until SIGTERM or SIGINT, which are blocked, and returns an exit code. On SIGHUP it executes
 * the program's current file. */
int maintainer_run(const struct settings *settings);

#endif
