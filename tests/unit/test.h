/*
 * What the C tests share: cmocka, two ways to call what can fail, and a realm with people in it.
 *
 * MUST(call) and REFUSED(code, call) give the call a `why` of its own.
 */
#ifndef TESTS_UNIT_TEST_H
#define TESTS_UNIT_TEST_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "base/arena.h"
#include "base/buf.h"
#include "base/problem.h"
#include "store/store.h"

#define MUST(call)                                                                                 \
	do {                                                                                       \
		struct problem why = {0};                                                          \
		if ((call) < 0)                                                                    \
			fail_msg("%s: %s (%s) %s", #call, why.detail, why.cause,                   \
				 why.errors ? why.errors : "");                                    \
	} while (0)

/* `code` without its PROBLEM_. */
#define REFUSED(expected, call)                                                                    \
	do {                                                                                       \
		struct problem why = {0};                                                          \
		if ((call) >= 0)                                                                   \
			fail_msg("%s was taken", #call);                                           \
		assert_string_equal(problem_info(why.code)->code,                                  \
				    problem_info(PROBLEM_##expected)->code);                       \
		assert_true(why.detail[0] != '\0');                                                \
	} while (0)

/* A realm in memory. Nobody in it has a password. */
struct world {
	struct arena *arena;
	struct store *store;
	struct buf out;
	int64_t ada, ben, cleo, dora;
};

int world_setup(void **state);
int world_teardown(void **state);

/* A name for a file in a directory of this test's own, which goes with the arena. */
const char *scratch(struct arena *arena, const char *name);

/* What is in the buffer, which is emptied; in the arena. */
const char *taken(struct world *world);

#define IN_WORLD(test) cmocka_unit_test_setup_teardown(test, world_setup, world_teardown)

#endif
