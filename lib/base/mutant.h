/*
 * Bugs put in on purpose, one of which the environment variable AEON_MUTANT switches on: so that it
 * can be shown which test finds it (tests/mutants). Without --enable-mutants there are none.
 *
 *	ack_before_sync    a message is acknowledged before the disk has it
 *	skipped_seq        a room leaves out a number now and then
 *	lost_wakeup        what other processes write is noticed by chance alone
 *	resume_off_by_one  a client that comes back misses the first event
 *	resume_unchecked   a client that comes back is told of rooms that it is not in
 *	dropped_message    a queue that grows loses a frame
 *	dedupe_in_memory   a message sent again after a restart is not known any more
 *	torn_frame         more is written while the socket keeps the rest of a frame
 */
#ifndef BASE_MUTANT_H
#define BASE_MUTANT_H

#ifdef MUTANTS
#include <stdbool.h>
#include <stdint.h>

bool mutant_enabled(const char *name);
int64_t mutant_began(void); /* when this process did, in microseconds since 1970 UTC */
#define MUTANT(name) mutant_enabled(#name)
#else
#define MUTANT(name) 0
#define mutant_began() 0
#endif

#endif
