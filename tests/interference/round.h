/* A realm that is made after a plan, with the hidden thing or without it. */
#ifndef TESTS_INTERFERENCE_ROUND_H
#define TESTS_INTERFERENCE_ROUND_H

#include "realm/answers.h"
#include "tests/interference/plan.h"
#include "tests/unit/test.h"

struct round {
	struct fixture *f;
	const struct plan *plan;
	bool with;
	double strength; /* of each friendship */
	int64_t users[USERS], ids[THINGS]; /* of interactions and knowledge; 0: left out */
	const char *rooms[ROOMS], *conversations[USERS];
	struct answer answer;
	const char *embedded[LEAVE_NEVER]; /* what the embedder gets, at each level for the first
					      time */
	const char *question;              /* that the embedder gets for an answer; "": none */
	const char *found;                 /* what the audience gets */
	const char *near;                  /* the same of a search by meaning alone */
	const char *prompts;               /* what models get for it; "": no model is asked */
	const char *searched;              /* what its owner finds as knowledge */
	const char *nearest;               /* the same by meaning alone */
};

/* Makes all that is planned, with times of its own, and indexes it. Within store_write(). */
int round_make(struct round *r, struct store *store, struct problem *why);

/* The user says that to the own twin. */
int say_to_twin(struct round *r, struct store *store, int user, const char *text, int64_t *line_r,
		struct problem *why);

#endif
