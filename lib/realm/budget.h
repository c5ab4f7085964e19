/*
 * The budget of each user, which all programs of the realm share.
 *
 * A user has two buckets. Each request takes its weight from the first one; a request that reaches
 * another user also takes one from the second, smaller one. Both fill at a steady rate
 * (settings.h). A request that costs more processor time than its weight says pays the rest
 * afterwards, so that no request is cheaper than it is.
 *
 * The buckets are in a file in run_dir, which every program maps. Nobody waits for a lock, and a
 * process may be killed at any moment. Any content of the file is valid: it can delay a user by a
 * bounded time, and no more. Where the file cannot be used, each process counts for itself.
 *
 * Requests without a user count for the network of their caller, where they cost something.
 */
#ifndef REALM_BUDGET_H
#define REALM_BUDGET_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/problem.h"

#define BUDGET_FILE "budgets" /* of the shared memory, in run_dir */

struct budgets;
struct settings;

/* run_dir NULL: only for this process. Call after fork. It never fails. */
struct budgets *budgets_open(const char *run_dir);
void budgets_close(struct budgets **budgets);

/* The cost of a request. */
struct budget_cost {
	int64_t weight;
	bool reaches; /* notifies one other user, or changes something for one */
};

/* The number that stands for a network (caller.h) where a user's id is asked for. */
int64_t budget_of_network(const char *network);

/* The weight of a text of that many bytes, besides that of its request. */
int64_t budget_weight_of(size_t bytes);

/* The bucket that is nearer to its end, of those that the request counts in. */
struct budget_left {
	int64_t limit, remaining;
	int64_t reset_s; /* seconds until it is full */
};

/*
 * Takes the cost from the user's buckets. PROBLEM_RATE_LIMITED, with the time after which the same
 * request is allowed, when one of them has too little; then nothing is taken. `left_r` may be NULL.
 * A cost of nothing is never refused.
 */
int budget_take(struct budgets *budgets, const struct settings *settings, int64_t user_id,
		struct budget_cost cost, struct budget_left *left_r, struct problem *why);

/* Takes the rest after a request of that weight, when it used more processor time. */
void budget_settle(struct budgets *budgets, const struct settings *settings, int64_t user_id,
		   int64_t weight, int64_t cpu_us);

/*
 * Counts a request of the user as in work, in this process, until budget_leave().
 * PROBLEM_RATE_LIMITED when the user has too many in work already.
 */
int budget_enter(struct budgets *budgets, const struct settings *settings, int64_t user_id,
		 struct problem *why);
void budget_leave(struct budgets *budgets);

/*
 * After budget_enter(), for a heavy request: a user has one of them in work at a time. Returns
 * false, and leaves, when there is another one.
 */
bool budget_enter_heavy(struct budgets *budgets, const struct settings *settings, int64_t user_id);

#endif
