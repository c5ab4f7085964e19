/*
 * doctor: checks an installation and prints one finding per line.
 *
 * It repairs nothing, and changes nothing but the row by which realm/health.h tries a write.
 */
#include "config.h"

#include <errno.h>
#include <fcntl.h>
#include <libgen.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/statvfs.h>
#include <sys/un.h>
#include <sysexits.h>
#include <unistd.h>

#include <jansson.h>

#include "base/arena.h"
#include "base/clock.h"
#include "base/json_out.h"
#include "ctl/ctl.h"
#include "realm/health.h"
#include "realm/projection.h"
#include "realm/realm.h"
#include "realm/vectors.h"
#include "store/lead.h"
#include "store/queries.h"

#define LEAST_FREE (100LL << 20) /* bytes on the disk */

/* Each check writes its finding into `what`, and returns whether it is good. */

static bool settings_are_read(struct ctl *ctl, char *what, size_t size)
{
	struct problem why = {0};
	int result = ctl_settings(ctl, &why);
	snprintf(what, size, "%s", result < 0 ? why.detail : "valid");
	return result == 0;
}

static bool folder_is_writable(struct ctl *ctl, char *what, size_t size)
{
	const char *folder = dirname(arena_strdup(ctl->arena, ctl->settings.database));
	bool good = access(folder, W_OK | X_OK) == 0;
	snprintf(what, size, "%s: %s", folder, good ? "writable" : strerror(errno));
	return good;
}

static bool database_opens(struct ctl *ctl, char *what, size_t size)
{
	struct problem why = {0};
	if (realm_open(&ctl->settings, STORE_SERVE, &ctl->store, &why) < 0) {
		snprintf(what, size, "%s%s%s", why.detail, why.cause[0] ? ": " : "", why.cause);
		return false;
	}
	snprintf(what, size, "%s: has this program's schema", ctl->settings.database);
	return true;
}

static bool disk_has_room(struct ctl *ctl, char *what, size_t size)
{
	struct statvfs disk;
	if (statvfs(dirname(arena_strdup(ctl->arena, ctl->settings.database)), &disk) != 0) {
		snprintf(what, size, "%s", strerror(errno));
		return false;
	}
	long long left = (long long)disk.f_bavail * (long long)disk.f_frsize;
	snprintf(what, size, "%lld MiB free", left >> 20);
	return left >= LEAST_FREE;
}

static bool socket_answers(struct ctl *ctl, const char *name, char *what, size_t size)
{
	struct sockaddr_un to = {.sun_family = AF_UNIX};
	snprintf(to.sun_path, sizeof(to.sun_path), "%s/%s", ctl->settings.run_dir, name);
	int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
	bool good = connect(fd, (const struct sockaddr *)&to, sizeof(to)) == 0;
	snprintf(what, size, "%s: %s", to.sun_path, good ? "answers" : strerror(errno));
	close(fd);
	return good;
}

/* One part of the realm's health; `good` is the finding when nothing is wrong. */
static bool part_is_good(struct ctl *ctl, enum health_part part, const char *good, char *what,
			 size_t size)
{
	char ignored[200];
	struct problem why = {0};
	struct health health;
	bool has_pool = socket_answers(ctl, "fast.sock", ignored, sizeof(ignored));
	health_measure(ctl->store, &ctl->settings, has_pool, &health, &why);
	snprintf(what, size, "%s", health.parts[part].good ? good : health.parts[part].reason);
	return health.parts[part].good;
}

static bool wal_is_small(struct ctl *ctl, char *what, size_t size)
{
	char good[40];
	snprintf(good, sizeof(good), "%lld KiB", store_log_bytes(ctl->settings.database) >> 10);
	return part_is_good(ctl, HEALTH_WAL, good, what, size);
}

static bool writes_succeed(struct ctl *ctl, char *what, size_t size)
{
	return part_is_good(ctl, HEALTH_WRITES, "succeed", what, size);
}

static bool maintenance_succeeds(struct ctl *ctl, char *what, size_t size)
{
	return part_is_good(ctl, HEALTH_MAINTENANCE, "succeeds", what, size);
}

static bool run_dir_is_writable(struct ctl *ctl, char *what, size_t size)
{
	bool good = access(ctl->settings.run_dir, W_OK | X_OK) == 0;
	snprintf(what, size, "%s: %s", ctl->settings.run_dir, good ? "writable" : strerror(errno));
	return good;
}

static bool fast_answers(struct ctl *ctl, char *what, size_t size)
{
	return socket_answers(ctl, "fast.sock", what, size);
}

static bool slow_answers(struct ctl *ctl, char *what, size_t size)
{
	return socket_answers(ctl, "slow.sock", what, size);
}

static bool bridge_answers(struct ctl *ctl, char *what, size_t size)
{
	if (ctl->settings.ws_bridges == 0) {
		snprintf(what, size, "none is configured");
		return true;
	}
	return socket_answers(ctl, "ws.sock", what, size);
}

static bool bridges_receive_wakeups(struct ctl *ctl, char *what, size_t size)
{
	uint32_t alive = realm_listeners(&ctl->settings, REALM_BRIDGE, ctl->settings.ws_bridges);
	for (int bridge = 1; bridge <= ctl->settings.ws_bridges; bridge++) {
		if (alive & UINT32_C(1) << bridge)
			continue;
		snprintf(what, size, "bridge %d does not receive them", bridge);
		return false;
	}
	snprintf(what, size, ctl->settings.ws_bridges > 0 ? "received" : "no bridge is configured");
	return true;
}

static bool twins_answer(struct ctl *ctl, char *what, size_t size)
{
	uint32_t alive = realm_listeners(&ctl->settings, REALM_TWIN, ctl->settings.twins);
	int64_t running = __builtin_popcount(alive);
	snprintf(what, size, "%lld of %lld are running", (long long)running,
		 (long long)ctl->settings.twins);
	return running == ctl->settings.twins;
}

struct following {
	struct buf words;
	bool all;
};

static int add_store(const struct sync_state *state, void *context, struct problem *why)
{
	struct following *f = context;
	(void)why;
	buf_printf(&f->words, "%s%s: ", f->words.len ? "; " : "", state->name);
	if (state->failure)
		buf_printf(&f->words, "it fails, %lld changes behind: %s", (long long)state->behind,
			   state->failure);
	else if (state->behind)
		buf_printf(&f->words, "%lld changes behind", (long long)state->behind);
	else
		buf_puts(&f->words, "has all changes");
	f->all = f->all && !state->failure;
	return 0;
}

static bool stores_follow(struct ctl *ctl, char *what, size_t size)
{
	struct following f = {.all = true};
	struct problem why = {0};
	if (sync_states(ctl->store, add_store, &f, &why) < 0) {
		snprintf(what, size, "%s", why.detail);
		return false;
	}
	snprintf(what, size, "%s", f.words.len ? f.words.data : "none is configured");
	buf_free(&f.words);
	return f.all;
}

static bool texts_are_embedded(struct ctl *ctl, char *what, size_t size)
{
	struct vectors_progress progress;
	struct problem why = {0};
	int found = vectors_progress(ctl->arena, ctl->store, &progress, &why);
	if (found <= 0)
		snprintf(what, size, "%s", found < 0 ? why.detail : "no embedding model was asked");
	else
		snprintf(what, size, "%lld of %lld texts have a vector of %s, %lld wait",
			 (long long)progress.embedded, (long long)progress.texts,
			 progress.model ? progress.model : "a model that has not answered",
			 (long long)progress.waiting);
	return found >= 0;
}

static bool mails_are_sent(struct ctl *ctl, char *what, size_t size)
{
	struct q_mails_state state = {0};
	struct problem why = {0};
	if (!ctl->settings.smtp_url[0]) {
		snprintf(what, size, "no mail server is configured");
		return true;
	}
	if (q_mails_state(ctl->store, clock_now(), clock_now() - CLOCK_DAY, &state, &why) < 0) {
		snprintf(what, size, "%s", why.detail);
		return false;
	}
	snprintf(what, size, "%lld wait; %lld of the last day were given up",
		 (long long)state.waiting, (long long)state.given_up);
	return state.given_up == 0;
}

static const struct {
	const char *name;
	bool (*check)(struct ctl *ctl, char *what, size_t size);
	bool is_required; /* for the checks after it */
} checks[] = {
	{"configuration", settings_are_read, true},
	{"database folder", folder_is_writable, false},
	{"database", database_opens, false},
	{"disk", disk_has_room, false},
	{"writes", writes_succeed, false},
	{"maintenance", maintenance_succeeds, false},
	{"write-ahead log", wal_is_small, false},
	{"run_dir", run_dir_is_writable, false},
	{"workers", fast_answers, false},
	{"login workers", slow_answers, false},
	{"bridge", bridge_answers, false},
	{"wakeups", bridges_receive_wakeups, false},
	{"twins", twins_answer, false},
	{"vectors", texts_are_embedded, false},
	{"stores", stores_follow, false},
	{"mails", mails_are_sent, false},
};

static void write_finding(struct buf *out, bool good, const char *part, const char *finding)
{
	jw_open(out, '{');
	jw_kv_bool(out, "good", good);
	jw_kv_text(out, "part", part);
	jw_kv_text(out, "finding", finding);
	jw_close(out, '}');
}

/* Adds a finding for each provider of the configuration. Returns whether all are good. */
static bool check_providers(struct ctl *ctl)
{
	size_t at;
	json_t *row, *rows = json_loads(ask_probe(ctl, NULL), 0, NULL);
	bool all = true;
	if (!rows)
		rows = json_pack("[{sbssss}]", "good", 0, "part", "models", "finding",
				 "aeon-probe, which asks them, does not run");
	json_array_foreach(rows, at, row) {
		bool good = json_is_true(json_object_get(row, "good"));
		write_finding(ctl->out, good, json_string_value(json_object_get(row, "part")),
			      json_string_value(json_object_get(row, "finding")));
		all = all && good;
	}
	json_decref(rows);
	return all;
}

static int run_doctor(struct ctl *ctl, struct problem *why)
{
	bool all = true, is_configured = true;
	(void)why;
	jw_open(ctl->out, '[');
	for (size_t i = 0; i < sizeof(checks) / sizeof(*checks) && is_configured; i++) {
		char what[600] = "";
		bool good = checks[i].check(ctl, what, sizeof(what));
		write_finding(ctl->out, good, checks[i].name, what);
		all = all && good;
		is_configured = good || !checks[i].is_required;
	}
	if (is_configured)
		all = check_providers(ctl) && all;
	jw_close(ctl->out, ']');
	return all ? EX_OK : EX_UNAVAILABLE;
}

const struct command doctor_commands[] = {
	{"doctor", "",
	 "Check the installation and report what is wrong.\n\n"
	 "Checks the configuration, the database, the disk and every program of the running\n"
	 "realm, and asks each configured model and store once. Exits with 69 if something is "
	 "wrong.",
	 .needs = NEEDS_NOTHING, .run = run_doctor, .columns = "good part finding"},
	{0},
};
