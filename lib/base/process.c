/* What the programs have in common: see process.h. */
#include "base/process.h"

#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sysexits.h>

void process_protect(void)
{
	const char *debuggable = getenv("AEON_DEBUGGABLE");
	umask(077);
	if (debuggable && strcmp(debuggable, "1") == 0)
		return;
	setrlimit(RLIMIT_CORE, &(struct rlimit){0});
	prctl(PR_SET_DUMPABLE, 0);
}

int process_number(const char *text, int64_t most, const char *setting, int *number_r,
		   struct problem *why)
{
	char *end;
	long number = strtol(text, &end, 10);
	if (number < 1 || number > most || *end)
		return problem_say(
			why, PROBLEM_INVALID,
			"--instance is '%s', but it must be a number from 1 to %lld (%s)", text,
			(long long)most, setting);
	*number_r = (int)number;
	return 0;
}

void process_ignore_signals(void)
{
	signal(SIGHUP, SIG_IGN);
	signal(SIGPIPE, SIG_IGN);
	signal(SIGXFSZ, SIG_IGN); /* a write beyond the limit then fails like one on a full disk */
}

int process_exit_code(enum problem_code code)
{
	static const int codes[PROBLEM__COUNT] = {
		[PROBLEM_INVALID] = EX_USAGE,
		[PROBLEM_STORE_BUSY] = EX_TEMPFAIL,
		[PROBLEM_STORE_FAILED] = EX_UNAVAILABLE,
		[PROBLEM_STORE_TOO_NEW] = EX_DATAERR,
		[PROBLEM_STORE_TOO_OLD] = EX_DATAERR,
		[PROBLEM_CONFIG] = EX_CONFIG,
		[PROBLEM_INTERNAL] = EX_CANTCREAT,
	};
	return codes[code] ? codes[code] : EX_SOFTWARE;
}
