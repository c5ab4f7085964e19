/* Time: see clock.h. */
#include "base/clock.h"

#include <ctype.h>
#include <stdbool.h>
#include <time.h>

/* 0000-01-01T00:00:00Z and 9999-12-31T23:59:59Z: the times that clock_text() can write. */
#define FIRST_SECOND INT64_C(-62167219200)
#define LAST_SECOND INT64_C(253402300799)

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

int64_t clock_thread_cpu(void)
{
	return read_clock(CLOCK_THREAD_CPUTIME_ID);
}

static char *put_digits(char *to, int width, int64_t number)
{
	for (int i = width - 1; i >= 0; i--, number /= 10)
		to[i] = (char)('0' + number % 10);
	return to + width;
}

/*
 * The Gregorian date of a day counted from 1970-01-01, by Howard Hinnant's civil_from_days
 * (chrono-Compatible Low-Level Date Algorithms): years begin in March and eras last 400 years, so
 * that leap days come last. gmtime_r() takes ten times as long, and lists contain many times.
 */
static void civil_from_days(int64_t days, int64_t *year_r, int64_t *month_r, int64_t *day_r)
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
	civil_from_days((us - of_day) / CLOCK_DAY, &year, &month, &day);
	char *to = put_digits(text, 4, year);
	*to++ = '-';
	to = put_digits(to, 2, month);
	*to++ = '-';
	to = put_digits(to, 2, day);
	*to++ = 'T';
	to = put_digits(to, 2, seconds / 3600);
	*to++ = ':';
	to = put_digits(to, 2, seconds / 60 % 60);
	*to++ = ':';
	to = put_digits(to, 2, seconds % 60);
	*to++ = '.';
	to = put_digits(to, 6, of_day % CLOCK_SECOND);
	*to++ = 'Z';
	*to = '\0';
}

/* --- reading -------------------------------------------------------------------------------- */

/* A number of fixed width, and the character that must follow it; '\0': any may follow. */
struct part {
	int digits;
	int64_t min, max;
	char after;
	const char *no_digit, *outside, *no_separator;
};

enum { YEAR, MONTH, DAY, HOUR, MINUTE, SECOND, PART__COUNT };
enum { ZONE_HOUR, ZONE_MINUTE, ZONE_PART__COUNT };

#define NO_DATE_SEPARATOR "invalid date separator, expected `-`"
#define NO_TIME_SEPARATOR "invalid time separator, expected `:`"
#define BAD_SECOND "second value is outside expected range of 0-59"

static const struct part parts[PART__COUNT] = {
	[YEAR] = {4, 0, 9999, '-', "invalid character in year", NULL, NO_DATE_SEPARATOR},
	[MONTH] = {2, 1, 12, '-', "invalid character in month",
		   "month value is outside expected range of 1-12", NO_DATE_SEPARATOR},
	[DAY] = {2, 1, 31, 'T', "invalid character in day", "day value is outside expected range",
		 "invalid datetime separator, expected `T`"},
	[HOUR] = {2, 0, 23, ':', "invalid character in hour",
		  "hour value is outside expected range of 0-23", NO_TIME_SEPARATOR},
	[MINUTE] = {2, 0, 59, ':', "invalid character in minute",
		    "minute value is outside expected range of 0-59", NO_TIME_SEPARATOR},
	[SECOND] = {2, 0, 60, '\0', "invalid character in second", BAD_SECOND, NULL},
};

static const struct part zone_parts[ZONE_PART__COUNT] = {
	[ZONE_HOUR] = {2, 0, 23, ':', "invalid timezone hour",
		       "timezone offset must be less than 24 hours", NO_TIME_SEPARATOR},
	[ZONE_MINUTE] = {2, 0, 59, '\0', "invalid timezone minute",
			 "timezone minute value is outside expected range of 0-59", NULL},
};

const char CLOCK_NO_ZONE[] = "no timezone";

static bool is_digit(char c)
{
	return c >= '0' && c <= '9';
}

/* Each parse function moves *at past the text that it read. It returns NULL or the fault. */
static const char *parse_parts(const char **at, const struct part *table, int count,
			       int64_t *numbers)
{
	for (int i = 0; i < count; i++) {
		const struct part *part = &table[i];
		int64_t number = 0;
		for (int digit = 0; digit < part->digits; digit++, ++*at) {
			if (!is_digit(**at))
				return **at ? part->no_digit : "input is too short";
			number = number * 10 + (**at - '0');
		}
		if (number < part->min || number > part->max)
			return part->outside;
		if (part->after && toupper((unsigned char)*(*at)++) != part->after)
			return part->no_separator;
		numbers[i] = number;
	}
	return NULL;
}

static const char *parse_fraction(const char **at, int64_t *us_r)
{
	*us_r = 0;
	if (**at != '.')
		return NULL;
	if (!is_digit(*++*at))
		return "second fraction digits missing after `.`";
	for (int64_t unit = CLOCK_SECOND / 10; is_digit(**at); unit /= 10, ++*at) {
		if (unit == 0)
			return "second fraction value is more than 6 digits long";
		*us_r += (**at - '0') * unit;
	}
	return NULL;
}

static const char *parse_zone(const char **at, int64_t *seconds_r)
{
	int64_t numbers[ZONE_PART__COUNT];
	char sign = *(*at)++;
	*seconds_r = 0;
	if (sign == '\0')
		return CLOCK_NO_ZONE;
	if (sign == 'Z' || sign == 'z')
		return NULL;
	if (sign != '+' && sign != '-')
		return "invalid timezone sign";
	const char *wrong = parse_parts(at, zone_parts, ZONE_PART__COUNT, numbers);
	if (!wrong)
		*seconds_r = (sign == '-' ? -1 : 1) *
			     (numbers[ZONE_HOUR] * 3600 + numbers[ZONE_MINUTE] * 60);
	return wrong;
}

/* The seconds at which a day begins. timegm() turns February 30 into a day of March. */
static const char *seconds_of_date(const int64_t *numbers, int64_t *seconds_r)
{
	struct tm date = {.tm_year = (int)numbers[YEAR] - 1900,
			  .tm_mon = (int)numbers[MONTH] - 1,
			  .tm_mday = (int)numbers[DAY]};
	*seconds_r = timegm(&date);
	return date.tm_mday == numbers[DAY] ? NULL : parts[DAY].outside;
}

const char *clock_parse(const char *text, int64_t *us_r)
{
	int64_t numbers[PART__COUNT], fraction, zone, seconds;
	const char *wrong = parse_parts(&text, parts, PART__COUNT, numbers);
	if (!wrong)
		wrong = seconds_of_date(numbers, &seconds);
	if (!wrong)
		wrong = parse_fraction(&text, &fraction);
	if (!wrong)
		wrong = parse_zone(&text, &zone);
	if (wrong)
		return wrong;
	if (*text)
		return "unexpected extra characters at the end of the input";
	seconds += numbers[HOUR] * 3600 + numbers[MINUTE] * 60 + numbers[SECOND] - zone;
	if (numbers[SECOND] == 60 && seconds % (CLOCK_DAY / CLOCK_SECOND) != 0)
		return BAD_SECOND;
	if (seconds < FIRST_SECOND || seconds > LAST_SECOND)
		return "year value is outside expected range of 0-9999";
	*us_r = seconds * CLOCK_SECOND + fraction;
	return NULL;
}
