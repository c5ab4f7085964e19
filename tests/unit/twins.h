/* A realm with twins, for the C tests about them. */
#ifndef TESTS_UNIT_TWINS_H
#define TESTS_UNIT_TWINS_H

#include "realm/turns.h"
#include "tests/unit/test.h"

/* The integer that a query gives. */
__attribute__((format(printf, 2, 3))) int64_t number_of(struct fixture *f, const char *format, ...);

/* A twin with that autopilot; then a setting of it, such as "answers_to = 'friends'". */
void set_twin(struct fixture *f, int64_t owner, const char *autopilot);
void change_twin(struct fixture *f, int64_t owner, const char *setting);

/* A public AEON room, and the twin of a user who joins it. */
const char *aeon_room(struct fixture *f, int64_t owner);
void bring_twin(struct fixture *f, int64_t owner, const char *room_id);

/* An interaction, and a message, which the twin writes unless turn_id is 0. */
int64_t ask(struct fixture *f, int64_t from, int64_t to, const char *text);
void say(struct fixture *f, int64_t from, const char *room_id, const char *text, int64_t turn_id);

/* The next turn; its id is 0 without one. */
struct turn claim(struct fixture *f);

/* All turns in their order, each as "TWIN:STATE/REASON:STEP"; in the arena. */
const char *turns(struct fixture *f);

#endif
