/*
 * Mutants: deliberate bugs. The environment variable AEON_MUTANT switches one on, and tests/mutants
 * shows that a test finds it. A build without --enable-mutants has none.
 *
 *	ack_before_sync       a message is acknowledged before it is on disk
 *	skipped_seq           a room sometimes skips a sequence number
 *	lost_wakeup           the bridge skips events that other processes wrote before its batch
 *	resume_off_by_one     a client that resumes misses the first event
 *	resume_unchecked      a client that resumes receives events of rooms that it is not in
 *	dropped_message       a growing queue loses a frame
 *	dedupe_in_memory      a message that is sent again after a restart is stored twice
 *	torn_frame            a frame is written into the middle of an unfinished one
 *	sources_one_reader    an answer draws on all that its owner may read
 *	sources_filter_late   what a reader may not see is left out after the ranking
 *	local_leaves          a memory that must not leave the machine is sent to a model
 *	vectors_filter_late   texts of blocked users are left out after the scoring of their neighbours
 *	vectors_by_place      of a text found by its meaning, only the place is looked at, not the text
 *	strength_in_prompt    the request to a model has the owner's relationship to the asker
 *	search_counts_hidden  the weights of words in a search come from all texts
 *
 * write_twice is no bug, and every test must pass with it: each write transaction is rolled back
 * and runs again before it commits, as an engine does that lost a conflict.
 */
#ifndef BASE_MUTANT_H
#define BASE_MUTANT_H

#ifdef MUTANTS
#include <stdbool.h>
#include <stdint.h>

bool mutant_enabled(const char *name);
int64_t mutant_began(void); /* when this process began, in microseconds since 1970 UTC */
#define MUTANT(name) mutant_enabled(#name)
#else
#define MUTANT(name) 0
#define mutant_began() 0
#endif

#endif
