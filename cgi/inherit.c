/* State that a process passes to itself through exec: see inherit.h. */
#include "cgi/inherit.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/log.h"
#include "base/memory.h"

#define VARIABLE "AEON_INHERIT"

static char *program, **arguments;
static char *given, *rest; /* "role 3 7 8" */

void inherit_prepare(char **argv)
{
	/* Read now: after the file is replaced, the kernel gives another name. */
	char file[PATH_MAX];
	ssize_t length = readlink("/proc/self/exe", file, sizeof(file) - 1);
	file[length > 0 ? length : 0] = '\0';
	program = xstrdup(file);
	arguments = argv;
	if (getenv(VARIABLE))
		given = xstrdup(getenv(VARIABLE));
	unsetenv(VARIABLE);
}

bool inherit_role(const char *role)
{
	size_t length = strlen(role);
	if (!given || strncmp(given, role, length) != 0 || (given[length] && given[length] != ' '))
		return false;
	rest = given + length;
	return true;
}

int inherit_next(void)
{
	char *end;
	if (!rest)
		return -1;
	long number = strtol(rest, &end, 10);
	if (end == rest)
		return -1;
	rest = end;
	return (int)number;
}

void inherit_exec(const char *role, const struct buf *numbers)
{
	struct buf value = {0};
	buf_printf(&value, "%s%s", role, buf_text(numbers));
	setenv(VARIABLE, value.data, 1);
	buf_free(&value);
	execv(program, arguments);
	log_error("exec_failed", LOG_TEXT("file", program), LOG_TEXT("cause", strerror(errno)));
	unsetenv(VARIABLE);
}

void inherit_keep(int fd)
{
	fcntl(fd, F_SETFD, 0);
}
