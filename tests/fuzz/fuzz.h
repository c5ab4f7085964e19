/* What the fuzzers share: the entry point that libFuzzer and replay_main.c call, and findings. */
#ifndef TESTS_FUZZ_FUZZ_H
#define TESTS_FUZZ_FUZZ_H

#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/problem.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* What must hold for every input. */
#define HOLDS(condition)                                                                           \
	do {                                                                                       \
		if (!(condition)) {                                                                \
			fprintf(stderr, "%s:%d: does not hold: %s\n", __FILE__, __LINE__,          \
				#condition);                                                       \
			abort();                                                                   \
		}                                                                                  \
	} while (0)

/* For calls that cannot fail here; they get a `why` of their own. */
#define MUST(call)                                                                                 \
	do {                                                                                       \
		struct problem why = {0};                                                          \
		HOLDS((call) >= 0);                                                                \
	} while (0)

#endif
