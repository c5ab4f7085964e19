/*
 * A disk that fails: after every fault the acknowledged messages are stored, and the database is
 * intact.
 *
 * AEON_SEED is another seed than 1.
 */
#include <errno.h>
#include <poll.h>
#include <stdio.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/log.h"
#include "realm/epoch.h"
#include "realm/messages.h"
#include "realm/rooms.h"
#include "realm/settings.h"
#include "store/check.h"
#include "store/lead.h"
#include "store/queries.h"
#include "tests/faults/disk.h"
#include "tests/unit/test.h"
#include "ws-bridge/core/container.h"
#include "ws-bridge/core/store_thread.h"
#include "ws-bridge/io/store_thread.h"

#define MESSAGES 400 /* at most, of one test */

/* A realm on that disk, with two handles that write like two processes. */
struct realm {
	struct arena *arena;
	const char *path, *image;
	struct store *stores[2];
	struct leader *leader;
	int64_t user;
	const char *room;
	bool acked[MESSAGES];
	int posted;
	bool disk_failed; /* at least once */
};
static struct realm realm;

/* The messages that were acknowledged before the power cut. */
static bool acked_at_cut[MESSAGES];
static bool is_cut;

static void note_cut(void)
{
	memcpy(acked_at_cut, realm.acked, sizeof(acked_at_cut));
	is_cut = true;
}

static int disk_setup(void **state)
{
	(void)state;
	struct room_new room = {.name = "A room", .is_public = true, .max_participants = 50};
	realm = (struct realm){.arena = arena_new()};
	realm.path = scratch(realm.arena, "aeon.db");
	realm.image = arena_printf(realm.arena, "%s.image", realm.path);
	disk_fail(DISK_WORKS);
	MUST(store_open(realm.path, STORE_MIGRATE, 500, &realm.stores[0], &why));
	MUST(store_open(realm.path, STORE_SERVE, 500, &realm.stores[1], &why));
	MUST(store_lead(realm.path, 500, &realm.leader, &why));
	MUST(q_user_insert(realm.stores[0], "ada", "ada@x.org", "ada@x.org", "none", NULL, NULL,
			   "user", false, clock_now(), &realm.user, &why));
	MUST(room_create(realm.arena, realm.stores[0], realm.user, &room, &realm.room, &why));
	disk_sync_all();
	return 0;
}

static int disk_teardown(void **state)
{
	(void)state;
	disk_fail(DISK_WORKS);
	store_resign(&realm.leader);
	store_close(&realm.stores[0]);
	store_close(&realm.stores[1]);
	arena_free(&realm.arena);
	disk_sync_all();
	return 0;
}

static const char *message_name(struct arena *arena, int number)
{
	return arena_printf(arena, "message-%d", number);
}

static int post_message(struct arena *arena, struct store *store, int number, struct problem *why)
{
	struct message_posted posted;
	const char *text = message_name(arena, number);
	struct message_new message = {.content = text, .message_type = "text", .client_id = text};
	return message_post(arena, store, realm.user, realm.room, &message, &posted, why);
}

/* One of the two handles posts a message. It is acknowledged when the call returns 0. */
static int post_next(struct problem *why)
{
	int number = realm.posted++;
	int done = post_message(realm.arena, realm.stores[disk_random(2)], number, why);
	realm.acked[number] = done == 0;
	return done;
}

/* A refusal is correct only after the disk has failed: each open file gets the error once, with its
 * next sync. */
static void check_refusal(const struct problem *why)
{
	if (!realm.disk_failed || why->code != PROBLEM_STORE_FAILED)
		fail_msg("%s %s", why->detail, why->cause);
}

static bool try_to_post(void)
{
	struct problem why = {0};
	if (post_next(&why) == 0)
		return true;
	check_refusal(&why);
	return false;
}

static void run_checkpoint(void)
{
	struct problem why = {0};
	struct checkpoint done;
	if (leader_checkpoint(realm.leader, &done, &why) < 0)
		check_refusal(&why);
}

/* --- the remaining database ------------------------------------------------------------------ */

static void fail_on_damage(void *context, const char *what)
{
	(void)context;
	print_error("not intact: %s\n", what);
	fail();
}

static int fail_on_finding(const char *finding, void *context, struct problem *why)
{
	(void)context, (void)why;
	fail_msg("%s", finding);
	return 0;
}

/* Opens the image, as the programs do after the machine has restarted. */
static void check_image(const char *image)
{
	struct store *store;
	MUST(store_open(image, STORE_SERVE, 500, &store, &why));
	MUST(store_check(store, fail_on_damage, NULL, &why));
	MUST(q_check_room_seq(store, 0, INT64_MAX, fail_on_finding, NULL, &why));
	for (int i = 0; i < MESSAGES; i++) {
		if (!acked_at_cut[i])
			continue;
		struct q_message_by_client kept = {.same = false};
		const char *text = message_name(realm.arena, i);
		MUST(q_message_by_client(realm.arena, store, realm.user, text, realm.room, text,
					 "text", NULL, NULL, &kept, &why));
		assert_true(kept.same);
	}
	store_close(&store);
}

/* --- power cuts ------------------------------------------------------------------------------- */

static void run_until_power_cut(void)
{
	is_cut = false;
	disk_cut_power_later(1 + (int)disk_random(60), realm.path, realm.image, note_cut);
	while (!is_cut && realm.posted < MESSAGES) {
		if (disk_random(6) == 0)
			run_checkpoint();
		else
			try_to_post();
	}
	assert_true(is_cut);
	check_image(realm.image);
}

static void an_acknowledged_message_survives_a_power_cut(void **state)
{
	(void)state;
	for (int round = 0; round < 8; round++)
		run_until_power_cut();
}

/* --- failed syncs ----------------------------------------------------------------------------- */

/* Both handles post messages while the disk fails. */
static void run_with_fault(enum disk_fault fault)
{
	realm.disk_failed = true;
	disk_fail(fault);
	for (int i = 0; i < 4; i++)
		try_to_post();
	run_checkpoint();
	disk_fail(DISK_WORKS);
}

static void check_recovery(enum disk_fault fault)
{
	for (int round = 0; round < 4; round++) {
		int accepted = 0;
		run_with_fault(fault);
		for (int i = 0; i < 6; i++)
			accepted += try_to_post();
		assert_true(accepted >= 3);
		note_cut();
		disk_cut_power(realm.path, realm.image);
		check_image(realm.image);
		run_until_power_cut();
	}
}

static void after_a_failed_sync_only_messages_on_disk_are_acknowledged(void **state)
{
	(void)state;
	check_recovery(DISK_SYNC_FAILS);
}

/* A checkpoint must not move pages of the WAL that may not be on disk. */
static void a_checkpoint_after_a_failed_sync_does_not_damage_the_database(void **state)
{
	(void)state;
	for (int round = 0; round < 40; round++) {
		try_to_post();
		run_checkpoint(); /* the next message starts the WAL from its beginning */
		run_with_fault(DISK_SYNC_FAILS);
		note_cut();
		is_cut = false;
		disk_cut_power_later(1 + (int)disk_random(30), realm.path, realm.image, note_cut);
		for (int i = 0; i < 4 && !is_cut; i++)
			run_checkpoint();
		if (is_cut)
			check_image(realm.image);
		disk_cut_power_later(0, realm.path, realm.image, note_cut);
	}
}

static void a_full_disk_refuses_messages_only_while_it_is_full(void **state)
{
	(void)state;
	check_recovery(DISK_FULL);
}

static void a_disk_with_partial_writes_refuses_messages_only_while_it_fails(void **state)
{
	(void)state;
	check_recovery(DISK_WRITES_LESS);
}

/* --- the bridge's threads --------------------------------------------------------------------- */

struct post_job {
	struct job job;
	int number;
};

static int run_post(struct store *store, struct job *job, struct problem *why)
{
	const struct post_job *post = container_of(job, struct post_job, job);
	return post_message(job->arena, store, post->number, why);
}

static void post_done(struct job *job)
{
	(void)job;
}

static const struct job_kind post_kind = {
	.writes = true, .when = REPORT_WHEN_SYNCED, .run = run_post, .done = post_done};

static void wake_loop(void *fd)
{
	eventfd_write(*(int *)fd, 1);
}

/* A job that is reported without a problem acknowledges its message. */
static void collect_reports(struct store_thread *thread)
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

static void a_message_that_the_bridge_acknowledges_is_on_disk(void **state)
{
	(void)state;
	struct settings settings;
	struct store_thread *thread;
	int woken = eventfd(0, EFD_CLOEXEC), wakeup = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
	MUST(settings_load(NULL, &settings, &why));
	settings.database = realm.path;
	settings.run_dir = "/nonexistent";
	MUST(store_thread_start(&settings, 1, wakeup, wake_loop, &woken, &thread, &why));
	while (realm.posted < MESSAGES - 20) {
		for (int i = 0; i < 20; i++) {
			struct post_job *post =
				job_new(arena_new(), sizeof(*post), &post_kind, NULL);
			post->number = realm.posted++;
			store_thread_submit(thread, &post->job);
		}
		eventfd_t wakes;
		eventfd_read(woken, &wakes);
		collect_reports(thread);
		note_cut();
		disk_cut_power(realm.path, realm.image);
		check_image(realm.image);
	}
	store_thread_stop(&thread);
	close(woken);
	close(wakeup);
}

/* --- a new boot ------------------------------------------------------------------------------- */

static const char *current_epoch(void)
{
	const char *name;
	MUST(realm_epoch(realm.arena, realm.stores[0], &name, &why));
	return name;
}

static void a_new_epoch_begins_only_with_a_new_boot(void **state)
{
	(void)state;
	const char *first = current_epoch();
	MUST(realm_note_boot(realm.arena, realm.stores[0], &why));
	MUST(realm_note_boot(realm.arena, realm.stores[0], &why));
	assert_string_equal(current_epoch(), first);
	/* As if the machine had restarted. */
	MUST(q_meta_put(realm.stores[0], "boot_id", "another boot", &why));
	MUST(realm_note_boot(realm.arena, realm.stores[0], &why));
	assert_string_not_equal(current_epoch(), first);
	note_cut();
	disk_cut_power(realm.path, realm.image);
	check_image(realm.image);
}

#define ON_DISK(test) cmocka_unit_test_setup_teardown(test, disk_setup, disk_teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		ON_DISK(an_acknowledged_message_survives_a_power_cut),
		ON_DISK(after_a_failed_sync_only_messages_on_disk_are_acknowledged),
		ON_DISK(a_checkpoint_after_a_failed_sync_does_not_damage_the_database),
		ON_DISK(a_full_disk_refuses_messages_only_while_it_is_full),
		ON_DISK(a_disk_with_partial_writes_refuses_messages_only_while_it_fails),
		ON_DISK(a_message_that_the_bridge_acknowledges_is_on_disk),
		ON_DISK(a_new_epoch_begins_only_with_a_new_boot),
	};
	uint64_t seed = (uint64_t)setting("AEON_SEED", 1);
	printf("# AEON_SEED=%llu\n", (unsigned long long)seed);
	log_setup("faults", LOG_LEVEL_ERROR + 1);
	disk_install(seed);
	return cmocka_run_group_tests_name("faults", tests, NULL, NULL);
}
