/*
 * Shared by the C tests: cmocka, two macros for calls that can fail, and a realm with four users.
 *
 * MUST(call) and REFUSED(code, call) declare the `why` of the call.
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

/* `expected` is a problem code without its prefix PROBLEM_. */
#define REFUSED(expected, call)                                                                    \
	do {                                                                                       \
		struct problem why = {0};                                                          \
		if ((call) >= 0)                                                                   \
			fail_msg("%s was not refused", #call);                                     \
		assert_string_equal(problem_info(why.code)->code,                                  \
				    problem_info(PROBLEM_##expected)->code);                       \
		assert_true(why.detail[0] != '\0');                                                \
	} while (0)

/* A realm in memory. Its users have no passwords. */
struct fixture {
	struct arena *arena;
	struct store *store;
	struct buf out;
	int64_t ada, ben, cleo, dora;
};

int fixture_setup(void **state);
int fixture_teardown(void **state);

/* Runs a statement that no function of the realm has. */
__attribute__((format(printf, 2, 3))) void run_sql(struct fixture *fixture, const char *format,
						   ...);

/* The same with a database file. */
void change_file(const char *path, const char *sql);

/* The path of a file in a new temporary directory, which is removed with the arena. */
const char *scratch(struct arena *arena, const char *name);

/* The sender edits a message; NULL: deletes it. */
void change_message(struct fixture *fixture, int64_t sender, const char *room, const char *message,
		    const char *content);

/* Copies the output into the arena, and empties it. */
const char *take_output(struct fixture *fixture);

/* A number from the environment, for longer runs of a test. */
int64_t setting(const char *name, int64_t otherwise);

#define IN_REALM(test) cmocka_unit_test_setup_teardown(test, fixture_setup, fixture_teardown)

#endif
