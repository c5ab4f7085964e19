/* Notes of the realm's own work: see notes.h. */
#include "realm/notes.h"

#include <stdatomic.h>
#include <unistd.h>

#include "base/clock.h"
#include "realm/settings.h"
#include "store/lead.h"

#define FILE_NAME "health"
#define LAYOUT 2 /* of this struct */

/* Times are clock_monotonic(), the same for all processes of a machine; 0: never. */
struct notes {
	_Atomic int64_t begun_at, probed_at;
	_Atomic int32_t leader, leader_pid;
	struct {
		_Atomic int64_t good_at, bad_at, good, bad;
		struct shared_text cause;
	} tasks[HEALTH_TASK__COUNT];
};

static struct notes own_notes, *notes = &own_notes;

void health_open(const struct settings *settings)
{
	int64_t never = 0;
	if (notes == &own_notes)
		notes = shared_map(settings->run_dir, FILE_NAME, sizeof(*notes), LAYOUT);
	atomic_compare_exchange_strong(&notes->begun_at, &never, clock_monotonic());
}

void health_forget(const struct settings *settings)
{
	shared_remove(settings->run_dir, FILE_NAME);
}

int health_note(enum health_task task, int result, const struct problem *why)
{
	if (result >= 0) {
		notes->tasks[task].good_at = clock_monotonic();
		notes->tasks[task].good++;
	} else {
		shared_text_put(&notes->tasks[task].cause,
				why->cause[0] ? why->cause : why->detail);
		notes->tasks[task].bad_at = clock_monotonic();
		notes->tasks[task].bad++;
	}
	return result;
}

int health_checkpoint(enum health_leader program, struct leader *leader, struct checkpoint *done_r,
		      struct problem *why)
{
	notes->leader = (int32_t)program;
	notes->leader_pid = getpid();
	return health_note(HEALTH_CHECKPOINT, leader_checkpoint(leader, done_r, why), why);
}

/* A time of a former life of the machine may lie in the future. */
static int64_t since(int64_t at, int64_t now)
{
	return at > 0 && at <= now ? now - at : HEALTH_UNKNOWN;
}

void health_read_notes(struct health_notes *notes_r)
{
	int64_t now = clock_monotonic();
	int32_t leader = notes->leader;
	for (int task = 0; task < HEALTH_TASK__COUNT; task++) {
		notes_r->since_good[task] = since(notes->tasks[task].good_at, now);
		notes_r->since_bad[task] = since(notes->tasks[task].bad_at, now);
		notes_r->good[task] = notes->tasks[task].good;
		notes_r->bad[task] = notes->tasks[task].bad;
	}
	notes_r->since_begun = since(notes->begun_at, now);
	notes_r->leader = leader > LEADER_NONE && leader < LEADER__COUNT
				  ? (enum health_leader)leader
				  : LEADER_NONE;
	notes_r->leader_pid = notes->leader_pid;
}

void health_cause(enum health_task task, char text[SHARED_TEXT])
{
	shared_text_get(&notes->tasks[task].cause, text);
}

bool health_claim_probe(int64_t every_us)
{
	int64_t now = clock_monotonic(), last = notes->probed_at;
	int64_t age = since(last, now);
	return (age == HEALTH_UNKNOWN || age >= every_us) &&
	       atomic_compare_exchange_strong(&notes->probed_at, &last, now);
}
