/* ask_probe() of ctl.h. */
#include "config.h"

#include <fcntl.h>
#include <spawn.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/arena.h"
#include "ctl/ctl.h"

#define PROBE_BYTES 4096 /* of one read */

const char *ask_probe(struct ctl *ctl, const char *argument)
{
	char *program = arena_printf(ctl->arena, "%s/aeon-probe", own_folder(ctl->arena));
	char *what = argument ? arena_strdup(ctl->arena, argument) : NULL;
	char *argv[] = {program, what, NULL};
	struct buf *text = buf_in(ctl->arena);
	posix_spawn_file_actions_t actions;
	char part[PROBE_BYTES];
	int ends[2], status = -1;
	pid_t child;
	if (pipe2(ends, O_CLOEXEC) < 0)
		return "";
	if (ctl->config)
		setenv("AEON_CONFIG", ctl->config, 1);
	if (ctl->database)
		setenv("AEON_DATABASE", ctl->database, 1);
	posix_spawn_file_actions_init(&actions);
	posix_spawn_file_actions_adddup2(&actions, ends[1], STDOUT_FILENO);
	int failed = posix_spawn(&child, program, &actions, NULL, argv, environ);
	posix_spawn_file_actions_destroy(&actions);
	close(ends[1]);
	for (ssize_t count; (count = read(ends[0], part, sizeof(part))) > 0;)
		buf_add(text, part, (size_t)count);
	close(ends[0]);
	if (!failed)
		waitpid(child, &status, 0);
	return status == 0 ? buf_text(text) : "";
}
