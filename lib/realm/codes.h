/*
 * Codes that people copy: they open the realm to its first owner, invite a user, or replace a lost
 * phone. A code is 100 random bits, as four groups of five letters and digits. The database has
 * only its hash.
 */
#ifndef REALM_CODES_H
#define REALM_CODES_H

#define CODE_TEXT 24 /* with the dashes and a NUL */
#define CODE_HASH 32 /* bytes of a SHA-256 */

void code_make(char text[CODE_TEXT]);

/* The hash of a code as a person typed it: case, dashes and spaces do not matter, 'o' is 0, and 'i'
 * and 'l' are 1. */
void code_hash(const char *typed, unsigned char hash[CODE_HASH]);

#endif
