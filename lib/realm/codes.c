/* Codes that people copy: see codes.h. */
#include "realm/codes.h"

#include <ctype.h>
#include <string.h>

#include <sodium.h>

#define LETTERS 20
#define GROUP 5

/* Crockford's base32, without letters that look like others. */
static const char alphabet[] = "0123456789abcdefghjkmnpqrstvwxyz";

void code_make(char text[CODE_TEXT])
{
	char *to = text;
	for (int i = 0; i < LETTERS; i++) {
		if (i > 0 && i % GROUP == 0)
			*to++ = '-';
		*to++ = alphabet[randombytes_uniform(sizeof(alphabet) - 1)];
	}
	*to = '\0';
}

static char meant_letter(char typed)
{
	char letter = (char)tolower((unsigned char)typed);
	if (letter == 'o')
		return '0';
	return letter == 'i' || letter == 'l' ? '1' : letter;
}

void code_hash(const char *typed, unsigned char hash[CODE_HASH])
{
	crypto_hash_sha256_state state;
	crypto_hash_sha256_init(&state);
	for (; *typed; typed++) {
		unsigned char letter = (unsigned char)meant_letter(*typed);
		if (letter != '-' && letter != ' ')
			crypto_hash_sha256_update(&state, &letter, 1);
	}
	crypto_hash_sha256_final(&state, hash);
}
