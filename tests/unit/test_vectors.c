/* realm/vectors, vector_work and vector_search: vectors of texts, and the search in them. */
#include <math.h>
#include <stdlib.h>

#include "base/clock.h"
#include "base/vector.h"
#include "realm/changes.h"
#include "realm/memories.h"
#include "realm/messages.h"
#include "realm/settings.h"
#include "realm/sources.h"
#include "store/internal.h"
#include "store/queries.h"
#include "store/vectors.h"
#include "tests/unit/embedder.h"
#include "tests/unit/texts.h"

/* The program's clock is the one of the test. */
static int64_t now = 1700000000000000;
int64_t __wrap_clock_now(void);
int64_t __wrap_clock_now(void)
{
	return now += 1000;
}

/* --- searching -------------------------------------------------------------------------------- */

/* What the owner's twin finds by meaning alone: the contents, nearest first, with a comma between.
 */
static const char *nearest(struct fixture *f, int64_t owner, const char *question)
{
	struct audience audience = {.to = ANSWER_TO_OWNER, .owner = owner};
	struct buf *list = buf_in(f->arena);
	struct source *sources;
	size_t count;
	MUST(sources_find(f->arena, f->store, &audience, LEAVE_NEVER, "",
			  embed_question(f, question), NULL, 50, &sources, &count, &why));
	for (int rank = 1; rank <= (int)count; rank++)
		for (size_t i = 0; i < count; i++)
			if (sources[i].vector_rank == rank)
				buf_printf(list, rank > 1 ? ", %s" : "%s", sources[i].content);
	return buf_text(list);
}

static const char *embedded_and_nearest(struct fixture *f, int64_t owner, const char *question)
{
	struct settings settings = embedder_settings();
	index_all(f);
	embed_all(f, &settings, "small-1");
	return nearest(f, owner, question);
}

#define NEAREST(expected, owner, question)                                                         \
	assert_string_equal(embedded_and_nearest(f, owner, question), expected)

static void what_a_twin_has_said_has_no_vector(void **state)
{
	struct fixture *f = *state;
	struct settings settings = embedder_settings();
	const char *room = make_room(f, true, 0, 0);
	struct vectors_progress progress;
	post(f, f->ada, room, "green tea");
	post_by_twin(f, f->ada, room, "black tea");
	index_all(f);
	assert_int_equal(embed_all(f, &settings, "small-1"), 1);
	MUST(vectors_progress(f->arena, f->store, &progress, &why));
	assert_int_equal(progress.texts, 1);
	assert_int_equal(progress.waiting, 0);
	assert_string_equal(nearest(f, f->ben, "tea"), "green tea");
}

static void a_text_without_a_word_of_the_question_is_found_by_its_meaning(void **state)
{
	struct fixture *f = *state;
	share(f, f->ada, "public", "green tea");
	share(f, f->ada, "public", "a bicycle");
	NEAREST("a bicycle, green tea", f->ben, "a bicycle");
	NEAREST("green tea, a bicycle", f->ben, "green tea");
}

static void only_places_of_the_reader_are_searched(void **state)
{
	struct fixture *f = *state;
	post(f, f->ada, make_room(f, false, f->ben, 0), "key one");
	share(f, f->ada, "private", "key two");
	share(f, f->ada, "friends", "key three");
	ask(f, f->ada, f->cleo, 0, false, "key four");
	relate(f, f->ada, f->cleo, "friend");
	NEAREST("key one", f->ben, "key one");
	NEAREST("key three, key four", f->cleo, "key three");
	NEAREST("", f->dora, "key");
	relate(f, f->ada, f->ben, "blocked");
	NEAREST("", f->ben, "key one");
}

static void a_neighbour_counts_only_while_the_reader_may_see_it(void **state)
{
	struct fixture *f = *state;
	const char *room = make_room(f, true, f->ben, 0);
	post(f, f->ada, room, "stone one");
	post(f, f->ben, room, "the bicycle");
	post(f, f->ada, room, "paper two");
	post(f, f->ada, room, "lamp three");
	post(f, f->ada, room, "winter four");
	NEAREST("the bicycle, stone one, paper two, winter four, lamp three", f->cleo,
		"the bicycle");
	relate(f, f->cleo, f->ben, "blocked");
	const char *without = nearest(f, f->cleo, "the bicycle");
	assert_null(strstr(without, "bicycle"));
	struct fixture *other;
	fixture_setup((void **)&other);
	room = make_room(other, true, other->ben, 0);
	post(other, other->ada, room, "stone one");
	post(other, other->ben, room, "another text");
	post(other, other->ada, room, "paper two");
	post(other, other->ada, room, "lamp three");
	post(other, other->ada, room, "winter four");
	relate(other, other->cleo, other->ben, "blocked");
	assert_string_equal(embedded_and_nearest(other, other->cleo, "the bicycle"), without);
	fixture_teardown((void **)&other);
}

static void a_deleted_or_changed_text_has_no_vector(void **state)
{
	struct fixture *f = *state;
	const char *room = make_room(f, true, f->ben, 0), *gone = post(f, f->ada, room, "old key"),
		   *kept = post(f, f->ada, room, "new key");
	NEAREST("old key, new key", f->ben, "old key");
	change_message(f, f->ada, room, gone, NULL);
	change_message(f, f->ada, room, kept, "a lock");
	assert_string_equal(nearest(f, f->ben, "old key"), "");
	int rows;
	MUST(rows = q_vectors_drop(f->store, 1, 10, &why));
	assert_int_equal(rows, 0);
	NEAREST("a lock", f->ben, "old key");
}

/* The same by adding up and comparing all numbers. */
static const char *by_force(struct fixture *f, char texts[][40], int count, const char *question)
{
	struct buf *list = buf_in(f->arena);
	int8_t asked[DIMENSION], vector[DIMENSION];
	float scale = embed(question, asked), vectors[202][DIMENSION] = {{0}}, score[200];
	for (int i = 0; i < count; i++) {
		float length = embed(texts[i], vector);
		for (int n = 0; n < DIMENSION; n++)
			vectors[i + 1][n] = (float)vector[n] * length;
	}
	for (int i = 0; i < count; i++) {
		float product = 0, square = 0;
		for (int n = 0; n < DIMENSION; n++) {
			float sum = vectors[i + 1][n] + (vectors[i][n] + vectors[i + 2][n]) / 2;
			product += sum * (float)asked[n] * scale;
			square += sum * sum;
		}
		score[i] = product / sqrtf(square);
	}
	for (int rank = 1; rank <= 50; rank++) {
		int best = 0; /* of equal ones the newest */
		for (int i = 1; i < count; i++)
			if (score[i] > score[best] - 1e-6f)
				best = i;
		buf_printf(list, rank > 1 ? ", %s" : "%s", texts[best]);
		score[best] = -9;
	}
	return buf_text(list);
}

static void the_search_finds_what_comparing_with_all_texts_finds(void **state)
{
	static const char *const words[] = {"bread", "river", "lamp", "stone", "garden"};
	struct fixture *f = *state;
	static char texts[200][40];
	const char *room = make_room(f, true, 0, 0);
	srandom(7);
	for (int i = 0; i < 200; i++) { /* many are equal */
		sprintf(texts[i], "%s %s %s", words[random() % 5], words[random() % 5],
			words[random() % 5]);
		post(f, f->ada, room, texts[i]);
	}
	assert_string_equal(embedded_and_nearest(f, f->ben, "lamp river"),
			    by_force(f, texts, 200, "lamp river"));
}

/* --- kept products ---------------------------------------------------------------------------- */

#define HEADER 40 /* of an entry, and before there were products in it */
#define HEADER_UNLINKED 32

/* The same block without products gets the same ones. */
static void check_migration(sqlite3 *db, struct blob block, size_t count)
{
	static char old[100 * (HEADER_UNLINKED + DIMENSION)];
	size_t size = HEADER_UNLINKED + DIMENSION;
	sqlite3_stmt *statement;
	for (size_t i = 0; i < count; i++) {
		const char *entry = (const char *)block.bytes + i * (HEADER + DIMENSION);
		memcpy(old + i * size, entry, HEADER_UNLINKED);
		memcpy(old + i * size + HEADER_UNLINKED, entry + HEADER, DIMENSION);
	}
	sqlite3_prepare_v2(db, "SELECT vectors_linked(?, ?)", -1, &statement, NULL);
	sqlite3_bind_blob(statement, 1, old, (int)(count * size), SQLITE_STATIC);
	sqlite3_bind_int(statement, 2, DIMENSION);
	assert_int_equal(sqlite3_step(statement), SQLITE_ROW);
	assert_int_equal(sqlite3_column_bytes(statement, 0), (int)block.size);
	assert_memory_equal(sqlite3_column_blob(statement, 0), block.bytes, block.size);
	sqlite3_finalize(statement);
}

struct checking {
	sqlite3 *db;
	int entries, products;
};

static int check_block(struct blob block, void *context, struct problem *unused)
{
	struct checking *c = context;
	size_t count = vectors_count(block.size, DIMENSION);
	struct vector_entry entries[100];
	const int8_t *vectors[100];
	(void)unused;
	assert_in_range(count, 1, 100);
	for (size_t i = 0; i < count; i++) {
		struct vector_entry *e = &entries[i];
		vectors[i] = vectors_read(block.bytes, DIMENSION, i, e);
		bool before = i > 0 && vectors_are_neighbours(e - 1, e);
		bool second = before && i > 1 && vectors_are_neighbours(e - 2, e - 1);
		assert_int_equal(e->before,
				 before ? vector_dot_scalar(vectors[i - 1], vectors[i], DIMENSION)
					: 0);
		assert_int_equal(e->second,
				 second ? vector_dot_scalar(vectors[i - 2], vectors[i], DIMENSION)
					: 0);
		c->products += before + second;
	}
	c->entries += (int)count;
	check_migration(c->db, block, count);
	return 0;
}

static void each_entry_has_its_products_with_its_neighbours(void **state)
{
	struct fixture *f = *state;
	struct settings settings = embedder_settings();
	struct checking c = {.db = f->store->db};
	const char *room = make_room(f, true, f->ben, 0), *messages[150];
	for (int i = 0; i < 150; i++)
		messages[i] = post(f, f->ada, room, arena_printf(f->arena, "stone %d", i % 40));
	for (int i = 0; i < 20; i++)
		share(f, f->ada, "public", arena_printf(f->arena, "lamp %d", i));
	index_all(f);
	embed_all(f, &settings, "small-1");
	for (int i = 5; i < 150; i += 1 + i / 9)
		change_message(f, f->ada, room, messages[i], i % 2 ? NULL : "a lock");
	for (int place = 0; place < 10; place++)
		MUST(q_vectors_of_place(f->store, 1, place, check_block, &c, &why));
	assert_in_range(c.entries, 100, 165); /* the changed ones have no vector yet */
	index_all(f);
	embed_all(f, &settings, "small-1");
	for (int place = 0; place < 10; place++)
		MUST(q_vectors_of_place(f->store, 1, place, check_block, &c, &why));
	assert_in_range(c.products, 200, 1000);
}

/* --- embedding -------------------------------------------------------------------------------- */

static int64_t bytes_of_vectors(struct fixture *f, const char *columns)
{
	int64_t bytes;
	MUST(store_number(f->store, arena_printf(f->arena, "SELECT %s FROM text_vectors", columns),
			  &bytes, &why));
	return bytes;
}

/* So that SQLite writes it in place. */
static void a_row_of_vectors_grows_to_twice_its_size(void **state)
{
	static const int sizes[] = {1, 2, 4, 4, 8, 8, 8, 8, 16};
	struct fixture *f = *state;
	struct settings settings = embedder_settings();
	const char *room = make_room(f, true, 0, 0);
	int64_t entry = 0;
	for (int i = 0; i < 9; i++) {
		post(f, f->ada, room, "green tea");
		index_all(f);
		assert_int_equal(embed_all(f, &settings, "small-1"), 1);
		if (i == 0)
			entry = bytes_of_vectors(f, "length(vectors)");
		assert_int_equal(bytes_of_vectors(f, "length(vectors)"), (i + 1) * entry);
		assert_int_equal(bytes_of_vectors(f, "length(vectors) + length(spare)"),
				 sizes[i] * entry);
	}
}

static void each_text_is_embedded_once(void **state)
{
	struct fixture *f = *state;
	struct settings settings = embedder_settings();
	for (int i = 0; i < 40; i++)
		share(f, f->ada, "private", arena_printf(f->arena, "note %d", i));
	ask(f, f->ada, f->ben, 0, false, "a question in two places");
	index_all(f);
	assert_int_equal(embed_all(f, &settings, "small-1"), 41);
	now += 2 * 3600 * CLOCK_SECOND; /* all are looked at again */
	share(f, f->ada, "public", "one more");
	index_all(f);
	assert_int_equal(embed_all(f, &settings, "small-1"), 1);
}

static void two_processes_never_have_the_same_texts(void **state)
{
	struct fixture *f = *state;
	struct settings settings = embedder_settings();
	share(f, f->ada, "public", "a key");
	index_all(f);
	struct vector_batch first = claim(f, &settings, 1);
	assert_int_equal(first.count, 1);
	assert_int_equal(claim(f, &settings, 2).count, 0);
	now += 60 * CLOCK_SECOND; /* the first is lost */
	struct vector_batch second = claim(f, &settings, 2);
	assert_int_equal(second.count, 1);
	answer_batch(f, &settings, &first, "small-1"); /* too late */
	assert_string_equal(nearest(f, f->ben, "a key"), "");
	answer_batch(f, &settings, &second, "small-1");
	assert_string_equal(nearest(f, f->ben, "a key"), "a key");
}

static void a_text_that_changed_meanwhile_is_embedded_again(void **state)
{
	struct fixture *f = *state;
	struct settings settings = embedder_settings();
	const char *room = make_room(f, true, 0, 0), *id = post(f, f->ada, room, "old key");
	index_all(f);
	struct vector_batch batch = claim(f, &settings, 1);
	change_message(f, f->ada, room, id, "new key");
	index_all(f); /* the new text has the id of the old one */
	answer_batch(f, &settings, &batch, "small-1");
	assert_string_equal(nearest(f, f->ben, "key"), "");
	assert_int_equal(embed_all(f, &settings, "small-1"), 1);
	assert_string_equal(nearest(f, f->ben, "key"), "new key");
}

static void what_may_not_be_sent_is_in_no_batch(void **state)
{
	struct fixture *f = *state;
	struct settings settings = embedder_settings();
	struct memory_change change = {.given = 1 << 4, .local_only = true};
	int64_t id = remember(f, f->ada, "public", "my local key");
	MUST(memory_update(f->store, f->ada, id, &change, &why));
	share(f, f->ben, "private", "ben's key");
	index_all(f);
	struct vector_batch batch;
	bool more = true;
	int found = 0;
	while (more)
		MUST(found = vector_work_claim(f->arena, f->store, &settings, 1, LEAVE_OWN, &batch,
					       &more, &why));
	assert_int_equal(found, 0);
	now += 2 * 3600 * CLOCK_SECOND;
	assert_int_equal(embed_all(f, &settings, "small-1"), 1);
	assert_string_equal(nearest(f, f->ada, "key"), "");
	assert_string_equal(nearest(f, f->ben, "key"), "ben's key");
}

static void a_changed_model_serves_when_it_has_embedded_all(void **state)
{
	struct fixture *f = *state;
	struct settings settings = embedder_settings();
	for (int i = 0; i < 70; i++)
		share(f, f->ada, "public", arena_printf(f->arena, "key %d", i));
	index_all(f);
	assert_int_equal(embed_all(f, &settings, "small-1"), 70);
	int64_t old = embed_question(f, "key")->model;
	share(f, f->ada, "public", "a new key");
	index_all(f);
	struct vector_batch batch = claim(f, &settings, 1);
	assert_true(answer_batch(f, &settings, &batch, "small-2"));
	assert_int_equal(claim(f, &settings, 1).count, 0); /* a pause */
	now += 60 * CLOCK_SECOND;
	for (int i = 0; i < 2; i++) {
		batch = claim(f, &settings, 1);
		assert_int_equal(batch.count, 32);
		answer_batch(f, &settings, &batch, "small-2");
		assert_int_equal(embed_question(f, "key")->model, old);
		assert_memory_equal(nearest(f, f->ben, "key 7"), "key 7, ", 7);
	}
	assert_int_equal(embed_all(f, &settings, "small-2"), 6);
	assert_true(embed_question(f, "key")->model > old);
	assert_memory_equal(nearest(f, f->ben, "key 7"), "key 7, ", 7);
	int rows;
	MUST(rows = q_vectors_drop(f->store, old, 10, &why));
	assert_int_equal(rows, 0);
}

static void an_answer_of_another_model_is_no_vector_of_a_question(void **state)
{
	struct fixture *f = *state;
	struct vector_model model;
	int is_good;
	share(f, f->ada, "public", "key");
	embedded_and_nearest(f, f->ada, "key");
	MUST(vectors_model(f->arena, f->store, &model, &why));
	assert_null(model.name);
	MUST(is_good = vectors_check(f->store, &model, "query-1", DIMENSION, &why));
	assert_int_equal(is_good, 1);
	MUST(vectors_model(f->arena, f->store, &model, &why));
	MUST(is_good = vectors_check(f->store, &model, "query-2", DIMENSION, &why));
	assert_int_equal(is_good, 0);
	MUST(is_good = vectors_check(f->store, &model, "query-1", DIMENSION + 1, &why));
	assert_int_equal(is_good, 0);
}

/* --- costs ------------------------------------------------------------------------------------ */

static void embedding_leaves_half_of_the_realms_tokens(void **state)
{
	struct fixture *f = *state;
	struct settings settings = embedder_settings();
	struct q_spend_of_day spent;
	settings.tokens_per_day = 100;
	for (int i = 0; i < 40; i++)
		share(f, f->ada, "public", "a text of thirty letters, or so");
	index_all(f);
	assert_int_equal(claim(f, &settings, 1).count, 0);
	MUST(q_spend_of_day(f->store, now / CLOCK_DAY, 0, 0, &spent, &why));
	assert_int_equal(spent.realm, 0);
	settings.tokens_per_day = 4000;
	now += 61 * CLOCK_SECOND;
	struct vector_batch batch = claim(f, &settings, 1);
	assert_int_equal(batch.count, 32);
	MUST(q_spend_of_day(f->store, now / CLOCK_DAY, f->ada, f->ada, &spent, &why));
	assert_int_equal(spent.realm, 32 * (31 + 8));
	assert_int_equal(spent.twin, spent.realm);
	answer_batch(f, &settings, &batch, "small-1");
	MUST(q_spend_of_day(f->store, now / CLOCK_DAY, f->ada, f->ada, &spent, &why));
	assert_int_equal(spent.realm, 32);
}

static void an_author_with_a_spent_ceiling_does_not_keep_others_waiting(void **state)
{
	struct fixture *f = *state;
	struct settings settings = embedder_settings();
	settings.tokens_per_asker = 200;
	for (int i = 0; i < 40; i++)
		share(f, f->ada, "public", "ada writes very much");
	share(f, f->ben, "public", "ben's key");
	index_all(f);
	assert_int_equal(embed_all(f, &settings, "small-1"), 1);
	assert_string_equal(nearest(f, f->cleo, "key"), "ben's key");
}

static void a_failed_batch_waits_and_is_settled(void **state)
{
	struct fixture *f = *state;
	struct settings settings = embedder_settings();
	struct q_spend_of_day spent;
	share(f, f->ada, "public", "a key");
	index_all(f);
	struct vector_batch batch = claim(f, &settings, 1);
	MUST(vector_work_give_up(f->store, &batch, VECTORS_NOT_CHARGED, &why));
	MUST(q_spend_of_day(f->store, now / CLOCK_DAY, 0, 0, &spent, &why));
	assert_int_equal(spent.realm, 0);
	assert_int_equal(claim(f, &settings, 1).count, 0);
	now += 61 * CLOCK_SECOND;
	batch = claim(f, &settings, 1);
	MUST(vector_work_give_up(f->store, &batch, VECTORS_CHARGED, &why));
	MUST(q_spend_of_day(f->store, now / CLOCK_DAY, 0, 0, &spent, &why));
	assert_int_equal(spent.realm, 5 + 8);
	now += 61 * CLOCK_SECOND;
	assert_int_equal(embed_all(f, &settings, "small-1"), 1);
}

static void a_text_that_cannot_be_embedded_does_not_stop_others(void **state)
{
	struct fixture *f = *state;
	struct settings settings = embedder_settings();
	share(f, f->ada, "public", "first");
	index_all(f);
	embed_all(f, &settings, "small-1");
	share(f, f->ada, "public", "poison");
	share(f, f->ada, "public", "a key");
	index_all(f);
	for (int i = 0; i < 2; i++) {
		struct vector_batch batch = claim(f, &settings, 1);
		assert_string_equal(batch.texts[0].content, "poison");
		assert_int_equal(batch.count, i == 0 ? 2 : 1);
		MUST(vector_work_give_up(f->store, &batch, VECTORS_REJECTED, &why));
		now += 61 * CLOCK_SECOND;
	}
	assert_int_equal(embed_all(f, &settings, "small-1"), 1);
	assert_string_equal(nearest(f, f->ben, "a key"), "a key, first");
	now += 2 * 3600 * CLOCK_SECOND;
	assert_int_equal(embed_all(f, &settings, "small-1"), 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		IN_REALM(what_a_twin_has_said_has_no_vector),
		IN_REALM(a_text_without_a_word_of_the_question_is_found_by_its_meaning),
		IN_REALM(only_places_of_the_reader_are_searched),
		IN_REALM(a_neighbour_counts_only_while_the_reader_may_see_it),
		IN_REALM(a_deleted_or_changed_text_has_no_vector),
		IN_REALM(the_search_finds_what_comparing_with_all_texts_finds),
		IN_REALM(each_entry_has_its_products_with_its_neighbours),
		IN_REALM(a_row_of_vectors_grows_to_twice_its_size),
		IN_REALM(each_text_is_embedded_once),
		IN_REALM(two_processes_never_have_the_same_texts),
		IN_REALM(a_text_that_changed_meanwhile_is_embedded_again),
		IN_REALM(what_may_not_be_sent_is_in_no_batch),
		IN_REALM(a_changed_model_serves_when_it_has_embedded_all),
		IN_REALM(an_answer_of_another_model_is_no_vector_of_a_question),
		IN_REALM(embedding_leaves_half_of_the_realms_tokens),
		IN_REALM(an_author_with_a_spent_ceiling_does_not_keep_others_waiting),
		IN_REALM(a_failed_batch_waits_and_is_settled),
		IN_REALM(a_text_that_cannot_be_embedded_does_not_stop_others),
	};
	return cmocka_run_group_tests_name("vectors", tests, NULL, NULL);
}
