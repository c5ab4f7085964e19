/*
 * Runs a fuzzer on the files of its corpus, without libFuzzer, and reports each file in TAP.
 *
 * replay_NAME reads the files of tests/fuzz/corpus/NAME, or the given files. A finding ends the
 * program, and the last line names the input.
 */
#include <dirent.h>
#include <string.h>

#include "tests/fuzz/fuzz.h"

static void replay(const char *path)
{
	static int number;
	FILE *file = fopen(path, "re");
	HOLDS(file != NULL);
	fseek(file, 0, SEEK_END);
	size_t size = (size_t)ftell(file);
	rewind(file);
	/* Exactly as long as the input, so that a sanitizer finds any read beyond it. */
	uint8_t *data = malloc(size ? size : 1);
	HOLDS(fread(data, 1, size, file) == size);
	fclose(file);
	printf("# %s\n", path);
	fflush(stdout);
	LLVMFuzzerTestOneInput(data, size);
	free(data);
	printf("ok %d - %s\n", ++number, strrchr(path, '/') ? strrchr(path, '/') + 1 : path);
}

static int replay_folder(const char *folder)
{
	struct dirent **entries;
	int count = scandir(folder, &entries, NULL, alphasort), replayed = 0;
	for (int i = 0; i < count; i++) {
		char path[2048];
		snprintf(path, sizeof(path), "%s/%s", folder, entries[i]->d_name);
		if (entries[i]->d_name[0] != '.') {
			replay(path);
			replayed++;
		}
		free(entries[i]);
	}
	if (count >= 0)
		free(entries);
	return replayed;
}

int main(int argc, char **argv)
{
	char folder[1024];
	const char *srcdir = getenv("srcdir"), *name = strrchr(argv[0], '_');
	int replayed = argc - 1;
	for (int i = 1; i < argc; i++)
		replay(argv[i]);
	if (argc == 1) {
		snprintf(folder, sizeof(folder), "%s/tests/fuzz/corpus/%s", srcdir ? srcdir : ".",
			 name ? name + 1 : "");
		replayed = replay_folder(folder);
	}
	printf("1..%d\n", replayed);
	return replayed == 0;
}
