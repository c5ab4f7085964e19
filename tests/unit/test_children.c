/* base/children. */
#include <signal.h>
#include <unistd.h>

#include "base/children.h"
#include "base/clock.h"
#include "base/log.h"
#include "tests/unit/test.h"

#define MANY 8
#define PATIENCE_US (60 * CLOCK_SECOND)

static struct child rows[MANY];

static struct children make_children(int count)
{
	memset(rows, 0, sizeof(rows));
	for (int i = 0; i < count; i++)
		rows[i] = (struct child){.name = "child", .end_signal = SIGTERM};
	return (struct children){.all = rows,
				 .count = count,
				 .ended_event = "child_ended",
				 .stop_us = PATIENCE_US,
				 .own_groups = true};
}

static void wait_for_ever(void)
{
	sigset_t none;
	sigemptyset(&none);
	sigprocmask(SIG_SETMASK, &none, NULL);
	for (;;)
		pause();
}

/* Starts all that are due; each new process calls the function, which does not return. */
static void start_due(struct children *children, void (*live)(void))
{
	int64_t next;
	if (children_start_due(children, &next)) {
		live();
		_exit(0);
	}
}

static void reap_until_ended(struct children *children, int64_t restarts)
{
	int64_t end = clock_monotonic() + PATIENCE_US, seen = 0;
	while (seen < restarts && clock_monotonic() < end) {
		children_wait(end);
		children_reap(children);
		seen = 0;
		for (int i = 0; i < children->count; i++)
			seen += children->all[i].restarts;
	}
	assert_int_equal(seen, restarts);
}

static void all_children_that_end_at_once_are_started_again(void **state)
{
	(void)state;
	struct children children = make_children(MANY);
	start_due(&children, wait_for_ever);
	for (int i = 0; i < MANY; i++) {
		rows[i].started -= 2 * CLOCK_SECOND;
		kill(rows[i].pid, SIGKILL);
	}
	reap_until_ended(&children, MANY);
	for (int i = 0; i < MANY; i++) {
		assert_int_equal(rows[i].pid, 0);
		assert_int_equal(rows[i].delay, 0);
	}
	start_due(&children, wait_for_ever);
	for (int i = 0; i < MANY; i++)
		assert_true(rows[i].pid > 0);
	children_stop(&children);
	for (int i = 0; i < MANY; i++)
		assert_int_equal(rows[i].pid, 0);
}

static void end_at_once(void)
{
	_exit(3);
}

static void a_child_that_keeps_ending_waits_longer_each_time(void **state)
{
	(void)state;
	struct children children = make_children(2);
	int64_t before = 0;
	rows[1].due = INT64_MAX;
	for (int i = 1; i <= 10; i++) {
		start_due(&children, end_at_once);
		rows[0].started = clock_monotonic(); /* as if the machine were fast */
		reap_until_ended(&children, i);
		assert_true(rows[0].delay > before || rows[0].delay == 5 * CLOCK_SECOND);
		before = rows[0].delay;
		rows[0].due = 0;
	}
	assert_int_equal(before, 5 * CLOCK_SECOND);
	assert_int_equal(rows[1].delay, 0);
}

static int held[2];

/* The other process of the group holds the pipe open. */
static void leave_a_process(void)
{
	if (fork() == 0)
		wait_for_ever();
	close(held[1]);
	_exit(1);
}

static void what_a_child_leaves_of_its_group_is_killed(void **state)
{
	(void)state;
	char byte;
	struct children children = make_children(1);
	assert_int_equal(pipe(held), 0);
	start_due(&children, leave_a_process);
	close(held[1]);
	reap_until_ended(&children, 1);
	assert_int_equal(read(held[0], &byte, 1), 0);
	close(held[0]);
}

static void ignore_sigterm(void)
{
	signal(SIGTERM, SIG_IGN);
	wait_for_ever();
}

static void a_child_that_does_not_end_is_killed(void **state)
{
	(void)state;
	struct children children = make_children(3);
	children.stop_us = CLOCK_SECOND / 10;
	rows[2].stage = 1;
	start_due(&children, ignore_sigterm);
	children_stop(&children);
	for (int i = 0; i < 3; i++)
		assert_int_equal(rows[i].pid, 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(all_children_that_end_at_once_are_started_again),
		cmocka_unit_test(a_child_that_keeps_ending_waits_longer_each_time),
		cmocka_unit_test(what_a_child_leaves_of_its_group_is_killed),
		cmocka_unit_test(a_child_that_does_not_end_is_killed),
	};
	log_setup("test", LOG_LEVEL_ERROR);
	children_block_signals();
	return cmocka_run_group_tests_name("children", tests, NULL, NULL);
}
