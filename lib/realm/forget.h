/*
 * Forgetting: what twins made of a text goes when the text goes.
 *
 * A source is deleted or changed, or its author is erased: then triggers note it in gone_sources
 * (sql/migrations/0013_twins), and the steps here empty all answers that were made from it. A
 * message of a room becomes a deleted one, which is an entry of the room's log; a response is taken
 * back; a line of a conversation and a twin's own question are deleted; a draft fails. A fact goes
 * with its last source, but one that an edited text still says stays. The recall engine quotes the
 * texts that it cites, and no others. A model may repeat every text that it was given.
 */
#ifndef REALM_FORGET_H
#define REALM_FORGET_H

#include "store/store.h"

/* Forgets a few answers. Returns how much was done, 0 when nothing is left, or -1. */
int forget_step(struct store *store, struct problem *why);

/*
 * Within store_write(), as a step of an erasure (erase.h): notes the texts of the user that answers
 * were made from, and empties the messages of the user's twin. Returns how many, at most `limit`.
 */
int forget_sources_of(struct store *store, int64_t user_id, int64_t limit, struct problem *why);
int forget_answers_of(struct store *store, int64_t user_id, int64_t limit, struct problem *why);

#endif
