/*
 * The gateway: see gateway.h.
 *
 * A web server writes the body into this program's input, and some servers (Apache's mod_cgid) read
 * nothing of the answer before all of the body is written. So the rest of the body is read before
 * the first byte of the answer is written, also when the answer does not depend on it. All of this
 * has bounds, because a client decides how much comes and how fast.
 */
#include "config.h"

#include "cgi/gateway.h"

#include <errno.h>
#include <poll.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/clock.h"

#define BODY_SECONDS 30             /* from the start of the program to the end of the body */
#define REST_MAX (16 * 1024 * 1024) /* bytes of a body that are read only to be thrown away */

struct input {
	uint64_t left;    /* bytes of the body that are not read yet */
	int64_t deadline; /* by clock_monotonic() */
};

const char *gateway_get(const struct gateway *gateway, const char *name)
{
	size_t length = strlen(name);
	for (char **variable = gateway->variables; *variable; variable++)
		if (strncmp(*variable, name, length) == 0 && (*variable)[length] == '=')
			return (*variable)[length + 1] ? *variable + length + 1 : NULL;
	return NULL;
}

bool gateway_hides_length(const struct gateway *gateway)
{
	return gateway_get(gateway, "HTTP_TRANSFER_ENCODING") &&
	       !gateway_get(gateway, "CONTENT_LENGTH");
}

/* Returns whether reading gives something: bytes, or the end. */
static bool input_wait(const struct input *input)
{
	struct pollfd source = {.fd = STDIN_FILENO, .events = POLLIN};
	int ready;
	do {
		int64_t left = input->deadline - clock_monotonic();
		ready = poll(&source, 1, left > 0 ? (int)(left / 1000) : 0);
	} while (ready < 0 && errno == EINTR);
	return ready > 0;
}

/* Returns the bytes of one read, 0 at the end of the body, or -1 when it is late. */
static ssize_t input_read(struct input *input, char *to, size_t most)
{
	ssize_t count = 0;
	if (most > input->left)
		most = (size_t)input->left;
	if (most > 0 && !input_wait(input))
		return -1;
	if (most > 0)
		count = read(STDIN_FILENO, to, most);
	if (count > 0)
		input->left -= (uint64_t)count;
	else
		input->left = 0;
	return count > 0 ? count : 0;
}

static ssize_t read_stdin(void *stream, char *to, size_t most)
{
	size_t done = 0;
	ssize_t count = 1;
	while (done < most && count > 0) {
		count = input_read(stream, to + done, most - done);
		if (count < 0)
			return -1;
		done += (size_t)count;
	}
	return (ssize_t)done;
}

static void read_rest(struct input *input)
{
	char scratch[65536];
	if (input->left > REST_MAX)
		input->left = REST_MAX;
	while (input_read(input, scratch, sizeof(scratch)) > 0)
		;
	input->left = 0;
}

static void write_stdout(void *stream, const char *bytes, size_t count)
{
	read_rest(stream);
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
	static struct input input;
	struct gateway gateway = {
		.variables = environ, .stream = &input, .read = read_stdin, .write = write_stdout};
	const char *length = gateway_get(&gateway, "CONTENT_LENGTH");
	input.deadline = clock_monotonic() + BODY_SECONDS * CLOCK_SECOND;
	input.left = length ? strtoull(length, NULL, 10) : 0;
	if (gateway_hides_length(&gateway))
		input.left = UINT64_MAX; /* to the end of the input */
	return gateway;
}
