/* UUIDs of version 7 (RFC 9562): random, and sorted by the time they were made, to 1 µs. */
#ifndef BASE_UUID_H
#define BASE_UUID_H

#include <stdint.h>

#define UUID_TEXT sizeof("01234567-89ab-7cde-8f01-23456789abcd")

void uuid_make(char text[UUID_TEXT]);

/* The lowest UUID of a time (microseconds since 1970 UTC): it sorts after all older UUIDs. */
void uuid_least(int64_t at, char text[UUID_TEXT]);

#endif
