/*
 * The turns of twins: a twin answers one cause, once.
 *
 * A turn is queued in the transaction of its cause. A process of aeon-twin claims it, makes the
 * answer (answers.h) and ends it, in one transaction with what it posts. That one cause has one
 * answer, and that every chain of answers ends, are constraints of the rows; so any number of
 * processes may race, and each may be killed at any moment.
 *
 * A chain begins with a word of a user, its root. Its turns are counted by their steps, over rooms
 * and interactions alike.
 */
#ifndef REALM_TURNS_H
#define REALM_TURNS_H

#include <stdbool.h>
#include <stdint.h>

#include "base/clock.h"
#include "base/problem.h"
#include "realm/sources.h"
#include "store/shape.h"

struct arena;
struct named;
struct store;

/* What a turn answers, and what cause_id is: a line of a chat, an interaction, the response to an
 * interaction (its id), a message, the turn of a twin that asks (exchange.h), or a memory that the
 * twin proposes to its owner as knowledge. */
enum turn_cause {
	CAUSE_CHAT,
	CAUSE_INTERACTION,
	CAUSE_RESPONSE,
	CAUSE_MESSAGE,
	CAUSE_EXCHANGE,
	CAUSE_KNOWLEDGE,
	TURN_CAUSE__COUNT
};
const char *turn_cause_name(enum turn_cause cause);
enum turn_cause turn_cause_named(const char *name); /* a name of the database */
enum source_kind
turn_cause_source(enum turn_cause cause); /* the cause as a text; SOURCE__COUNT: none */

struct turn {
	int64_t id;
	int64_t twin_id; /* the owner of the twin; 0: the best twin of the room, not chosen yet */
	int64_t asker_id;
	enum turn_cause cause;
	const char *cause_id, *root_kind, *root_id;
	const char *room_id; /* or NULL */
	int64_t attempts;    /* this one included */
	int64_t created_at;
};

/* Whether a twin's word is the cause, not a user's. */
bool turn_is_caused_by_twin(const struct turn *turn);

/* --- causes ----------------------------------------------------------------------------------- */

/*
 * The following run in the transaction of the cause. `turn_id` is the turn by which a twin wrote
 * the cause, or 0 for a word of a user. Where no twin may answer, nothing is queued.
 */

/* `author` has addressed `target`. */
int turn_for_interaction(struct store *store, int64_t interaction, int64_t author, int64_t target,
			 int64_t turn_id, struct problem *why);

/*
 * `target` has answered the interaction of `author`. The author's twin may go on when one of the
 * two texts is a twin's. The target's own twin has been overtaken when a user answered.
 */
int turn_for_response(struct arena *arena, struct store *store, int64_t interaction, int64_t author,
		      int64_t target, int64_t turn_id, struct problem *why);

/*
 * A message of a room. The twins of members that it names answer, or else the one with the best
 * sources. A user's message overtakes the turns of the own twin in that room.
 */
int turns_for_message(struct arena *arena, struct store *store, const char *message_id,
		      const char *room_id, int64_t sender, const struct named *named,
		      int64_t turn_id, struct problem *why);

/* `owner` has written the line to the own twin. */
int turn_for_chat(struct store *store, int64_t owner, int64_t line, int64_t *turn_r,
		  struct problem *why);

/* The twin of the turn `asking` asks another twin: 1, or 0 when the chain has ended, or -1. */
int turn_for_exchange(struct store *store, const struct turn *asking, int64_t twin,
		      struct problem *why);

/* Proposes to the twin's owner to share as knowledge what the turn has told, once each. A draft
 * waits for the owner. */
int turn_propose(struct arena *arena, struct store *store, const struct turn *turn,
		 struct problem *why);

/* --- the queue -------------------------------------------------------------------------------- */

#define TURN_LEASE_US (60 * CLOCK_SECOND)  /* more than making an answer takes without a model */
#define TURNS_OF_ASKER 2                   /* in work at one time */
#define TURN_SPACING_US (5 * CLOCK_SECOND) /* between two messages of a twin in rooms */
#define TURN_ATTEMPTS 3                    /* a turn that ended as many processes fails */

/* The time at which the next turn is due; far in the future when there is none. */
int turns_next_due(struct store *store, int64_t *at_r, struct problem *why);

/*
 * Claims the next due turn for the process `worker` (from 1): 1, or 0 without one, or -1. The
 * turn's texts are in the arena. Other processes may take it over after `lease_us`. The questions
 * of one user are not more than TURNS_OF_ASKER of those in work.
 */
int turn_claim(struct arena *arena, struct store *store, int worker, int64_t lease_us,
	       struct turn *turn_r, struct problem *why);

/* Queues again what the last process of this number was doing. */
int turns_release(struct store *store, int worker, struct problem *why);

/* --- the end ---------------------------------------------------------------------------------- */

/* How a turn ended. `reason` is set for all states but posted and draft. */
struct turn_end {
	const char *state; /* posted, draft, refused, overtaken, failed, cancelled or rejected */
	const char *reason;
	int64_t until; /* of a refused one: when the reason ends; 0: unknown */
	const char *content, *answer_id;
	const char *engine, *model; /* or NULL */
	int64_t prompt_tokens, reply_tokens;
	bool approved;
};

/*
 * Within store_write(): whether that attempt still runs (1), or the turn has been ended or taken
 * over meanwhile (0). Ask this before posting.
 */
int turn_is_mine(struct store *store, const struct turn *turn, struct problem *why);

/* Notes the beginning of an answer that is still being made: 1, 0 as turn_is_mine(), or -1. */
int turn_note_text(struct store *store, const struct turn *turn, const char *text,
		   struct problem *why);

/* Within store_write(): ends the turn, and tells its owner. */
int turn_end(struct arena *arena, struct store *store, const struct turn *turn,
	     const struct turn_end *end, struct problem *why);

/* Ends a turn that posts nothing, if it is still running. */
int turn_refuse(struct arena *arena, struct store *store, const struct turn *turn,
		const struct turn_end *end, struct problem *why);

/* Queues the turn again, to be tried again from `due_at` on. */
int turn_release(struct store *store, const struct turn *turn, int64_t due_at, struct problem *why);

/* Puts the turn back until `due_at`, as one that has not been tried, for the twin that
 * turn->twin_id names. */
int turn_postpone(struct store *store, const struct turn *turn, int64_t due_at,
		  struct problem *why);

/* The owner ends a turn that waits or runs. PROBLEM_NOT_FOUND; PROBLEM_TURN_ENDED. */
int turn_cancel(struct arena *arena, struct store *store, int64_t owner, int64_t turn_id,
		struct problem *why);

extern const struct shape turn_event_shape; /* turn_updated, draft_waiting */

#endif
