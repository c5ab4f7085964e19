/* The first step of every program: see process.h. */
#include "base/process.h"

#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/stat.h>

void process_protect(void)
{
	const char *debuggable = getenv("AEON_DEBUGGABLE");
	umask(077);
	if (debuggable && strcmp(debuggable, "1") == 0)
		return;
	setrlimit(RLIMIT_CORE, &(struct rlimit){0});
	prctl(PR_SET_DUMPABLE, 0);
}
