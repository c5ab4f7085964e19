/*
 * Fuzzes the reading of what a language model says about texts of a user.
 *
 * Two texts and the answer, each ended by a NUL. Whatever the answer says, each fact must be the
 * user's own: its quote and its content stand in the text that it names.
 */
#include <string.h>

#include "base/arena.h"
#include "base/utf8.h"
#include "realm/facts.h"
#include "tests/fuzz/fuzz.h"

#define MOST 7

static void check_fact(const struct fact *fact, const char *const *texts)
{
	HOLDS(fact->text < 2);
	ssize_t letters = utf8_count(fact->content, strlen(fact->content));
	HOLDS(letters >= FACT_LEAST && letters <= FACT_MOST);
	HOLDS(strstr(texts[fact->text], fact->content));
	HOLDS(strstr(fact->content, fact->quote));
	HOLDS(utf8_count(fact->quote, strlen(fact->quote)) >= FACT_LEAST);
	HOLDS(fact->fact[0]);
}

/* The part up to the next NUL, or to the end. */
static char *next_part(struct arena *arena, const char **bytes, size_t *count)
{
	size_t length = strnlen(*bytes, *count), skipped = length + (length < *count);
	char *part = arena_strndup(arena, *bytes, length);
	*bytes += skipped;
	*count -= skipped;
	return part;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct arena *arena = arena_new();
	const char *bytes = (const char *)data;
	struct fact facts[MOST];
	const char *texts[2];
	for (int i = 0; i < 2; i++) {
		texts[i] = next_part(arena, &bytes, &size);
		if (utf8_count(texts[i], strlen(texts[i])) < 0)
			texts[i] = "I live in Kassel. Do I own a barge?";
		texts[i] = utf8_compose(arena, texts[i]);
	}
	size_t offered, found = facts_read(arena, texts, 2, bytes, size, facts, MOST, &offered);
	HOLDS(found <= MOST && found <= offered);
	for (size_t i = 0; i < found; i++) {
		check_fact(&facts[i], texts);
		fact_stands(arena, texts[0], facts[i].content);
	}
	arena_free(&arena);
	return 0;
}
