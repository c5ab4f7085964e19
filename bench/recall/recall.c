/*
 * The search for sources of a twin, with many texts: bench/recall DATABASE TEXTS [NUMBER].
 *
 * TEXTS has one text a line, for example the descriptions of packages. They become NUMBER messages
 * (100,000 by default) of 200 rooms that one user is in, in a new database. Then 1,000 questions
 * are asked, each with every second word of a text. Printed: the rates of posting and of indexing,
 * the time of a search, and how often the text is among the first ten.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include <sodium.h>

#include "base/arena.h"
#include "base/buf.h"
#include "base/clock.h"
#include "realm/indexing.h"
#include "realm/messages.h"
#include "realm/rooms.h"
#include "realm/sources.h"
#include "store/lead.h"
#include "store/queries.h"
#include "store/store.h"

#define ROOMS 200
#define QUESTIONS 1000
#define AT_ONCE 100 /* messages of a transaction */

struct bench {
	struct arena *arena;
	struct store *store;
	int64_t user;
	const char *rooms[ROOMS];
	const char **texts;
	int count, lines, done; /* texts that are wanted, that the file has, that are posted */
};

static void read_texts(struct bench *b, const char *path)
{
	FILE *file = fopen(path, "r");
	char line[4000];
	b->texts = arena_alloc(b->arena, (size_t)b->count * sizeof(*b->texts));
	while (file && b->lines < b->count && fgets(line, sizeof(line), file)) {
		line[strcspn(line, "\n")] = '\0';
		if (*line)
			b->texts[b->lines++] = arena_strdup(b->arena, line);
	}
	if (!file || b->lines == 0) {
		fprintf(stderr, "%s: no texts\n", path);
		exit(2);
	}
	fclose(file);
}

static int make_rooms(struct store *store, void *context, struct problem *why)
{
	struct bench *b = context;
	TRY(q_user_insert(store, "reader", "reader@example.org", "reader@example.org", "none", NULL,
			  NULL, "user", false, clock_now(), &b->user, why));
	for (int i = 0; i < ROOMS; i++) {
		struct room_new room = {.name = "Room", .max_participants = 50};
		TRY(room_create(b->arena, store, b->user, &room, &b->rooms[i], why));
	}
	return 0;
}

static int post_some(struct store *store, void *context, struct problem *why)
{
	struct bench *b = context;
	struct arena *arena = arena_new();
	int result = 0;
	for (int i = b->done; i < b->done + AT_ONCE && i < b->count && result == 0; i++) {
		struct message_posted posted;
		struct message_new message = {.content = b->texts[i % b->lines],
					      .message_type = "text"};
		result = message_post(arena, store, b->user, b->rooms[i / 10 % ROOMS], &message,
				      &posted, why);
	}
	arena_free(&arena);
	return result;
}

/* As the maintenance does: a search in a WAL of everything would be slower. */
static int checkpoint(const char *path, struct problem *why)
{
	struct leader *leader;
	struct checkpoint done;
	TRY(store_lead(path, 1000, &leader, why));
	int moved = leader_checkpoint(leader, &done, why);
	store_resign(&leader);
	return moved;
}

static int fill(struct bench *b, struct problem *why)
{
	TRY(store_write(b->store, make_rooms, b, why));
	int64_t began = clock_monotonic();
	for (; b->done < b->count; b->done += AT_ONCE)
		TRY(store_write_unsynced(b->store, post_some, b, why));
	int64_t posted = clock_monotonic();
	int indexed;
	do
		TRY(indexed = index_text(b->store, why));
	while (indexed > 0);
	int64_t end = clock_monotonic();
	printf("%d messages: %.0f posted a second, %.0f indexed a second\n", b->count,
	       b->count * 1e6 / (double)(posted - began), b->count * 1e6 / (double)(end - posted));
	return 0;
}

/* Every second word. */
static const char *question_of(struct arena *arena, const char *text)
{
	struct buf *question = buf_in(arena);
	for (int word = 0; *text; word++) {
		size_t bytes = strcspn(text, " ");
		if (word % 2 == 0) {
			buf_add(question, text, bytes);
			buf_putc(question, ' ');
		}
		text += bytes;
		text += strspn(text, " ");
	}
	return buf_text(question);
}

static int by_time(const void *one, const void *other)
{
	const int64_t *a = one, *b = other;
	return (*a > *b) - (*a < *b);
}

/* Of this process, so that others on the machine do not count. */
static int64_t cpu_time(void)
{
	struct timespec now;
	clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &now);
	return now.tv_sec * CLOCK_SECOND + now.tv_nsec / 1000;
}

static int ask(struct bench *b, struct problem *why)
{
	static int64_t times[QUESTIONS];
	struct audience audience = {.to = ANSWER_TO_OWNER, .owner = b->user};
	int found = 0;
	for (int i = 0; i < QUESTIONS; i++) {
		struct arena *arena = arena_new();
		const char *text = b->texts[(int64_t)i * 7919 % b->lines];
		struct source *sources;
		size_t count;
		int64_t began = cpu_time();
		TRY(sources_find(arena, b->store, &audience, question_of(arena, text), NULL, NULL,
				 10, &sources, &count, why));
		times[i] = cpu_time() - began;
		for (size_t s = 0; s < count; s++)
			if (strcmp(sources[s].content, text) == 0) {
				found++;
				break;
			}
		arena_free(&arena);
	}
	qsort(times, QUESTIONS, sizeof(*times), by_time);
	printf("search: median %.2f ms of CPU, p99 %.2f ms; recall@10 %.1f %%\n",
	       (double)times[QUESTIONS / 2] / 1000, (double)times[QUESTIONS * 99 / 100] / 1000,
	       100.0 * found / QUESTIONS);
	return 0;
}

int main(int argc, char **argv)
{
	struct bench b = {.count = argc > 3 ? atoi(argv[3]) : 100000};
	struct problem why = {0};
	if (argc < 3 || b.count < 1 || sodium_init() < 0) {
		fprintf(stderr, "usage: recall DATABASE TEXTS [NUMBER]\n");
		return 2;
	}
	b.arena = arena_new();
	read_texts(&b, argv[2]);
	int result = store_open(argv[1], STORE_MIGRATE, 1000, &b.store, &why);
	if (result == 0)
		result = fill(&b, &why);
	if (result == 0)
		result = checkpoint(argv[1], &why);
	if (result >= 0)
		result = ask(&b, &why);
	if (result < 0)
		fprintf(stderr, "%s %s\n", why.detail, why.cause);
	store_close(&b.store);
	arena_free(&b.arena);
	return result < 0;
}
