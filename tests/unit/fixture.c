/* Shared by the C tests: see test.h. */
#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include <sodium.h>
#include <sqlite3.h>

#include "base/clock.h"
#include "realm/changes.h"
#include "store/internal.h"
#include "store/queries.h"
#include "tests/unit/test.h"

static int64_t add_user(struct store *store, const char *name)
{
	char email[80];
	snprintf(email, sizeof(email), "%s@example.org", name);
	int64_t id;
	MUST(q_user_insert(store, name, email, email, "none", NULL, NULL,
			   strcmp(name, "ada") == 0 ? "owner" : "user", false, clock_now(), &id,
			   &why));
	return id;
}

int fixture_setup(void **state)
{
	struct fixture *fixture = calloc(1, sizeof(*fixture));
	assert_true(sodium_init() >= 0);
	fixture->arena = arena_new();
	MUST(store_open(":memory:", STORE_MIGRATE, 100, &fixture->store, &why));
	fixture->ada = add_user(fixture->store, "ada");
	fixture->ben = add_user(fixture->store, "ben");
	fixture->cleo = add_user(fixture->store, "cleo");
	fixture->dora = add_user(fixture->store, "dora");
	*state = fixture;
	return 0;
}

int fixture_teardown(void **state)
{
	struct fixture *fixture = *state;
	store_close(&fixture->store);
	arena_free(&fixture->arena);
	buf_free(&fixture->out);
	free(fixture);
	return 0;
}

void run_sql(struct fixture *fixture, const char *format, ...)
{
	va_list args;
	va_start(args, format);
	char *sql = sqlite3_vmprintf(format, args);
	va_end(args);
	char *error = NULL;
	sqlite3_exec(fixture->store->db, sql, NULL, NULL, &error);
	if (error)
		fail_msg("%s: %s", sql, error);
	sqlite3_free(sql);
}

void change_file(const char *path, const char *sql)
{
	sqlite3 *db;
	assert_int_equal(sqlite3_open(path, &db), SQLITE_OK);
	sqlite3_wal_autocheckpoint(db, 0); /* only the leader checkpoints */
	assert_int_equal(sqlite3_exec(db, sql, NULL, NULL, NULL), SQLITE_OK);
	sqlite3_close(db);
}

static void remove_folder(void *path)
{
	DIR *folder = opendir(path);
	char file[1024];
	for (struct dirent *entry; (entry = readdir(folder));) {
		snprintf(file, sizeof(file), "%s/%s", (const char *)path, entry->d_name);
		unlink(file);
	}
	closedir(folder);
	rmdir(path);
}

const char *scratch(struct arena *arena, const char *name)
{
	const char *base = getenv("TMPDIR");
	char *folder = arena_printf(arena, "%s/aeon-test-XXXXXX", base ? base : "/tmp");
	assert_non_null(mkdtemp(folder));
	arena_defer(arena, remove_folder, folder);
	return arena_printf(arena, "%s/%s", folder, name);
}

const char *take_output(struct fixture *fixture)
{
	const char *copy = arena_strdup(fixture->arena, buf_text(&fixture->out));
	buf_clear(&fixture->out);
	return copy;
}

void change_message(struct fixture *fixture, int64_t sender, const char *room, const char *message,
		    const char *content)
{
	struct message_done done;
	const struct message_change change = {.kind = content ? EVENT_MESSAGE_EDITED
							      : EVENT_MESSAGE_DELETED,
					      .room_id = room,
					      .message_id = message,
					      .content = content};
	MUST(message_change(fixture->arena, fixture->store, sender, &change, &done, &why));
}

int64_t setting(const char *name, int64_t otherwise)
{
	const char *value = getenv(name);
	return value && *value ? strtoll(value, NULL, 10) : otherwise;
}
