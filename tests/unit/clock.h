/* The clock of a C test: with -Wl,--wrap=clock_now the program's clock shows what the test sets. */
#ifndef TESTS_UNIT_CLOCK_H
#define TESTS_UNIT_CLOCK_H

#include <stdint.h>

extern int64_t now; /* microseconds since 1970 */

#endif
