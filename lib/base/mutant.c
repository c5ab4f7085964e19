/* Mutants: see mutant.h. */
#include "base/mutant.h"

#include <stdlib.h>
#include <string.h>

#include "base/clock.h"

static int64_t began;

__attribute__((constructor)) static void note_beginning(void)
{
	began = clock_now();
}

int64_t mutant_began(void)
{
	return began;
}

bool mutant_enabled(const char *name)
{
	const char *wanted = getenv("AEON_MUTANT");
	return wanted && strcmp(wanted, name) == 0;
}
