/* The time. Moments are microseconds since 1970-01-01 UTC, in an int64_t named …_at or …_us. */
#ifndef BASE_CLOCK_H
#define BASE_CLOCK_H

#include <stdint.h>

#define CLOCK_SECOND INT64_C(1000000) /* microseconds */
#define CLOCK_DAY (86400 * CLOCK_SECOND)
#define CLOCK_TEXT sizeof("2026-01-31T12:00:00.000000Z")

int64_t clock_now(void);

/* Never goes back; its zero is arbitrary. For time-outs and durations. */
int64_t clock_monotonic(void);

/* RFC 3339 in UTC with microseconds; the years 0 to 9999. */
void clock_text(int64_t us, char text[CLOCK_TEXT]);

/*
 * Read RFC 3339: "2026-11-25T20:00:00Z", with up to 6 digits of a fraction, and Z or an offset such
 * as +01:00. Second 60 is a leap second, which ends a day in UTC; it is read as the second after
 * it. Returns NULL, or what is wrong in the words of Pydantic v2; CLOCK_NO_ZONE when the time ends
 * without Z or an offset.
 */
const char *clock_parse(const char *text, int64_t *us_r);
extern const char CLOCK_NO_ZONE[];

#endif
