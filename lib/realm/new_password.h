/*
 * Which new passwords are refused: those that a guesser tries first.
 *
 * common_passwords.txt has those of at least 8 characters from two public lists, in lower case and
 * sorted: the one of zxcvbn 4.5 (MIT licence) and the one of Django 5.2 (BSD licence).
 */
#ifndef REALM_NEW_PASSWORD_H
#define REALM_NEW_PASSWORD_H

#include "base/problem.h"

struct arena;

/*
 * PROBLEM_INVALID for a common password, and for one that is the user's own name or address, in any
 * case. `field` is the field that the error names. username and email may be NULL.
 */
int new_password_check(struct arena *arena, const char *field, const char *password,
		       const char *username, const char *email, struct problem *why);

#endif
