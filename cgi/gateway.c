/* The gateway: see gateway.h. */
#include "config.h"

#include "cgi/gateway.h"

#include <errno.h>
#include <string.h>
#include <unistd.h>

const char *gateway_get(const struct gateway *gateway, const char *name)
{
	size_t length = strlen(name);
	for (char **variable = gateway->variables; *variable; variable++)
		if (strncmp(*variable, name, length) == 0 && (*variable)[length] == '=')
			return (*variable)[length + 1] ? *variable + length + 1 : NULL;
	return NULL;
}

static size_t read_stdin(void *unused, char *to, size_t most)
{
	size_t done = 0;
	(void)unused;
	while (done < most) {
		ssize_t count = read(STDIN_FILENO, to + done, most - done);
		if (count > 0)
			done += (size_t)count;
		else if (count == 0 || errno != EINTR)
			break;
	}
	return done;
}

static void write_stdout(void *unused, const char *bytes, size_t count)
{
	(void)unused;
	while (count > 0) {
		ssize_t done = write(STDOUT_FILENO, bytes, count);
		if (done < 0 && errno != EINTR)
			return;
		if (done > 0) {
			bytes += done;
			count -= (size_t)done;
		}
	}
}

struct gateway gateway_cgi(void)
{
	return (struct gateway){.variables = environ, .read = read_stdin, .write = write_stdout};
}
