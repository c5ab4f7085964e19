/* The time: see clock.h. */
#include "base/clock.h"

#include <time.h>

static int64_t read_clock(clockid_t id)
{
	struct timespec now;
	clock_gettime(id, &now);
	return (int64_t)now.tv_sec * CLOCK_SECOND + now.tv_nsec / 1000;
}

int64_t clock_now(void)
{
	return read_clock(CLOCK_REALTIME);
}

int64_t clock_monotonic(void)
{
	return read_clock(CLOCK_MONOTONIC);
}

static char *digits(char *to, int width, int64_t number)
{
	for (int i = width - 1; i >= 0; i--, number /= 10)
		to[i] = (char)('0' + number % 10);
	return to + width;
}

/*
 * The Gregorian date of a day counted from 1970-01-01, after Howard Hinnant's civil_from_days
 * (chrono-Compatible Low-Level Date Algorithms): years begin in March and eras last 400 years, so
 * that leap days come last. gmtime_r() takes ten times as long, and lists are full of times.
 */
static void civil(int64_t days, int64_t *year_r, int64_t *month_r, int64_t *day_r)
{
	int64_t shifted = days + 719468; /* from 0000-03-01 */
	int64_t era = (shifted >= 0 ? shifted : shifted - 146096) / 146097;
	int64_t of_era = shifted - era * 146097;
	int64_t year = (of_era - of_era / 1460 + of_era / 36524 - of_era / 146096) / 365;
	int64_t of_year = of_era - (365 * year + year / 4 - year / 100);
	int64_t month = (5 * of_year + 2) / 153; /* March is 0 */
	*day_r = of_year - (153 * month + 2) / 5 + 1;
	*month_r = month < 10 ? month + 3 : month - 9;
	*year_r = year + era * 400 + (*month_r <= 2);
}

void clock_text(int64_t us, char text[CLOCK_TEXT])
{
	int64_t of_day = ((us % CLOCK_DAY) + CLOCK_DAY) % CLOCK_DAY;
	int64_t seconds = of_day / CLOCK_SECOND, year, month, day;
	civil((us - of_day) / CLOCK_DAY, &year, &month, &day);
	char *to = digits(text, 4, year);
	*to++ = '-';
	to = digits(to, 2, month);
	*to++ = '-';
	to = digits(to, 2, day);
	*to++ = 'T';
	to = digits(to, 2, seconds / 3600);
	*to++ = ':';
	to = digits(to, 2, seconds / 60 % 60);
	*to++ = ':';
	to = digits(to, 2, seconds % 60);
	*to++ = '.';
	to = digits(to, 6, of_day % CLOCK_SECOND);
	*to++ = 'Z';
	*to = '\0';
}
