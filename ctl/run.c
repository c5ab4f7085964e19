/*
 * run: starts the programs of a realm, starts those again that end, and ends all of them.
 *
 * It ends as one: when this process is killed, all programs get SIGTERM. Each program leads a
 * process group, so that nothing is left of a killed one, such as workers that keep its socket.
 */
#include "config.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <libgen.h>
#include <limits.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <sysexits.h>
#include <unistd.h>

#include "base/arena.h"
#include "base/children.h"
#include "base/clock.h"
#include "base/log.h"
#include "ctl/ctl.h"
#include "realm/metrics.h"
#include "realm/notes.h"
#include "realm/programs.h"
#include "realm/realm.h"

#define PROGRAMS_MAX (3 + BRIDGES_MAX + TWINS_MAX)
#define ARGUMENTS_MAX 12
#define START_US (60 * CLOCK_SECOND) /* for the first start of all programs */
#define STOP_US (5 * CLOCK_SECOND)   /* nginx and the bridges, and then the pools */
#define PROBE_US (CLOCK_SECOND / 50) /* between looks at a program that starts */
#define SLOW_WORKERS 2               /* they check passwords */
#define FILES_MAX 65536              /* descriptors; an open WebSocket needs two in nginx */

/* nginx and the bridges end first, so that running requests still reach the workers. */
enum stage { STAGE_DOORS, STAGE_WORKERS };

struct program {
	const char *ready; /* a socket that has an owner, or a file with the process's id */
	char *argv[ARGUMENTS_MAX];
	pid_t seen; /* the process that `state` is about */
	enum program_state state;
};

struct run {
	struct ctl *ctl;
	const char *folder; /* of this program, where the others are, too */
	bool on_terminal;
	bool ready;      /* all programs were up at the same time */
	bool any_starts; /* a program does not accept connections yet */
	int64_t started;
	struct children children;
	struct child rows[PROGRAMS_MAX];
	struct program programs[PROGRAMS_MAX]; /* of the same index */
	struct program_status written[PROGRAMS_MAX + 1];
};

/* --- the table -------------------------------------------------------------------------------- */

static struct program *add_program(struct run *run, const char *name, enum stage stage,
				   int end_signal, const char *ready)
{
	int at = run->children.count++;
	run->rows[at] = (struct child){.name = name, .stage = (int)stage, .end_signal = end_signal};
	run->programs[at].ready = ready;
	return &run->programs[at];
}

/* `words` ends with NULL. */
static void set_command(struct program *program, const char *const *words)
{
	int count = 0;
	for (; words[count] && count < ARGUMENTS_MAX - 1; count++)
		program->argv[count] = (char *)words[count];
	program->argv[count] = NULL;
}

static void add_pool(struct run *run, const char *name, int64_t workers)
{
	struct arena *arena = run->ctl->arena;
	const char *path = arena_printf(arena, "%s/%s.sock", run->ctl->settings.run_dir, name);
	const char *const words[] = {arena_printf(arena, "%s/aeon.fcgi", run->folder),
				     "--listen",
				     arena_printf(arena, "unix:%s", path),
				     "--workers",
				     arena_printf(arena, "%" PRId64, workers),
				     "--pool",
				     name,
				     NULL};
	set_command(add_program(run, name, STAGE_WORKERS, SIGTERM, path), words);
}

/* The first bridge is "bridge" and its socket ws.sock, the next ones "bridge-2" and ws-2.sock. */
static void add_bridge(struct run *run, int number)
{
	struct arena *arena = run->ctl->arena;
	const char *suffix = number == 1 ? "" : arena_printf(arena, "-%d", number);
	const char *path = arena_printf(arena, "%s/ws%s.sock", run->ctl->settings.run_dir, suffix);
	const char *const words[] = {arena_printf(arena, "%s/aeon-ws", run->folder),
				     "--listen",
				     arena_printf(arena, "unix:%s", path),
				     "--instance",
				     arena_printf(arena, "%d", number),
				     NULL};
	set_command(add_program(run, arena_printf(arena, "bridge%s", suffix), STAGE_DOORS, SIGTERM,
				path),
		    words);
}

/* The first one is "twin", and the next ones "twin-2" and so on. */
static void add_twin(struct run *run, int number)
{
	struct arena *arena = run->ctl->arena;
	const char *count = arena_printf(arena, "%d", number);
	const char *const words[] = {arena_printf(arena, "%s/aeon-twin", run->folder), "--instance",
				     count, NULL};
	struct sockaddr_un address;
	realm_socket_path(&run->ctl->settings, REALM_TWIN, number, &address);
	set_command(add_program(run, number == 1 ? "twin" : arena_printf(arena, "twin-%d", number),
				STAGE_WORKERS, SIGTERM, arena_strdup(arena, address.sun_path)),
		    words);
}

static void add_nginx(struct run *run, const char *file)
{
	struct arena *arena = run->ctl->arena;
	const char *prefix = dirname(arena_strdup(arena, file));
	bool as_root = geteuid() == 0; /* its workers must reach root's sockets */
	const char *const words[] = {"nginx",      "-p", prefix,   "-c",
				     file,         "-e", "stderr", as_root ? "-g" : NULL,
				     "user root;", NULL};
	set_command(add_program(run, "nginx", STAGE_DOORS, SIGQUIT,
				arena_printf(arena, "%s/nginx.pid", prefix)),
		    words);
}

static void add_programs(struct run *run)
{
	run->children.all = run->rows;
	add_pool(run, "fast", run->ctl->settings.workers);
	add_pool(run, "slow", SLOW_WORKERS);
	for (int number = 1; number <= run->ctl->settings.ws_bridges; number++)
		add_bridge(run, number);
	for (int number = 1; number <= run->ctl->settings.twins; number++)
		add_twin(run, number);
	if (run->ctl->nginx)
		add_nginx(run, run->ctl->nginx);
}

/* --- processes -------------------------------------------------------------------------------- */

/* In the new process. */
static void program_execute(const struct program *program)
{
	sigset_t none;
	sigemptyset(&none);
	sigprocmask(SIG_SETMASK, &none, NULL);
	int null = open("/dev/null", O_RDONLY);
	dup2(null, STDIN_FILENO);
	close_range(STDERR_FILENO + 1, ~0U, 0);
	execvp(program->argv[0], program->argv);
	log_error("exec_failed", LOG_TEXT("file", program->argv[0]),
		  LOG_TEXT("cause", strerror(errno)));
	_exit(EX_UNAVAILABLE);
}

/* A datagram socket with an owner is of another type; without an owner it refuses. */
static bool socket_accepts(const char *path)
{
	struct sockaddr_un address = {.sun_family = AF_UNIX};
	snprintf(address.sun_path, sizeof(address.sun_path), "%s", path);
	int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
	bool accepts = connect(fd, (const struct sockaddr *)&address, sizeof(address)) == 0 ||
		       errno == EPROTOTYPE;
	close(fd);
	return accepts;
}

static bool file_names(const char *path, pid_t pid)
{
	FILE *file = fopen(path, "re");
	int named = 0;
	if (!file)
		return false;
	bool found = fscanf(file, "%d", &named) == 1 && named == pid;
	fclose(file);
	return found;
}

static bool program_accepts(const struct program *program, pid_t pid)
{
	struct stat status;
	if (lstat(program->ready, &status) != 0)
		return false;
	return S_ISSOCK(status.st_mode)
		       ? socket_accepts(program->ready)
		       : S_ISREG(status.st_mode) && file_names(program->ready, pid);
}

static void program_look(struct program *program, pid_t pid)
{
	if (pid != program->seen)
		program->state = PROGRAM_STARTING;
	program->seen = pid;
	if (pid == 0)
		program->state = PROGRAM_DOWN;
	else if (program->state == PROGRAM_STARTING && program_accepts(program, pid))
		program->state = PROGRAM_UP;
}

/* Looks at all programs. Writes their states if they have changed. Returns whether all are up. */
static bool look_at_all(struct run *run)
{
	struct program_status now[PROGRAMS_MAX + 1] = {0};
	struct problem why = {0};
	bool all = true;
	run->any_starts = false;
	for (int i = 0; i < run->children.count; i++) {
		const struct child *child = &run->rows[i];
		program_look(&run->programs[i], child->pid);
		now[i] = (struct program_status){.name = child->name,
						 .state = run->programs[i].state,
						 .pid = child->pid,
						 .restarts = child->restarts};
		all = all && now[i].state == PROGRAM_UP;
		run->any_starts = run->any_starts || now[i].state == PROGRAM_STARTING;
	}
	if (memcmp(now, run->written, sizeof(now)) == 0)
		return all;
	memcpy(run->written, now, sizeof(now));
	if (programs_write(&run->ctl->settings, now, &why) < 0)
		log_problem(LOG_LEVEL_ERROR, "state_not_written", &why);
	return all;
}

/* --- life ------------------------------------------------------------------------------------- */

/* A program without its handlers yet would end by the signal. */
static void reload(const struct run *run)
{
	log_info("reloading");
	for (int i = 0; i < run->children.count; i++)
		if (run->programs[i].state == PROGRAM_UP && run->rows[i].pid)
			kill(run->rows[i].pid, SIGHUP);
}

static int stop(struct run *run)
{
	log_info("stopping");
	children_stop(&run->children);
	programs_remove(&run->ctl->settings);
	health_forget(&run->ctl->settings);
	metrics_forget(&run->ctl->settings);
	rmdir(run->ctl->settings.run_dir); /* unless others keep files in it, or it is root's */
	return EX_OK;
}

static void first_ready(struct run *run)
{
	run->ready = true;
	log_info("ready");
	if (run->ctl->ready)
		puts(run->ctl->ready);
	fflush(stdout);
}

/* Until all programs were up, one that ends is a wrong installation. Returns a sentence or NULL. */
static const char *failed_start(const struct run *run)
{
	bool late = clock_monotonic() > run->started + START_US;
	for (int i = 0; i < run->children.count; i++) {
		const char *name = run->rows[i].name;
		if (run->rows[i].restarts)
			return arena_printf(run->ctl->arena, "%s did not start; see above", name);
		if (late && run->programs[i].state != PROGRAM_UP)
			return arena_printf(run->ctl->arena, "%s does not answer after %d s", name,
					    (int)(START_US / CLOCK_SECOND));
	}
	return NULL;
}

static int supervise(struct run *run)
{
	for (;;) {
		int64_t due, probe = clock_monotonic() + PROBE_US;
		children_reap(&run->children);
		const struct child *child = children_start_due(&run->children, &due);
		if (child)
			program_execute(&run->programs[child - run->rows]);
		bool all_up = look_at_all(run);
		if (!run->ready && all_up)
			first_ready(run);
		const char *failure = run->ready ? NULL : failed_start(run);
		if (failure) {
			stop(run);
			return refuse(EX_UNAVAILABLE, "%s", failure);
		}
		switch (children_wait(run->any_starts && probe < due ? probe : due)) {
		case SIGHUP:
			if (run->on_terminal && !isatty(STDERR_FILENO)) /* it was closed */
				return stop(run);
			reload(run);
			break;
		case SIGTERM:
		case SIGINT:
			return stop(run);
		}
	}
}

/* --- preparation ------------------------------------------------------------------------------ */

/* The lock on the run directory means that a realm runs there. It is held until the process ends.
 */
static int claim_run_dir(const char *path)
{
	mkdir(path, 0700);
	int fd = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (fd < 0)
		return refuse(EX_CANTCREAT, "cannot create or open the directory %s: %s", path,
			      strerror(errno));
	if (flock(fd, LOCK_EX | LOCK_NB) != 0)
		return refuse(EX_TEMPFAIL, "a realm is already running in %s", path);
	if (faccessat(fd, ".", W_OK | X_OK, AT_EACCESS) != 0)
		return refuse(EX_CANTCREAT, "cannot write to the directory %s: %s", path,
			      strerror(errno));
	return 0;
}

static void raise_limits(void)
{
	struct rlimit files;
	if (getrlimit(RLIMIT_NOFILE, &files) != 0)
		return;
	files.rlim_cur = files.rlim_max < FILES_MAX ? files.rlim_max : FILES_MAX;
	setrlimit(RLIMIT_NOFILE, &files);
}

/* The environment that the programs inherit. */
static void set_environment(const struct ctl *ctl)
{
	const char *path = getenv("PATH");
	if (ctl->config)
		setenv("AEON_CONFIG", ctl->config, 1);
	if (ctl->database)
		setenv("AEON_DATABASE", ctl->database, 1);
	/* Debian has nginx in /usr/sbin, which ordinary users do not have in PATH. */
	setenv("PATH", arena_printf(ctl->arena, "%s:/usr/sbin:/sbin", path ? path : "/usr/bin"), 1);
	prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0);
	raise_limits();
}

const char *own_folder(struct arena *arena)
{
	char *file = arena_alloc(arena, PATH_MAX);
	ssize_t length = readlink("/proc/self/exe", file, PATH_MAX - 1);
	file[length > 0 ? length : 0] = '\0';
	return dirname(file);
}

/* Each program opens the database itself; here only so that a wrong one is reported once. */
static int check_database(struct ctl *ctl, struct problem *why)
{
	int refused = check_files(ctl, NEEDS_REALM);
	if (refused)
		return refused;
	TRY(realm_open(&ctl->settings, STORE_SERVE, &ctl->store, why));
	store_close(&ctl->store);
	return 0;
}

static int run_run(struct ctl *ctl, struct problem *why)
{
	static struct run run; /* used until the process ends */
	int refused = check_database(ctl, why);
	if (refused == 0)
		refused = claim_run_dir(ctl->settings.run_dir);
	if (refused)
		return refused;
	log_setup("aeonctl", (enum log_level)ctl->settings.log_level);
	health_forget(&ctl->settings);
	metrics_forget(&ctl->settings);
	set_environment(ctl);
	run = (struct run){.ctl = ctl,
			   .folder = own_folder(ctl->arena),
			   .on_terminal = isatty(STDERR_FILENO),
			   .started = clock_monotonic(),
			   .children = {.ended_event = "program_ended",
					.stop_us = STOP_US,
					.own_groups = true}};
	add_programs(&run);
	children_block_signals();
	return supervise(&run);
}

const struct command run_commands[] = {
	{"run", "",
	 "Run the realm: start its programs, and start each again that ends.\n\n"
	 "These are the two pools of workers, the bridges, the processes of aeon-twin, and with\n"
	 "--nginx FILE an nginx with that configuration. It needs \"daemon off\" and \"pid "
	 "nginx.pid\", and paths in it are\n"
	 "below the directory of FILE. SIGTERM ends the realm. SIGHUP reloads it. When all\n"
	 "programs accept connections for the first time, the text of --ready is printed. Until\n"
	 "then a program that ends, ends the realm; exits with 69.",
	 .takes = TAKES_RUN, .needs = NEEDS_SETTINGS, .run = run_run},
	{0},
};
