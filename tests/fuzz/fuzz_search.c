/*
 * Fuzzes the search: the tokenizer, and the queries that are made for FTS5.
 *
 * Any text is a valid search query in any sort order. Any text is valid content of knowledge, and
 * can be replaced, which removes it from the index.
 */
#include <string.h>

#include <jansson.h>

#include "base/arena.h"
#include "base/clock.h"
#include "base/utf8.h"
#include "realm/knowledge.h"
#include "realm/knowledge_list.h"
#include "realm/rooms.h"
#include "realm/search.h"
#include "store/queries.h"
#include "store/store.h"
#include "tests/fuzz/fuzz.h"

#define LONGEST_QUERY 100

static struct store *store;
static int64_t viewer, changing;

static int64_t add_knowledge(struct arena *arena, const char *content)
{
	const struct knowledge_new input = {
		.content = content, .knowledge_type = "x", .visibility = "public"};
	int64_t id = 0;
	MUST(knowledge_create(arena, store, viewer, &input, &id, &why));
	return id;
}

static void make_realm(struct arena *arena)
{
	const struct room_new room = {.name = "A room", .is_public = true, .max_participants = 50};
	const char *room_id;
	MUST(store_open(":memory:", STORE_MIGRATE, 100, &store, &why));
	MUST(q_user_insert(store, "somebody", "s@example.org", "s@example.org", "none", NULL, NULL,
			   "user", false, clock_now(), &viewer, &why));
	MUST(room_create(arena, store, viewer, &room, &room_id, &why));
	add_knowledge(arena, "Some words to find: naïve, 東京都, don't.");
	changing = add_knowledge(arena, "-");
}

static void check_list(struct buf *list)
{
	json_t *again = json_loadb(list->data, list->len, 0, NULL);
	HOLDS(json_is_array(again));
	json_decref(again);
	buf_clear(list);
}

static void search_for(struct arena *arena, const char *text)
{
	static const char *const sorts[] = {"new", "top", "useful", "relevant"};
	const struct room_filter rooms = {-1, -1, -1, text, NULL};
	struct buf *list = buf_in(arena);
	for (size_t i = 0; i < sizeof(sorts) / sizeof(*sorts); i++) {
		const struct knowledge_filter filter = {.q = text, .sort = sorts[i]};
		struct page page = {.limit = 10};
		MUST(knowledge_list(arena, store, viewer, &filter, &page, list, &why));
		check_list(list);
	}
	struct page page = {.limit = 10};
	MUST(rooms_list(arena, store, viewer, &rooms, &page, list, &why));
	check_list(list);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct arena *arena = arena_new();
	if (!store)
		make_realm(arena);
	const char *text = arena_strndup(arena, (const char *)data, size);
	ssize_t points = memchr(data, '\0', size) ? -1 : utf8_count(text, size);
	if (points > 0) {
		const struct knowledge_change change = {.given = 1, .content = text};
		MUST(knowledge_update(arena, store, viewer, changing, &change, &why));
		if (points <= LONGEST_QUERY)
			search_for(arena, text);
	}
	arena_free(&arena);
	return 0;
}
