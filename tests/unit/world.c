/* What the C tests share: see test.h. */
#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include <sodium.h>

#include "base/clock.h"
#include "store/queries.h"
#include "tests/unit/test.h"

static int64_t add_person(struct store *store, const char *name)
{
	char email[80];
	snprintf(email, sizeof(email), "%s@example.org", name);
	int64_t id;
	MUST(q_user_insert(store, name, email, "none", NULL, NULL, clock_now(), &id, &why));
	return id;
}

int world_setup(void **state)
{
	struct world *world = calloc(1, sizeof(*world));
	assert_true(sodium_init() >= 0);
	world->arena = arena_new();
	MUST(store_open(":memory:", STORE_MIGRATE, 100, &world->store, &why));
	world->ada = add_person(world->store, "ada");
	world->ben = add_person(world->store, "ben");
	world->cleo = add_person(world->store, "cleo");
	world->dora = add_person(world->store, "dora");
	*state = world;
	return 0;
}

int world_teardown(void **state)
{
	struct world *world = *state;
	store_close(&world->store);
	arena_free(&world->arena);
	buf_free(&world->out);
	free(world);
	return 0;
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

const char *taken(struct world *world)
{
	const char *copy = arena_strdup(world->arena, buf_text(&world->out));
	buf_clear(&world->out);
	return copy;
}
