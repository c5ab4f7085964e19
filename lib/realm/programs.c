/*
 * The programs of a realm: see programs.h.
 *
 * The first line is "supervisor up PID 0", and each following one is about a program, such as
 * "bridge starting 4711 2": its name, state, process and number of restarts.
 */
#include "realm/programs.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "base/arena.h"
#include "base/buf.h"
#include "realm/budget.h"
#include "realm/settings.h"

#define FILE_MAX 4096 /* bytes; a program's line has about 30 */

static const char *const states[] = {"down", "starting", "up"};

static const char *path_of(const struct settings *settings, const char *suffix, char path[FILE_MAX])
{
	snprintf(path, FILE_MAX, "%s/programs%s", settings->run_dir, suffix);
	return path;
}

static int write_new(const char *path, const struct buf *text)
{
	unlink(path); /* left behind by a killed process */
	int fd = open(path, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0600);
	if (fd < 0)
		return -1;
	ssize_t written = write(fd, text->data, text->len);
	close(fd);
	return written == (ssize_t)text->len ? 0 : -1;
}

int programs_write(const struct settings *settings, const struct program_status *programs,
		   struct problem *why)
{
	char path[FILE_MAX], new[FILE_MAX];
	struct buf text = {0};
	buf_printf(&text, "supervisor up %d 0\n", (int)getpid());
	for (const struct program_status *p = programs; p->name; p++)
		buf_printf(&text, "%s %s %d %" PRId64 "\n", p->name, states[p->state], (int)p->pid,
			   p->restarts);
	path_of(settings, "", path);
	path_of(settings, ".new", new);
	int result = write_new(new, &text) == 0 ? rename(new, path) : -1;
	buf_free(&text);
	if (result == 0)
		return 0;
	return problem_say(why, PROBLEM_CONFIG, "Cannot write %.180s: %s", path, strerror(errno));
}

void programs_remove(const struct settings *settings)
{
	static const char *const files[] = {"programs", BUDGET_FILE};
	char path[FILE_MAX];
	for (size_t i = 0; i < sizeof(files) / sizeof(*files); i++) {
		snprintf(path, sizeof(path), "%s/%s", settings->run_dir, files[i]);
		unlink(path);
	}
}

/* Returns false when the file cannot be read. */
static bool read_file(const char *path, char text[FILE_MAX])
{
	int fd = open(path, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC);
	if (fd < 0)
		return false;
	ssize_t length = read(fd, text, FILE_MAX - 1);
	close(fd);
	text[length > 0 ? length : 0] = '\0';
	return length > 0;
}

/* A killed supervisor leaves the file behind. */
static bool supervisor_runs(const char *state, pid_t pid)
{
	return strcmp(state, "up") == 0 && pid > 0 && (kill(pid, 0) == 0 || errno == EPERM);
}

const char *programs_not_up(struct arena *arena, const struct settings *settings)
{
	char path[FILE_MAX], text[FILE_MAX], name[32], state[16], *rest = text;
	struct buf *names = buf_in(arena);
	bool first = true;
	if (!read_file(path_of(settings, "", path), text))
		return NULL;
	for (const char *line; (line = strsep(&rest, "\n")) != NULL && *line; first = false) {
		int pid;
		if (sscanf(line, "%31s %15s %d", name, state, &pid) != 3)
			return NULL;
		if (first && !supervisor_runs(state, pid))
			return NULL;
		if (strcmp(state, "up") != 0)
			buf_printf(names, "%s%s", names->len ? ", " : "", name);
	}
	return names->len ? names->data : NULL;
}
