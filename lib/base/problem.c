/* The error object: see problem.h. */
#include "base/problem.h"

#include <assert.h>
#include <stdarg.h>
#include <stdio.h>

#define PROBLEM_ROW(constant, code, status, retryable, text)                                       \
	[PROBLEM_##constant] = {code, status, retryable, text},
static const struct problem_info table[PROBLEM__COUNT] = {PROBLEM_TABLE(PROBLEM_ROW)};

const struct problem_info *problem_info(enum problem_code code)
{
	assert(code < PROBLEM__COUNT);
	return &table[code];
}

int problem_set(struct problem *why, enum problem_code code)
{
	return problem_say(why, code, "%s", problem_info(code)->text);
}

int problem_say(struct problem *why, enum problem_code code, const char *format, ...)
{
	if (why->code != PROBLEM_NONE)
		return -1;
	why->code = code;
	va_list args;
	va_start(args, format);
	vsnprintf(why->detail, sizeof(why->detail), format, args);
	va_end(args);
	return -1;
}

int problem_cause(struct problem *why, const char *format, ...)
{
	if (why->cause[0])
		return -1;
	va_list args;
	va_start(args, format);
	vsnprintf(why->cause, sizeof(why->cause), format, args);
	va_end(args);
	return -1;
}
