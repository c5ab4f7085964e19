/* Time. A point in time is an int64_t in microseconds since 1970-01-01 UTC, named …_at or …_us. */
#ifndef BASE_CLOCK_H
#define BASE_CLOCK_H

#include <stdint.h>

#define CLOCK_SECOND INT64_C(1000000) /* microseconds */
#define CLOCK_DAY (86400 * CLOCK_SECOND)
#define CLOCK_TEXT sizeof("2026-01-31T12:00:00.000000Z")

int64_t clock_now(void);

/* Microseconds that never go back, from an arbitrary zero. For time-outs and durations. */
int64_t clock_monotonic(void);

/* The CPU time that the calling thread has used. */
int64_t clock_thread_cpu(void);

/* Writes RFC 3339 in UTC with microseconds. `us` must be in the years 0 to 9999. */
void clock_text(int64_t us, char text[CLOCK_TEXT]);

/*
 * Reads RFC 3339: "2026-11-25T20:00:00Z", with up to 6 digits of a fraction, and Z or an offset
 * such as +01:00. Second 60 is allowed as a leap second at the end of a UTC day, and is read as the
 * next second. Returns NULL, or an error text in the words of Pydantic v2; CLOCK_NO_ZONE when
 * neither Z nor an offset follows.
 */
const char *clock_parse(const char *text, int64_t *us_r);
extern const char CLOCK_NO_ZONE[];

#endif
