/* Bugs put in on purpose: see seed.h. */
#include "base/seed.h"

#include <stdlib.h>
#include <string.h>

#include "base/clock.h"

static int64_t began;

__attribute__((constructor)) static void begin(void)
{
	began = clock_now();
}

int64_t seed_began(void)
{
	return began;
}

bool seeded(const char *name)
{
	const char *wanted = getenv("SEEDED_BUG");
	return wanted && strcmp(wanted, name) == 0;
}
