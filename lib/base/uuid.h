/* UUIDs of version 7 (RFC 9562): random, and sorting by the time they were made, to about 0.25 µs.
 */
#ifndef BASE_UUID_H
#define BASE_UUID_H

#define UUID_TEXT sizeof("01234567-89ab-7cde-8f01-23456789abcd")

void uuid_make(char text[UUID_TEXT]);

#endif
