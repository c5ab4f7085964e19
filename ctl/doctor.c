/*
 * doctor: checks an installation and prints one finding per line.
 *
 * It repairs nothing, and changes nothing but the row by which realm/health.h tries a write.
 */
#include <errno.h>
#include <libgen.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/statvfs.h>
#include <sys/un.h>
#include <sysexits.h>
#include <unistd.h>

#include "base/arena.h"
#include "base/json_out.h"
#include "ctl/ctl.h"
#include "realm/health.h"
#include "realm/realm.h"
#include "store/lead.h"

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

/* One part of the realm's health; `good` is the finding when nothing is wrong. */
static bool part_is_good(struct ctl *ctl, enum health_part part, const char *good, char *what,
			 size_t size)
{
	struct problem why = {0};
	struct health health;
	health_measure(ctl->store, &ctl->settings, &health, &why);
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
	snprintf(what, size, "received by the bridge%s", ctl->settings.ws_bridges > 1 ? "s" : "");
	return true;
}

static const struct {
	const char *name;
	bool (*check)(struct ctl *ctl, char *what, size_t size);
	bool is_required; /* for the checks after it */
} checks[] = {
	{"configuration", settings_are_read, true}, {"database folder", folder_is_writable, false},
	{"database", database_opens, false},        {"disk", disk_has_room, false},
	{"writes", writes_succeed, false},          {"maintenance", maintenance_succeeds, false},
	{"write-ahead log", wal_is_small, false},   {"run_dir", run_dir_is_writable, false},
	{"workers", fast_answers, false},           {"login workers", slow_answers, false},
	{"bridge", bridge_answers, false},          {"wakeups", bridges_receive_wakeups, false},
};

static int run_doctor(struct ctl *ctl, struct problem *why)
{
	bool all = true;
	(void)why;
	jw_open(ctl->out, '[');
	for (size_t i = 0; i < sizeof(checks) / sizeof(*checks); i++) {
		char what[600] = "";
		bool good = checks[i].check(ctl, what, sizeof(what));
		jw_open(ctl->out, '{');
		jw_kv_bool(ctl->out, "good", good);
		jw_kv_text(ctl->out, "part", checks[i].name);
		jw_kv_text(ctl->out, "finding", what);
		jw_close(ctl->out, '}');
		all = all && good;
		if (!good && checks[i].is_required)
			break;
	}
	jw_close(ctl->out, ']');
	return all ? EX_OK : EX_UNAVAILABLE;
}

const struct command doctor_commands[] = {
	{"doctor", "",
	 "Check the installation and report what is wrong.\n\n"
	 "Checks the configuration, the database, the disk and every program of the running\n"
	 "realm. Exits with 69 if something is wrong.",
	 .needs = NEEDS_NOTHING, .run = run_doctor, .columns = "good part finding"},
	{0},
};
