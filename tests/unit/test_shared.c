/* lib/base/shared: memory of several processes, and files that cannot be it. */
#include <fcntl.h>
#include <stdio.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/shared.h"
#include "tests/unit/test.h"

#define LAYOUT 7

struct memory {
	_Atomic int64_t count;
	struct shared_text text;
};

struct folder {
	struct arena *arena;
	const char *path, *file;
};

static int folder_setup(void **state)
{
	static struct folder folder;
	folder = (struct folder){.arena = arena_new()};
	folder.file = scratch(folder.arena, "x");
	folder.path = arena_strndup(folder.arena, folder.file, strlen(folder.file) - 2);
	*state = &folder;
	return 0;
}

static int folder_teardown(void **state)
{
	struct folder *folder = *state;
	arena_free(&folder->arena);
	return 0;
}

static struct memory *map(const struct folder *folder)
{
	return shared_map(folder->path, "x", sizeof(struct memory), LAYOUT);
}

static void processes_share_the_memory_and_a_killed_one_leaves_its_counts(void **state)
{
	struct memory *mine = map(*state);
	assert_int_equal(mine->count, 0);
	for (int i = 0; i < 4; i++) {
		if (fork() == 0) {
			struct memory *other = map(*state);
			for (int k = 0; k < 1000; k++)
				other->count++;
			raise(SIGKILL);
		}
	}
	for (int i = 0; i < 4; i++)
		wait(NULL);
	assert_int_equal(mine->count, 4000);
	assert_int_equal(map(*state)->count, 4000);
}

static void a_file_of_another_size_or_layout_is_replaced(void **state)
{
	struct folder *folder = *state;
	struct memory *old = map(folder);
	old->count = 5;
	struct memory *changed = shared_map(folder->path, "x", sizeof(*changed), LAYOUT + 1);
	assert_int_equal(changed->count, 0);
	changed->count = 6;
	assert_int_equal(old->count, 5);
	char *longer = shared_map(folder->path, "x", 100000, LAYOUT + 1);
	assert_int_equal(longer[99999], 0);
	assert_int_equal(map(folder)->count, 0);
}

/* Whether memory at that path is usable; nothing that was there is followed or waited for. */
static void use(const struct folder *folder)
{
	struct memory *memory = map(folder);
	assert_int_equal(memory->count, 0);
	memory->count = 9;
}

static void what_stands_in_the_place_of_the_file_is_not_followed(void **state)
{
	struct folder *folder = *state;
	const char *target = arena_printf(folder->arena, "%s/target", folder->path);
	struct stat file;
	int fd = open(target, O_RDWR | O_CREAT, 0600);
	assert_int_equal(symlink(target, folder->file), 0);
	use(folder);
	assert_int_equal(fstat(fd, &file), 0);
	assert_int_equal(file.st_size, 0);

	unlink(folder->file);
	assert_int_equal(link(target, folder->file), 0);
	use(folder);
	assert_int_equal(fstat(fd, &file), 0);
	assert_int_equal(file.st_size, 0);
	close(fd);

	unlink(folder->file);
	assert_int_equal(mkfifo(folder->file, 0600), 0);
	use(folder);

	assert_int_equal(chmod(folder->file, 0666), 0); /* others may have written into it */
	use(folder);
	assert_int_equal(lstat(folder->file, &file), 0);
	assert_int_equal(file.st_mode, S_IFREG | 0600);

	unlink(folder->file);
	assert_int_equal(mkdir(folder->file, 0700), 0);
	use(folder);
	rmdir(folder->file);
}

static void garbage_in_the_file_is_replaced(void **state)
{
	struct folder *folder = *state;
	static const char garbage[] = "garbage of some length, which is no header of this program";
	for (size_t bytes = 1; bytes <= sizeof(garbage); bytes += 19) {
		int fd = open(folder->file, O_RDWR | O_CREAT | O_TRUNC, 0600);
		assert_int_equal(write(fd, garbage, bytes), (ssize_t)bytes);
		close(fd);
		use(folder);
		unlink(folder->file);
	}
}

static void without_a_directory_the_memory_is_private(void **state)
{
	struct folder folder = **(struct folder **)state;
	folder.path = "/nonexistent";
	use(&folder);
	assert_int_equal(map(&folder)->count, 0);
}

static void a_text_is_cut_off_and_always_printable(void **state)
{
	struct memory *memory = map(*state);
	char text[SHARED_TEXT];
	shared_text_put(&memory->text, "database or disk is full (13)");
	shared_text_get(&memory->text, text);
	assert_string_equal(text, "database or disk is full (13)");
	char long_text[300];
	memset(long_text, 'x', sizeof(long_text));
	long_text[299] = '\0';
	shared_text_put(&memory->text, long_text);
	shared_text_get(&memory->text, text);
	assert_int_equal(strlen(text), SHARED_TEXT - 1);
	memset(&memory->text, 0xff, sizeof(memory->text));
	shared_text_get(&memory->text, text);
	assert_int_equal(strspn(text, "?"), SHARED_TEXT - 1);
}

#define IN_FOLDER(test) cmocka_unit_test_setup_teardown(test, folder_setup, folder_teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		IN_FOLDER(processes_share_the_memory_and_a_killed_one_leaves_its_counts),
		IN_FOLDER(a_file_of_another_size_or_layout_is_replaced),
		IN_FOLDER(what_stands_in_the_place_of_the_file_is_not_followed),
		IN_FOLDER(garbage_in_the_file_is_replaced),
		IN_FOLDER(without_a_directory_the_memory_is_private),
		IN_FOLDER(a_text_is_cut_off_and_always_printable),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
