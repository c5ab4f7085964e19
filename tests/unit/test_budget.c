/* The budget of each user: rates, what one request may cost, many processes, and hostile files. */
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/log.h"
#include "realm/budget.h"
#include "realm/settings.h"
#include "tests/unit/test.h"

#define ADA 1
#define BEN 2
#define TABLE "budgets"
#define HEAD 64 /* bytes of the file before the table */
#define TABLE_BYTES (4096 * 8 * 32 + 256 * 8)

static const struct settings settings = {.user_rate = 10,
					 .user_burst = 50,
					 .network_rate = 100,
					 .network_burst = 5,
					 .reach_rate = 6,
					 .reach_burst = 3,
					 .user_requests = 2};
static const struct budget_cost ONE = {.weight = 1}, REACH = {.weight = 1, .reaches = true};

/* The clock of all processes of a test. */
static int64_t *now;
static char run_dir[] = "/tmp/aeon-budget.XXXXXX";
static char file[sizeof(run_dir) + sizeof("/" TABLE)];

int64_t __wrap_clock_monotonic(void);
int64_t __wrap_clock_monotonic(void)
{
	return *now;
}

static int start(void **state)
{
	unlink(file);
	rmdir(file);
	*now = 1000 * CLOCK_SECOND;
	*state = budgets_open(run_dir);
	return 0;
}

static int end(void **state)
{
	budgets_close((struct budgets **)state);
	return 0;
}

/* Returns after how many milliseconds the request is allowed; 0: it was allowed. */
static int take(struct budgets *budgets, int64_t user, struct budget_cost cost)
{
	struct problem why = {0};
	if (budget_take(budgets, &settings, user, cost, NULL, &why) == 0)
		return 0;
	assert_int_equal(why.code, PROBLEM_RATE_LIMITED);
	assert_true(why.retry_after_ms > 0);
	return why.retry_after_ms;
}

static int take_all(struct budgets *budgets, int64_t user, struct budget_cost cost, int attempts)
{
	int taken = 0;
	for (int i = 0; i < attempts; i++)
		taken += take(budgets, user, cost) == 0;
	return taken;
}

/* --- buckets ---------------------------------------------------------------------------------- */

static void a_burst_is_allowed_and_then_the_rate(void **state)
{
	assert_int_equal(take_all(*state, ADA, ONE, 100), 50);
	int taken = 0;
	for (int ms = 0; ms < 10000; ms++) {
		*now += 1000;
		taken += take(*state, ADA, ONE) == 0;
	}
	assert_int_equal(taken, 100);
	assert_int_equal(take_all(*state, BEN, ONE, 100), 50);
}

static void a_refused_request_is_allowed_after_the_time_that_was_named(void **state)
{
	const struct budget_cost heavy = {.weight = 7};
	take_all(*state, ADA, ONE, 100);
	int wait = take(*state, ADA, heavy);
	assert_in_range(wait, 700, 701);
	*now += (wait - 2) * 1000;
	assert_int_not_equal(take(*state, ADA, heavy), 0);
	*now += 2 * 1000;
	assert_int_equal(take(*state, ADA, heavy), 0);
}

static void a_request_heavier_than_the_bucket_needs_a_full_one(void **state)
{
	const struct budget_cost huge = {.weight = 1000000};
	assert_int_equal(take(*state, ADA, huge), 0);
	int wait = take(*state, ADA, huge);
	assert_in_range(wait, 5000, 5001);
	*now += wait * 1000;
	assert_int_equal(take(*state, ADA, huge), 0);
}

static void what_reaches_others_has_a_bucket_of_its_own(void **state)
{
	struct problem why = {0};
	struct budget_left left;
	assert_int_equal(take_all(*state, ADA, REACH, 10), 3);
	int wait = take(*state, ADA, REACH);
	assert_in_range(wait, 10000, 10001);
	budget_take(*state, &settings, ADA, REACH, &left, &why);
	assert_int_equal(left.limit, 3);
	assert_int_equal(left.remaining, 0);
	/* The refused ones took nothing. */
	assert_int_equal(take_all(*state, ADA, ONE, 100), 50 - 3);
	*now += wait * 1000;
	assert_int_equal(take_all(*state, ADA, REACH, 10), 1);
}

static void a_network_has_a_budget_of_its_own(void **state)
{
	int64_t network = budget_of_network("192.0.2.0/24");
	assert_true(network < 0 && network != budget_of_network("192.0.3.0/24"));
	assert_int_equal(take_all(*state, network, ONE, 100), 5);
	assert_in_range(take(*state, network, ONE), 10, 11);
	assert_int_equal(take_all(*state, ADA, ONE, 100), 50);
}

static void what_is_left_is_reported(void **state)
{
	struct problem why = {0};
	struct budget_left left;
	for (int i = 1; i <= 50; i++) {
		assert_int_equal(budget_take(*state, &settings, ADA, ONE, &left, &why), 0);
		assert_int_equal(left.limit, 50);
		assert_int_equal(left.remaining, 50 - i);
		assert_int_equal(left.reset_s, (i + 9) / 10);
	}
	assert_int_equal(budget_take(*state, &settings, ADA, ONE, &left, &why), -1);
	assert_int_equal(left.remaining, 0);
}

static void processor_time_is_paid_afterwards_and_the_debt_is_bounded(void **state)
{
	budget_settle(*state, &settings, ADA, 5, 5 * CLOCK_SECOND / 500);
	assert_int_equal(take_all(*state, ADA, ONE, 100), 50);
	budget_settle(*state, &settings, ADA, 5, 25 * CLOCK_SECOND / 500);
	assert_in_range(take(*state, ADA, ONE), 2100, 2101);
	for (int i = 0; i < 10; i++)
		budget_settle(*state, &settings, ADA, 1, 1000 * CLOCK_SECOND);
	assert_in_range(take(*state, ADA, ONE), 5100, 5101);
}

static void a_user_in_debt_stays_so_while_the_table_overflows(void **state)
{
	take_all(*state, ADA, ONE, 100);
	for (int64_t user = 100; user < 300000; user++)
		assert_int_equal(take(*state, user, ONE), 0);
	assert_int_not_equal(take(*state, ADA, ONE), 0);
}

/* --- many processes --------------------------------------------------------------------------- */

#define CHILDREN 8

static pid_t child(int (*run)(struct budgets *budgets))
{
	pid_t pid = fork();
	if (pid == 0) {
		struct budgets *budgets = budgets_open(run_dir);
		_exit(run(budgets));
	}
	return pid;
}

static int exit_of(pid_t pid)
{
	int status;
	assert_int_equal(waitpid(pid, &status, 0), pid);
	return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

static int take_many(struct budgets *budgets)
{
	return take_all(budgets, ADA, ONE, 20000);
}

static void all_processes_share_one_bucket(void **state)
{
	pid_t pids[CHILDREN];
	int taken = 0;
	assert_int_equal(take(*state, ADA, ONE), 0);
	for (int i = 0; i < CHILDREN; i++)
		pids[i] = child(take_many);
	for (int i = 0; i < CHILDREN; i++)
		taken += exit_of(pids[i]);
	assert_int_equal(taken, 49);
}

static int take_for_ever(struct budgets *budgets)
{
	struct problem why = {0};
	for (int64_t user = 100; user > 0; user = user % 100000 + 100) {
		take(budgets, user, user % 2 ? ONE : REACH);
		budget_settle(budgets, &settings, user, 1, CLOCK_SECOND);
		budget_enter(budgets, &settings, ADA, &why);
		why = (struct problem){0};
	}
	return 0;
}

static void killed_processes_leave_nothing_behind(void **state)
{
	struct problem why = {0};
	for (int round = 0; round < 20; round++) {
		pid_t pids[CHILDREN];
		for (int i = 0; i < CHILDREN; i++)
			pids[i] = child(take_for_ever);
		usleep((useconds_t)(rand() % 5000));
		for (int i = 0; i < CHILDREN; i++) {
			kill(pids[i], SIGKILL);
			exit_of(pids[i]);
		}
	}
	assert_int_equal(budget_enter(*state, &settings, ADA, &why), 0);
	assert_int_equal(take_all(*state, BEN, ONE, 100), 50);
	*now += 11 * CLOCK_SECOND; /* the greatest debt */
	for (int64_t user = 100; user < 1000; user++)
		assert_int_equal(take_all(*state, user, ONE, 100), 50);
}

/* Says on the pipe that it is in work, and stays so until the pipe is closed. */
static int pipes[2][2];
static bool heavy;
static int work(struct budgets *budgets)
{
	struct problem why = {0};
	char byte = budget_enter(budgets, &settings, ADA, &why) == 0 &&
		    (!heavy || budget_enter_heavy(budgets, &settings, ADA));
	close(pipes[1][1]);
	if (write(pipes[0][1], &byte, 1) != 1 || read(pipes[1][0], &byte, 1) != 0)
		return 1;
	budget_leave(budgets);
	return 0;
}

static bool worker_entered(pid_t *pid_r)
{
	char byte = 0;
	*pid_r = child(work);
	assert_int_equal(read(pipes[0][0], &byte, 1), 1);
	return byte;
}

static void requests_in_work_are_counted_over_all_processes_that_live(void **state)
{
	struct problem why = {0};
	pid_t pids[3];
	assert_int_equal(pipe(pipes[0]) + pipe(pipes[1]), 0);
	assert_true(worker_entered(&pids[0]));
	assert_true(worker_entered(&pids[1]));
	assert_int_equal(budget_enter(*state, &settings, BEN, &why), 0);
	assert_int_equal(budget_enter(*state, &settings, ADA, &why), -1);
	assert_int_equal(why.code, PROBLEM_RATE_LIMITED);
	assert_false(worker_entered(&pids[2]));
	kill(pids[0], SIGKILL);
	exit_of(pids[0]);
	assert_int_equal(budget_enter(*state, &settings, ADA, &why), 0);
	budget_leave(*state);
	close(pipes[1][1]);
	assert_int_equal(exit_of(pids[1]), 0);
	assert_int_equal(exit_of(pids[2]), 0);
}

static bool enter_heavy(struct budgets *budgets, int64_t user)
{
	struct problem why = {0};
	assert_int_equal(budget_enter(budgets, &settings, user, &why), 0);
	return budget_enter_heavy(budgets, &settings, user);
}

static void a_user_has_one_heavy_request_in_work(void **state)
{
	struct problem why = {0};
	pid_t pids[2];
	assert_int_equal(pipe(pipes[0]) + pipe(pipes[1]), 0);
	heavy = true;
	assert_true(worker_entered(&pids[0]));
	heavy = false;
	assert_false(enter_heavy(*state, ADA));
	assert_true(enter_heavy(*state, BEN));
	budget_leave(*state);
	assert_int_equal(budget_enter(*state, &settings, ADA, &why), 0);
	budget_leave(*state);
	kill(pids[0], SIGKILL);
	exit_of(pids[0]);
	assert_true(enter_heavy(*state, ADA));
	budget_leave(*state);
	assert_true(worker_entered(&pids[1])); /* of the same user, but not heavy */
	assert_true(enter_heavy(*state, ADA));
	budget_leave(*state);
	assert_true(enter_heavy(*state, ADA));
	budget_leave(*state);
	close(pipes[1][1]);
	assert_int_equal(exit_of(pids[1]), 0);
}

static void a_cost_of_nothing_is_never_refused(void **state)
{
	struct budget_left left;
	struct problem why = {0};
	take_all(*state, ADA, ONE, 100);
	budget_settle(*state, &settings, ADA, 1, CLOCK_SECOND);
	assert_int_equal(budget_take(*state, &settings, ADA, (struct budget_cost){0}, &left, &why),
			 0);
	assert_int_equal(left.remaining, 0);
}

/* --- the file --------------------------------------------------------------------------------- */

static void write_file(const void *bytes, size_t count)
{
	int fd = open(file, O_WRONLY);
	assert_int_equal(pwrite(fd, bytes, count, HEAD), (ssize_t)count);
	close(fd);
}

/* A user has a budget at the latest when the greatest debt would have been paid. */
static void expect_budget(void)
{
	struct budgets *budgets = budgets_open(run_dir);
	for (int64_t user = 1; user < 5000; user++)
		take(budgets, user, REACH);
	*now += 61 * CLOCK_SECOND;
	for (int64_t user = 1; user < 5000; user++) {
		int taken = take_all(budgets, user, ONE, 100);
		assert_int_equal(taken, 50);
		assert_int_equal(take_all(budgets, user, REACH, 1), 0);
	}
	budgets_close(&budgets);
}

static void any_content_of_the_file_is_harmless(void **state)
{
	static unsigned char bytes[TABLE_BYTES];
	const int fills[] = {0, 1, 0x7f, 0x80, 0xff};
	(void)state;
	for (size_t i = 0; i < sizeof(fills) / sizeof(*fills); i++) {
		memset(bytes, fills[i], sizeof(bytes));
		write_file(bytes, sizeof(bytes));
		expect_budget();
	}
	for (int round = 0; round < 5; round++) {
		for (size_t i = 0; i < sizeof(bytes); i++)
			bytes[i] = (unsigned char)rand();
		write_file(bytes, (size_t)rand() % sizeof(bytes));
		expect_budget();
	}
	assert_int_equal(truncate(file, HEAD / 2), 0);
	expect_budget();
}

static void times_of_another_boot_are_forgotten(void **state)
{
	take_all(*state, ADA, REACH, 100);
	*now = 5 * CLOCK_SECOND;
	expect_budget();
}

static void a_planted_file_is_not_followed(void **state)
{
	char target[sizeof(file) + 8];
	struct stat found;
	(void)state;
	snprintf(target, sizeof(target), "%s-target", file);
	unlink(file);
	assert_int_equal(symlink(target, file), 0);
	expect_budget();
	assert_int_equal(stat(target, &found), -1);
	unlink(file);
	int fd = open(target, O_WRONLY | O_CREAT, 0600);
	close(fd);
	assert_int_equal(link(target, file), 0);
	expect_budget();
	assert_int_equal(stat(target, &found), 0);
	assert_int_equal(found.st_size, 0);
	unlink(file);
	unlink(target);
	assert_int_equal(mkfifo(file, 0600), 0);
	expect_budget();
	unlink(file);
	assert_int_equal(mkdir(file, 0700), 0);
	expect_budget();
}

static void the_file_is_only_for_its_owner(void **state)
{
	struct stat found;
	mode_t before = umask(0);
	(void)state;
	unlink(file);
	expect_budget();
	umask(before);
	assert_int_equal(stat(file, &found), 0);
	assert_int_equal(found.st_mode & 07777, 0600);
}

static void without_a_folder_each_process_counts_for_itself(void **state)
{
	struct budgets *alone = budgets_open("/nonexistent/folder");
	take_all(*state, ADA, ONE, 100);
	assert_int_equal(take_all(alone, ADA, ONE, 100), 50);
	budgets_close(&alone);
	alone = budgets_open(NULL);
	assert_int_equal(take_all(alone, ADA, ONE, 100), 50);
	budgets_close(&alone);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, start, end)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(a_burst_is_allowed_and_then_the_rate),
		TEST(a_refused_request_is_allowed_after_the_time_that_was_named),
		TEST(a_request_heavier_than_the_bucket_needs_a_full_one),
		TEST(what_reaches_others_has_a_bucket_of_its_own),
		TEST(a_network_has_a_budget_of_its_own),
		TEST(what_is_left_is_reported),
		TEST(processor_time_is_paid_afterwards_and_the_debt_is_bounded),
		TEST(a_user_in_debt_stays_so_while_the_table_overflows),
		TEST(all_processes_share_one_bucket),
		TEST(killed_processes_leave_nothing_behind),
		TEST(requests_in_work_are_counted_over_all_processes_that_live),
		TEST(a_user_has_one_heavy_request_in_work),
		TEST(a_cost_of_nothing_is_never_refused),
		TEST(any_content_of_the_file_is_harmless),
		TEST(times_of_another_boot_are_forgotten),
		TEST(a_planted_file_is_not_followed),
		TEST(the_file_is_only_for_its_owner),
		TEST(without_a_folder_each_process_counts_for_itself),
	};
	log_setup("test", LOG_LEVEL_ERROR);
	now = mmap(NULL, sizeof(*now), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	if (now == MAP_FAILED || !mkdtemp(run_dir))
		return 1;
	snprintf(file, sizeof(file), "%s/" TABLE, run_dir);
	cmocka_set_message_output(CM_OUTPUT_TAP);
	int failed = cmocka_run_group_tests_name("budget", tests, NULL, NULL);
	unlink(file);
	rmdir(file);
	rmdir(run_dir);
	return failed;
}
