/*
 * The search for sources of a twin, with many texts: recall DATABASE TEXTS [OPTION...].
 *
 * TEXTS has one text a line, for example the descriptions of packages. They become messages of 200
 * rooms that one user is in, or public knowledge, in a new database. One that has texts already is
 * only asked again. Options:
 *
 *	--number N	how many messages (100,000); the lines are repeated
 *	--knowledge	public knowledge instead, one piece for each line
 *	--questions FILE	a question a line, for the text of the same line; without it 1,000
 *			questions are asked, each with every second word of a text
 *	--vectors FILE	384 numbers (float, of this machine) of each text, then of each question;
 *			without it each word has a random vector
 *	--public N	so many more rooms, which are public, with one message each
 *	--ask N		how many questions (1,000, or all of the file)
 *	--beside FILE	asks sqlite-vec, too: FILE is its vec0.so. Its table has all vectors in
 *			one place, without neighbours
 *
 * Printed: the rates of posting, indexing and keeping vectors, the time of a search (the
 * questions are asked three times, and of each the middle time counts), and how often the text is
 * among the first ten: by words alone, by vectors alone, and by both.
 */
#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include <sodium.h>

#include "base/arena.h"
#include "base/buf.h"
#include "base/clock.h"
#include "base/vector.h"
#include "bench/recall/beside.h"
#include "realm/indexing.h"
#include "realm/knowledge.h"
#include "realm/messages.h"
#include "realm/rooms.h"
#include "realm/settings.h"
#include "realm/sources.h"
#include "realm/vector_work.h"
#include "realm/vectors.h"
#include "store/lead.h"
#include "store/queries.h"
#include "store/store.h"
#include "tests/unit/words.h"

#define ROOMS 200
#define QUESTIONS 1000 /* without a file */
#define ROUNDS 3       /* of all questions: of each, the middle time counts */
#define MOST 100000    /* lines of a file */
#define AT_ONCE 100    /* messages of a transaction */
#define DIMENSION 384
#define LINE 8000
#define NEAREST 50 /* that a search by vectors gives */

struct bench {
	struct arena *arena;
	struct store *store;
	int64_t user;
	const char *rooms[ROOMS];
	const char **texts, **questions;
	int count, lines, done; /* texts that are wanted, that the file has, that are posted */
	int public_rooms;
	bool is_knowledge;
	int asked; /* questions that the file has; 0: there is no file */
	int questions_most;
	const float *vectors;  /* of the texts, then of the questions; NULL: random ones */
	struct beside *beside; /* or NULL */
};

/* Reads at most `most` lines. */
static const char **read_lines(struct arena *arena, const char *path, int most, int *count_r)
{
	static char line[LINE];
	FILE *file = fopen(path, "r");
	const char **lines = arena_alloc(arena, (size_t)most * sizeof(*lines));
	*count_r = 0;
	while (file && *count_r < most && fgets(line, sizeof(line), file)) {
		line[strcspn(line, "\n")] = '\0';
		if (*line)
			lines[(*count_r)++] = arena_strdup(arena, line);
	}
	if (!file || *count_r == 0) {
		fprintf(stderr, "%s: no texts\n", path);
		exit(2);
	}
	fclose(file);
	return lines;
}

static void read_vectors(struct bench *b, const char *path)
{
	size_t count = (size_t)(b->lines + b->asked) * DIMENSION;
	float *vectors = arena_alloc(b->arena, count * sizeof(*vectors));
	FILE *file = fopen(path, "rb");
	if (!file || fread(vectors, sizeof(*vectors), count, file) != count) {
		fprintf(stderr, "%s: not %zu numbers\n", path, count);
		exit(2);
	}
	fclose(file);
	b->vectors = vectors;
}

/* Of the text or question with that number; returns its scale. */
static float vector_of(const struct bench *b, int number, const char *text, int8_t to[DIMENSION])
{
	float random[DIMENSION] = {0};
	if (b->vectors)
		return vector_quantise(b->vectors + (size_t)number * DIMENSION, DIMENSION, to);
	words_add(text, random, DIMENSION);
	return vector_quantise(random, DIMENSION, to);
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

static int post_in(struct arena *arena, struct store *store, const struct bench *b,
		   const char *room, const char *text, struct problem *why)
{
	struct message_posted posted;
	struct message_new message = {.content = text, .message_type = "text"};
	return message_post(arena, store, b->user, room, &message, &posted, why);
}

static int post_one(const struct bench *b, struct arena *arena, struct store *store, int number,
		    struct problem *why)
{
	const char *text = b->texts[number % b->lines];
	struct knowledge_new piece = {
		.content = text, .knowledge_type = "note", .visibility = "public"};
	int64_t id;
	if (b->is_knowledge)
		return knowledge_create(arena, store, b->user, &piece, &id, why);
	return post_in(arena, store, b, b->rooms[number / 10 % ROOMS], text, why);
}

static int post_some(struct store *store, void *context, struct problem *why)
{
	struct bench *b = context;
	struct arena *arena = arena_new();
	int result = 0;
	for (int i = b->done; i < b->done + AT_ONCE && i < b->count && result == 0; i++)
		result = post_one(b, arena, store, i, why);
	arena_free(&arena);
	return result;
}

static int make_public_rooms(struct store *store, void *context, struct problem *why)
{
	struct bench *b = context;
	struct arena *arena = arena_new();
	int result = 0;
	for (int i = 0; i < b->public_rooms && result == 0; i++) {
		struct room_new room = {
			.name = "Public", .is_public = true, .max_participants = 50};
		const char *id;
		result = room_create(arena, store, b->user, &room, &id, why);
		if (result == 0)
			result = post_in(arena, store, b, id, "A welcome to each user here.", why);
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
	int result = leader_checkpoint(leader, &done, why);
	if (result > 0)
		result = leader_empty_log(leader, why);
	store_resign(&leader);
	return result;
}

/* The messages repeat the lines in order, so the number of a text says its line. */
static int embed_batch(struct bench *b, const struct settings *settings,
		       const struct vector_batch *batch, struct problem *why)
{
	static int8_t vectors[VECTORS_BATCH][DIMENSION];
	float scales[VECTORS_BATCH];
	bool is_changed;
	for (size_t i = 0; i < batch->count; i++)
		scales[i] = vector_of(b, (int)(batch->texts[i].id - 1) % b->lines,
				      batch->texts[i].content, vectors[i]);
	const struct vector_answer answer = {
		.model = "bench", .dimension = DIMENSION, .vectors = vectors[0], .scales = scales};
	return vector_work_keep(b->store, settings, batch, &answer, &is_changed, why);
}

static int embed_all(struct bench *b, struct problem *why)
{
	const struct settings settings = {.tokens_per_day = INT64_MAX / 2,
					  .tokens_per_twin = INT64_MAX / 2,
					  .tokens_per_asker = INT64_MAX / 2,
					  .openai_embedding_model = "bench",
					  .openai_embedding_query_model = "",
					  .openai_embedding_passage_prefix = "",
					  .openai_embedding_query_prefix = ""};
	bool more = true;
	while (more) {
		struct arena *arena = arena_new();
		struct vector_batch batch;
		int found = vector_work_claim(arena, b->store, &settings, 1, LEAVE_ALL, &batch,
					      &more, why);
		if (found > 0)
			found = embed_batch(b, &settings, &batch, why);
		arena_free(&arena);
		TRY(found);
	}
	return 0;
}

static int fill(struct bench *b, struct problem *why)
{
	int64_t newest;
	b->user = 1;
	TRY(q_texts_newest(b->store, &newest, why));
	if (newest > 0)
		return 0;
	TRY(store_write(b->store, make_rooms, b, why));
	int64_t began = clock_monotonic();
	for (; b->done < b->count; b->done += AT_ONCE)
		TRY(store_write_unsynced(b->store, post_some, b, why));
	int64_t posted = clock_monotonic(), embedded;
	int indexed;
	TRY(store_write_unsynced(b->store, make_public_rooms, b, why));
	do
		TRY(indexed = index_text(b->store, why));
	while (indexed > 0);
	int64_t end = clock_monotonic();
	TRY(embed_all(b, why));
	embedded = clock_monotonic();
	printf("%d messages: %.0f posted a second, %.0f indexed a second, %.0f vectors kept a "
	       "second\n",
	       b->count, b->count * 1e6 / (double)(posted - began),
	       b->count * 1e6 / (double)(end - posted), b->count * 1e6 / (double)(embedded - end));
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

/* The ways to search. */
static const struct {
	const char *name;
	bool words, vectors;
} ways[] = {
	{"words", true, false},
	{"vectors", false, true},
	{"words and vectors", true, true},
};

/* Whether the text is among the first ten. */
static int ask(struct bench *b, int way, int number, int64_t *time_r, bool *found_r,
	       struct problem *why)
{
	struct audience audience = {.to = ANSWER_TO_OWNER, .owner = b->user};
	struct arena *arena = arena_new();
	int line = b->asked ? number : (int)((int64_t)number * 7919 % b->lines);
	const char *text = b->texts[line],
		   *question = b->asked ? b->questions[line] : question_of(arena, text);
	struct vector_model model;
	int8_t numbers[DIMENSION];
	struct source *sources;
	size_t count;
	TRY(vectors_model(arena, b->store, &model, why));
	const struct query_vector vector = {model.id, DIMENSION, numbers,
					    vector_of(b, b->lines + line, question, numbers)};
	int64_t began = cpu_time();
	TRY(sources_find(arena, b->store, &audience, LEAVE_NEVER, ways[way].words ? question : "",
			 ways[way].vectors ? &vector : NULL, NULL, 10, &sources, &count, why));
	*time_r = cpu_time() - began;
	*found_r = false;
	for (size_t s = 0; s < count; s++)
		*found_r |= strcmp(sources[s].content, text) == 0;
	arena_free(&arena);
	return 0;
}

/* The same question to sqlite-vec: the time. */
static int64_t ask_beside(const struct bench *b, int number)
{
	struct arena *arena = arena_new();
	int line = b->asked ? number : (int)((int64_t)number * 7919 % b->lines);
	int8_t numbers[DIMENSION];
	vector_of(b, b->lines + line,
		  b->asked ? b->questions[line] : question_of(arena, b->texts[line]), numbers);
	int64_t began = cpu_time();
	beside_ask(b->beside, numbers, NEAREST);
	arena_free(&arena);
	return cpu_time() - began;
}

/* Of each question the middle time, because interruptions of the machine make single ones longer.
 */
static void show(const char *name, int64_t times[][ROUNDS], int count)
{
	static int64_t middles[MOST];
	for (int i = 0; i < count; i++) {
		qsort(times[i], ROUNDS, sizeof(*times[i]), by_time);
		middles[i] = times[i][ROUNDS / 2];
	}
	qsort(middles, (size_t)count, sizeof(*middles), by_time);
	printf("%s: median %.2f ms of CPU, p99 %.2f ms", name, (double)middles[count / 2] / 1000,
	       (double)middles[count * 99 / 100] / 1000);
}

static int ask_all(struct bench *b, int way, struct problem *why)
{
	static int64_t times[MOST][ROUNDS], beside[MOST][ROUNDS];
	int found = 0, count = b->asked ? b->asked : QUESTIONS;
	if (count > b->questions_most)
		count = b->questions_most;
	bool is_compared = b->beside && ways[way].vectors && !ways[way].words;
	for (int i = 0; i < count * ROUNDS; i++) {
		int question = i % count, round = i / count;
		bool is_found;
		TRY(ask(b, way, question, &times[question][round], &is_found, why));
		found += is_found;
		if (is_compared)
			beside[question][round] = ask_beside(b, question);
	}
	show(ways[way].name, times, count);
	printf("; recall@10 %.1f %%\n", 100.0 * found / (count * ROUNDS));
	if (is_compared) {
		show("sqlite-vec, vectors alone", beside, count);
		putchar('\n');
	}
	return 0;
}

static void fill_beside(struct bench *b, const char *extension)
{
	int8_t numbers[DIMENSION];
	b->beside = beside_open(extension, DIMENSION);
	for (int i = 0; i < b->count; i++) {
		vector_of(b, i % b->lines, b->texts[i % b->lines], numbers);
		beside_add(b->beside, numbers);
	}
}

/* The options; -1: they are wrong. */
static int read_options(struct bench *b, int argc, char **argv)
{
	static const struct option known[] = {{"number", required_argument, NULL, 'n'},
					      {"knowledge", no_argument, NULL, 'k'},
					      {"questions", required_argument, NULL, 'q'},
					      {"vectors", required_argument, NULL, 'v'},
					      {"public", required_argument, NULL, 'p'},
					      {"beside", required_argument, NULL, 'b'},
					      {"ask", required_argument, NULL, 'a'},
					      {0}};
	const char *questions = NULL, *vectors = NULL, *beside = NULL;
	for (int option; (option = getopt_long(argc, argv, "", known, NULL)) != -1;) {
		b->is_knowledge |= option == 'k';
		if (option == 'n')
			b->count = atoi(optarg);
		else if (option == 'p')
			b->public_rooms = atoi(optarg);
		else if (option == 'q')
			questions = optarg;
		else if (option == 'v')
			vectors = optarg;
		else if (option == 'b')
			beside = optarg;
		else if (option == 'a')
			b->questions_most = atoi(optarg);
		else if (option != 'k')
			return -1;
	}
	if (argc - optind != 2 || b->count < 1 || b->questions_most < 1 || (vectors && !questions))
		return -1;
	b->texts = read_lines(b->arena, argv[optind + 1], MOST, &b->lines);
	if (b->is_knowledge)
		b->count = b->lines;
	if (questions)
		b->questions = read_lines(b->arena, questions, MOST, &b->asked);
	if (vectors)
		read_vectors(b, vectors);
	if (beside)
		fill_beside(b, beside);
	return 0;
}

int main(int argc, char **argv)
{
	struct bench b = {.count = 100000, .questions_most = MOST, .arena = arena_new()};
	struct problem why = {0};
	if (sodium_init() < 0 || read_options(&b, argc, argv) < 0) {
		fprintf(stderr, "usage: recall DATABASE TEXTS [OPTION...]\n");
		return 2;
	}
	int result = store_open(argv[optind], STORE_MIGRATE, 1000, &b.store, &why);
	if (result == 0)
		result = fill(&b, &why);
	store_close(&b.store); /* a connection maps the file as long as it is when it opens */
	if (result == 0)
		result = checkpoint(argv[optind], &why);
	if (result >= 0)
		result = store_open(argv[optind], STORE_MIGRATE, 1000, &b.store, &why);
	for (int way = 0; way < 3 && result >= 0; way++)
		result = ask_all(&b, way, &why);
	if (result < 0)
		fprintf(stderr, "%s %s\n", why.detail, why.cause);
	store_close(&b.store);
	if (b.beside)
		beside_close(&b.beside);
	arena_free(&b.arena);
	return result < 0;
}
