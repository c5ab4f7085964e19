/* A realm with texts on which twins may draw, for the C tests about them. */
#ifndef TESTS_UNIT_TEXTS_H
#define TESTS_UNIT_TEXTS_H

#include "tests/unit/test.h"

void relate(struct fixture *f, int64_t from, int64_t to, const char *type);

/* A room of Ada with these other members; 0: none. */
const char *make_room(struct fixture *f, bool is_public, int64_t one, int64_t other);

/* Each gives the id. */
const char *post(struct fixture *f, int64_t sender, const char *room, const char *text);
const char *post_by_twin(struct fixture *f, int64_t owner, const char *room, const char *text);
int64_t share(struct fixture *f, int64_t creator, const char *visibility, const char *text);
int64_t remember(struct fixture *f, int64_t owner, const char *visibility, const char *text);
int64_t ask(struct fixture *f, int64_t from, int64_t to, int64_t parent, bool is_public,
	    const char *text);

void answer(struct fixture *f, int64_t user, int64_t id, const char *text);

/* Until no text waits. */
void index_all(struct fixture *f);

#endif
