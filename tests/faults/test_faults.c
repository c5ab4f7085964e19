/*
 * A disk that fails: whatever it does, acknowledged messages are there afterwards, and the database
 * is intact.
 *
 * AEON_FAULTS_SEED repeats a run.
 */
#include <errno.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/eventfd.h>
#include <time.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/log.h"
#include "realm/epoch.h"
#include "realm/messages.h"
#include "realm/rooms.h"
#include "realm/settings.h"
#include "store/check.h"
#include "store/checkpoint.h"
#include "store/queries.h"
#include "tests/faults/disk.h"
#include "tests/unit/test.h"
#include "ws-bridge/core/container.h"
#include "ws-bridge/core/store_thread.h"
#include "ws-bridge/io/store_thread.h"

#define MOST 400 /* messages of one test */

/* A realm on that disk, with two handles that write as two processes would. */
struct realm {
	struct arena *arena;
	const char *path, *image;
	struct store *stores[2];
	struct checkpointer *checkpointer;
	int64_t user;
	const char *room;
	bool acked[MOST];
	int said;
	bool unlucky; /* the disk has failed */
};
static struct realm realm;

/* The messages that were acknowledged when the power was cut. */
static bool owed[MOST];
static bool is_cut;

static void note_cut(void)
{
	memcpy(owed, realm.acked, sizeof(owed));
	is_cut = true;
}

static int setup(void **state)
{
	(void)state;
	struct room_new room = {.name = "A room", .is_public = true, .max_participants = 50};
	realm = (struct realm){.arena = arena_new()};
	realm.path = scratch(realm.arena, "aeon.db");
	realm.image = arena_printf(realm.arena, "%s.image", realm.path);
	disk_fail(DISK_WORKS);
	MUST(store_open(realm.path, STORE_MIGRATE, 500, &realm.stores[0], &why));
	MUST(store_open(realm.path, STORE_SERVE, 500, &realm.stores[1], &why));
	MUST(checkpointer_open(realm.path, 500, &realm.checkpointer, &why));
	MUST(q_user_insert(realm.stores[0], "ada", "ada@x.org", "none", NULL, NULL, clock_now(),
			   &realm.user, &why));
	MUST(room_create(realm.arena, realm.stores[0], realm.user, &room, &realm.room, &why));
	disk_settle();
	return 0;
}

static int teardown(void **state)
{
	(void)state;
	disk_fail(DISK_WORKS);
	checkpointer_close(&realm.checkpointer);
	store_close(&realm.stores[0]);
	store_close(&realm.stores[1]);
	arena_free(&realm.arena);
	disk_settle();
	return 0;
}

static const char *name_of(struct arena *arena, int number)
{
	return arena_printf(arena, "message-%d", number);
}

static int post_by(struct arena *arena, struct store *store, int number, struct problem *why)
{
	struct message_posted posted;
	const char *name = name_of(arena, number);
	struct message_new message = {.content = name, .message_type = "text", .client_id = name};
	return message_post(arena, store, realm.user, realm.room, &message, &posted, why);
}

/* One of the two handles posts a message. It is acknowledged when the call returns 0. */
static int say(struct problem *why)
{
	int number = realm.said++;
	int done = post_by(realm.arena, realm.stores[disk_random(2)], number, why);
	realm.acked[number] = done == 0;
	return done;
}

/* A refusal is right only after the disk has failed: each file that was open then gets the error
 * once, with its next sync. */
static void check_refusal(const struct problem *why)
{
	if (!realm.unlucky || why->code != PROBLEM_STORE_FAILED)
		fail_msg("%s %s", why->detail, why->cause);
}

static bool try_to_say(void)
{
	struct problem why = {0};
	if (say(&why) == 0)
		return true;
	check_refusal(&why);
	return false;
}

static void move(void)
{
	struct problem why = {0};
	struct checkpoint done;
	if (checkpointer_run(realm.checkpointer, &done, &why) < 0)
		check_refusal(&why);
}

/* --- what is left ----------------------------------------------------------------------------- */

static void finding(void *context, const char *what)
{
	(void)context;
	print_error("not intact: %s\n", what);
	fail();
}

static int odd_room(const char *finding, void *context, struct problem *why)
{
	(void)context, (void)why;
	fail_msg("%s", finding);
	return 0;
}

/* Opens the image, as the programs do when the machine is back. */
static void check_image(const char *image)
{
	struct store *store;
	MUST(store_open(image, STORE_SERVE, 500, &store, &why));
	MUST(store_check(store, finding, NULL, &why));
	MUST(q_check_room_seq(store, 0, INT64_MAX, odd_room, NULL, &why));
	for (int i = 0; i < MOST; i++) {
		if (!owed[i])
			continue;
		struct q_message_by_client kept = {.content = ""};
		MUST(q_message_by_client(realm.arena, store, realm.user, name_of(realm.arena, i),
					 &kept, &why));
		assert_string_equal(kept.content, name_of(realm.arena, i));
	}
	store_close(&store);
}

/* --- power cuts ------------------------------------------------------------------------------- */

static void live_until_the_power_goes(void)
{
	is_cut = false;
	disk_cut_later(1 + (int)disk_random(60), realm.path, realm.image, note_cut);
	while (!is_cut && realm.said < MOST) {
		if (disk_random(6) == 0)
			move();
		else
			try_to_say();
	}
	assert_true(is_cut);
	check_image(realm.image);
}

static void a_power_cut_takes_nothing_that_was_acknowledged(void **state)
{
	(void)state;
	for (int life = 0; life < 8; life++)
		live_until_the_power_goes();
}

/* --- failed syncs ----------------------------------------------------------------------------- */

/* The disk fails for a while, while both handles work. */
static void be_unlucky(enum disk_fault fault)
{
	realm.unlucky = true;
	disk_fail(fault);
	for (int i = 0; i < 4; i++)
		try_to_say();
	move();
	disk_fail(DISK_WORKS);
}

static void works_again(enum disk_fault fault)
{
	for (int life = 0; life < 4; life++) {
		int fine = 0;
		be_unlucky(fault);
		for (int i = 0; i < 6; i++)
			fine += try_to_say();
		assert_true(fine >= 3);
		note_cut();
		disk_cut(realm.path, realm.image);
		check_image(realm.image);
		live_until_the_power_goes();
	}
}

static void after_a_failed_sync_nothing_is_acknowledged_that_the_disk_lacks(void **state)
{
	(void)state;
	works_again(DISK_SYNC_FAILS);
}

/* Pages of the log that the disk may lack must not be moved into the database. */
static void a_checkpoint_after_a_failed_sync_harms_nothing(void **state)
{
	(void)state;
	for (int life = 0; life < 40; life++) {
		try_to_say();
		move(); /* the next message starts the log again from its beginning */
		be_unlucky(DISK_SYNC_FAILS);
		note_cut();
		is_cut = false;
		disk_cut_later(1 + (int)disk_random(30), realm.path, realm.image, note_cut);
		for (int i = 0; i < 4 && !is_cut; i++)
			move();
		if (is_cut)
			check_image(realm.image);
		disk_cut_later(0, realm.path, realm.image, note_cut);
	}
}

static void a_full_disk_is_refused_and_forgotten(void **state)
{
	(void)state;
	works_again(DISK_FULL);
}

static void a_write_that_ends_half_way_is_refused_and_forgotten(void **state)
{
	(void)state;
	works_again(DISK_WRITES_LESS);
}

/* --- the bridge's threads --------------------------------------------------------------------- */

struct post_job {
	struct job job;
	int number;
};

static int run_post(struct store *store, struct job *job, struct problem *why)
{
	const struct post_job *post = container_of(job, struct post_job, job);
	return post_by(job->arena, store, post->number, why);
}

static void post_done(struct job *job)
{
	(void)job;
}

static const struct job_kind post_kind = {
	.writes = true, .when = REPORT_WHEN_SYNCED, .run = run_post, .done = post_done};

static void wake(void *fd)
{
	eventfd_write(*(int *)fd, 1);
}

/* A job that is reported without a problem is acknowledged. */
static void collect(struct store_thread *thread)
{
	struct reports list = STAILQ_HEAD_INITIALIZER(list);
	store_thread_collect(thread, &list);
	for (struct report *report; (report = STAILQ_FIRST(&list)) != NULL;) {
		STAILQ_REMOVE_HEAD(&list, link);
		if (report->job && report->job->why.code == PROBLEM_NONE)
			realm.acked[container_of(report->job, struct post_job, job)->number] = true;
		report_free(report);
	}
}

static void what_the_bridge_acknowledges_is_on_disk(void **state)
{
	(void)state;
	struct settings settings;
	struct store_thread *thread;
	int woken = eventfd(0, EFD_CLOEXEC), wakeup = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
	MUST(settings_load(NULL, &settings, &why));
	settings.database = realm.path;
	settings.run_dir = "/nonexistent";
	MUST(store_thread_start(&settings, 1, wakeup, wake, &woken, &thread, &why));
	while (realm.said < MOST - 20) {
		for (int i = 0; i < 20; i++) {
			struct post_job *post =
				job_new(arena_new(), sizeof(*post), &post_kind, NULL);
			post->number = realm.said++;
			store_thread_submit(thread, &post->job);
		}
		eventfd_t wakes;
		eventfd_read(woken, &wakes);
		collect(thread);
		note_cut();
		disk_cut(realm.path, realm.image);
		check_image(realm.image);
	}
	store_thread_stop(&thread);
	close(woken);
	close(wakeup);
}

/* --- a new life ------------------------------------------------------------------------------- */

static const char *epoch(void)
{
	const char *name;
	MUST(realm_epoch(realm.arena, realm.stores[0], &name, &why));
	return name;
}

static void a_new_epoch_begins_with_a_new_boot_and_only_then(void **state)
{
	(void)state;
	const char *first = epoch();
	MUST(realm_note_boot(realm.arena, realm.stores[0], &why));
	MUST(realm_note_boot(realm.arena, realm.stores[0], &why));
	assert_string_equal(epoch(), first);
	/* As if the machine had been restarted since. */
	MUST(q_meta_put(realm.stores[0], "boot_id", "another boot", &why));
	MUST(realm_note_boot(realm.arena, realm.stores[0], &why));
	assert_string_not_equal(epoch(), first);
	note_cut();
	disk_cut(realm.path, realm.image);
	check_image(realm.image);
}

#define ON_DISK(test) cmocka_unit_test_setup_teardown(test, setup, teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		ON_DISK(a_power_cut_takes_nothing_that_was_acknowledged),
		ON_DISK(after_a_failed_sync_nothing_is_acknowledged_that_the_disk_lacks),
		ON_DISK(a_checkpoint_after_a_failed_sync_harms_nothing),
		ON_DISK(a_full_disk_is_refused_and_forgotten),
		ON_DISK(a_write_that_ends_half_way_is_refused_and_forgotten),
		ON_DISK(what_the_bridge_acknowledges_is_on_disk),
		ON_DISK(a_new_epoch_begins_with_a_new_boot_and_only_then),
	};
	const char *wanted = getenv("AEON_FAULTS_SEED");
	uint64_t seed = wanted ? strtoull(wanted, NULL, 10) : (uint64_t)time(NULL);
	printf("# AEON_FAULTS_SEED=%llu\n", (unsigned long long)seed);
	log_setup("faults", LOG_LEVEL_ERROR + 1);
	disk_install(seed);
	return cmocka_run_group_tests_name("faults", tests, NULL, NULL);
}
