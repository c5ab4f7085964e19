/* The clock of a C test: see clock.h. */
#include "tests/unit/clock.h"

int64_t now;

int64_t __wrap_clock_now(void);
int64_t __wrap_clock_now(void)
{
	return now;
}
