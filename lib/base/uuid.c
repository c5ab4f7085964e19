/* UUIDs of version 7: see uuid.h. */
#include "base/uuid.h"

#include <sodium.h>

#include "base/clock.h"

/* Puts the time and the version into the id's first half, then writes the id as text. */
static void write_id(unsigned char id[16], int64_t at, char text[UUID_TEXT])
{
	uint64_t ms = (uint64_t)at / 1000;
	/* RFC 9562, 6.2, method 3: the 12 bits after the version are the millisecond's fraction. */
	unsigned fraction = (unsigned)(at % 1000) * 4096 / 1000;
	for (int i = 0; i < 6; i++)
		id[i] = (unsigned char)(ms >> (8 * (5 - i)));
	id[6] = (unsigned char)(0x70 | fraction >> 8);
	id[7] = (unsigned char)fraction;
	id[8] = (unsigned char)(0x80 | (id[8] & 0x3f));

	static const char hex[] = "0123456789abcdef";
	char *to = text;
	for (int i = 0; i < 16; i++) {
		if (i == 4 || i == 6 || i == 8 || i == 10)
			*to++ = '-';
		*to++ = hex[id[i] >> 4];
		*to++ = hex[id[i] & 15];
	}
	*to = '\0';
}

void uuid_make(char text[UUID_TEXT])
{
	unsigned char id[16];
	randombytes_buf(id, sizeof(id));
	write_id(id, clock_now(), text);
}

void uuid_least(int64_t at, char text[UUID_TEXT])
{
	unsigned char id[16] = {0};
	write_id(id, at, text);
}
