/* realm/projection: what other stores may hold, and how far they are. */
#include "realm/knowledge.h"
#include "realm/memories.h"
#include "realm/projection.h"
#include "realm/settings.h"
#include "realm/vectors.h"
#include "store/queries.h"
#include "tests/unit/embedder.h"
#include "tests/unit/texts.h"

#define VECTORS (1u << PROJECTED_KNOWLEDGE_VECTOR | 1u << PROJECTED_MEMORY_VECTOR)

static void embed_texts(struct fixture *f)
{
	struct settings settings = embedder_settings();
	index_all(f);
	embed_all(f, &settings, "small-1");
}

/* The next changes: "k" or "m", the id, and "-" when the store may not hold the vector. */
static const char *changes(struct fixture *f, int64_t *upto, size_t most, enum leaving leaving)
{
	struct projection_batch batch;
	struct vector_model model = {0};
	struct buf *list = buf_in(f->arena);
	MUST(vectors_model(f->arena, f->store, &model, &why));
	MUST(projection_read(f->arena, f->store, VECTORS, *upto, most, &batch, &why));
	assert_int_equal(batch.since, *upto);
	for (size_t i = 0; i < batch.count; i++) {
		struct projected_vector vector;
		int has;
		MUST(has = projected_vector(f->arena, f->store, model.id, model.dimension,
					    &batch.rows[i], leaving, &vector, &why));
		buf_printf(list, "%s%s%lld%s", i ? " " : "",
			   batch.rows[i].kind == PROJECTED_MEMORY_VECTOR ? "m" : "k",
			   (long long)batch.rows[i].id, has ? "" : "-");
	}
	*upto = batch.upto;
	return buf_text(list);
}

#define CHANGES(expected, upto) assert_string_equal(changes(f, upto, 100, LEAVE_ALL), expected)

static void remove_knowledge(struct fixture *f, int64_t id)
{
	MUST(knowledge_delete(f->arena, f->store, f->ada, id, &why));
}

static void public_knowledge_and_memories_are_projected_once_they_have_vectors(void **state)
{
	struct fixture *f = *state;
	int64_t upto = 0;
	share(f, f->ada, "public", "green tea");
	share(f, f->ada, "private", "a secret");
	share(f, f->ada, "friends", "for friends");
	remember(f, f->ada, "private", "a memory");
	post(f, f->ada, make_room(f, true, f->ben, 0), "a message");
	index_all(f);
	CHANGES("", &upto);
	embed_texts(f);
	CHANGES("k1 m1", &upto);
	CHANGES("", &upto);
}

static void a_change_comes_after_those_that_a_store_has(void **state)
{
	struct fixture *f = *state;
	int64_t upto = 0;
	struct knowledge_change edit = {.content = "black tea", .given = 1};
	int64_t one = share(f, f->ada, "public", "green tea"),
		two = share(f, f->ada, "public", "white tea");
	embed_texts(f);
	CHANGES("k1 k2", &upto);
	MUST(knowledge_update(f->arena, f->store, f->ada, one, &edit, &why));
	CHANGES("k1-", &upto);
	embed_texts(f);
	CHANGES("k1", &upto);
	remove_knowledge(f, two);
	CHANGES("k2-", &upto);
	int64_t nothing = 0;
	CHANGES("k1 k2-", &nothing);
}

static void a_batch_is_bounded_and_sorted(void **state)
{
	struct fixture *f = *state;
	int64_t upto = 0;
	for (int i = 0; i < 3; i++) {
		remember(f, f->ada, "private", arena_printf(f->arena, "memory %d", i));
		share(f, f->ada, "public", arena_printf(f->arena, "knowledge %d", i));
	}
	CHANGES("", &upto);
	embed_texts(f);
	const char *first = changes(f, &upto, 4, LEAVE_ALL),
		   *rest = changes(f, &upto, 4, LEAVE_ALL);
	assert_int_equal(strlen(first) + strlen(rest), strlen("k1 k2 k3 m1 m2 m3") - 1);
	assert_true(strchr(first, 'k') < strchr(first, 'm'));
}

static void what_may_not_leave_is_not_held(void **state)
{
	struct fixture *f = *state;
	int64_t upto = 0, memory = remember(f, f->ada, "private", "my key");
	struct memory_change local = {.local_only = 1, .given = 1 << 4};
	share(f, f->ada, "public", "a key");
	remember(f, f->ada, "public", "our key");
	embed_texts(f);
	assert_string_equal(changes(f, &upto, 100, LEAVE_PUBLIC), "k1 m1- m2");
	upto = 0;
	assert_string_equal(changes(f, &upto, 100, LEAVE_OWN), "k1 m1 m2");
	MUST(memory_update(f->store, f->ada, memory, &local, &why));
	CHANGES("m1-", &upto);
}

static void rows_of_what_is_gone_stay_until_all_stores_know_it(void **state)
{
	struct fixture *f = *state;
	int pruned;
	int64_t upto = 0;
	remove_knowledge(f, share(f, f->ada, "public", "never embedded"));
	MUST(pruned = q_projected_prune(f->store, 10, &why));
	assert_int_equal(pruned, 1); /* the knowledge itself: there is no store */
	int64_t gone = share(f, f->ada, "public", "green tea");
	embed_texts(f);
	MUST(sync_claim(f->store, "one", 1, 100, &why));
	MUST(sync_claim(f->store, "two", 1, 100, &why));
	remove_knowledge(f, gone);
	CHANGES("k2-", &upto);
	MUST(sync_advance(f->store, "one", 1, 1, upto, &why));
	MUST(pruned = q_projected_prune(f->store, 10, &why));
	assert_int_equal(pruned, 0);
	MUST(sync_advance(f->store, "two", 1, 1, upto, &why));
	MUST(pruned = q_projected_prune(f->store, 10, &why));
	assert_int_equal(pruned, 2); /* the knowledge and its vector */
	share(f, f->ada, "public", "black tea");
	embed_texts(f);
	CHANGES("k3", &upto); /* the number of a pruned row does not come again */
}

static void one_process_writes_to_a_store(void **state)
{
	struct fixture *f = *state;
	int mine;
	MUST(mine = sync_claim(f->store, "one", 1, INT64_MAX, &why));
	assert_int_equal(mine, 1);
	MUST(mine = sync_claim(f->store, "one", 2, INT64_MAX, &why));
	assert_int_equal(mine, 0);
	MUST(mine = sync_advance(f->store, "one", 2, 1, 5, &why));
	assert_int_equal(mine, 0);
	MUST(sync_release(f->store, 1, &why));
	MUST(mine = sync_claim(f->store, "one", 2, 100, &why)); /* a lease that is over */
	assert_int_equal(mine, 1);
	MUST(mine = sync_claim(f->store, "one", 1, INT64_MAX, &why));
	assert_int_equal(mine, 1);
}

static void a_new_round_has_another_marker_and_ends_the_old_one(void **state)
{
	struct fixture *f = *state;
	struct sync_position before, after;
	int done;
	MUST(done = sync_refill(f->store, "one", &why));
	assert_int_equal(done, 0);
	MUST(sync_claim(f->store, "one", 1, INT64_MAX, &why));
	MUST(sync_advance(f->store, "one", 1, 1, 5, &why));
	MUST(sync_position(f->arena, f->store, "one", &before, &why));
	MUST(done = sync_refill(f->store, "one", &why));
	assert_int_equal(done, 1);
	MUST(sync_position(f->arena, f->store, "one", &after, &why));
	assert_string_not_equal(before.marker, after.marker);
	assert_int_equal(before.upto, 5);
	assert_int_equal(after.upto, 0);
	MUST(done = sync_advance(f->store, "one", 1, before.round, 6, &why));
	assert_int_equal(done, 0);
}

static void a_store_that_fails_is_not_current(void **state)
{
	struct fixture *f = *state;
	int current;
	MUST(current = sync_is_current(f->store, "one", VECTORS, &why));
	assert_int_equal(current, 0);
	MUST(sync_claim(f->store, "one", 1, INT64_MAX, &why));
	MUST(current = sync_is_current(f->store, "one", VECTORS, &why));
	assert_int_equal(current, 1);
	MUST(sync_fail(f->store, "one", 1, "It is broken", &why));
	MUST(current = sync_is_current(f->store, "one", VECTORS, &why));
	assert_int_equal(current, 0);
	MUST(sync_advance(f->store, "one", 1, 1, 0, &why));
	share(f, f->ada, "public", "green tea");
	embed_texts(f);
	MUST(current = sync_is_current(f->store, "one", VECTORS, &why));
	assert_int_equal(current, 0);
}

/* The next changes of the graph, as JSON; "-" for what the store may not hold. */
static const char *graph_changes(struct fixture *f, unsigned kinds, int64_t *upto)
{
	struct projection_batch batch;
	struct buf *list = buf_in(f->arena);
	MUST(projection_read(f->arena, f->store, kinds, *upto, 100, &batch, &why));
	for (size_t i = 0; i < batch.count; i++) {
		const char *json;
		MUST(projected_graph(f->arena, f->store, &batch.rows[i], &json, &why));
		buf_printf(list, "%s%s", i ? " " : "", json ? json : "-");
	}
	*upto = batch.upto;
	return buf_text(list);
}

static void put_relationship(struct fixture *f, const char *type, double strength)
{
	bool is_new;
	MUST(q_relationship_put(f->store, f->ada, f->ben, type, strength, 1, "[]", NULL, &is_new,
				&why));
}

static void the_graph_has_numbers_alone_and_no_block(void **state)
{
	struct fixture *f = *state;
	const unsigned users = 1u << PROJECTED_USER, knows = 1u << PROJECTED_KNOWS,
		       knowledge = 1u << PROJECTED_KNOWLEDGE;
	int64_t upto = 0, none = 0;
	put_relationship(f, "friend", 0.83);
	int64_t shared = share(f, f->ada, "public", "green tea");
	share(f, f->ada, "private", "a secret");
	assert_non_null(
		strstr(graph_changes(f, users, &none), "{\"id\":1,\"active\":true,\"open\":1}"));
	none = 0;
	assert_string_equal(graph_changes(f, knowledge, &none),
			    "{\"id\":1,\"creator\":1,\"tags\":[]}");
	assert_string_equal(graph_changes(f, knows, &upto),
			    "{\"id\":1,\"other\":2,\"friend\":true,\"strength\":0.8}");
	put_relationship(f, "blocked", 0.83);
	remove_knowledge(f, shared);
	assert_string_equal(graph_changes(f, knows | knowledge, &upto), "- -");
}

/* --- what `aeonctl check` expects of the graph is what it holds --- */

static const char *held(struct fixture *f, enum projected_kind kind, int64_t id, int64_t other)
{
	const struct projected row = {kind, id, other};
	const char *json;
	MUST(projected_graph(f->arena, f->store, &row, &json, &why));
	return json ? "held" : "-";
}

static int add_expected(const struct q_check_graph *row, void *context, struct problem *why)
{
	(void)why;
	buf_printf(context, "%lld/%lld ", (long long)row->id, (long long)row->other);
	return 0;
}

/* Users, relationships, knowledge, and tags of knowledge. */
static const char *expected(struct fixture *f)
{
	struct buf *list = buf_in(f->arena);
	for (int part = 0; part < 4; part++) {
		MUST(q_check_graph(f->store, part, add_expected, list, &why));
		buf_puts(list, "| ");
	}
	return buf_text(list);
}

static void tag_knowledge(struct fixture *f)
{
	run_sql(f, "INSERT INTO tags (id, name) VALUES (7, 'tea');"
		   "INSERT INTO knowledge_tags SELECT id, 7, 0, 0 FROM shared_knowledge");
}

static void only_public_knowledge_and_no_block_is_expected(void **state)
{
	struct fixture *f = *state;
	int64_t hidden = share(f, f->ada, "friends", "a secret");
	int64_t shown = share(f, f->ada, "public", "green tea");
	relate(f, f->ada, f->ben, "friend");
	relate(f, f->ada, f->cleo, "blocked");
	tag_knowledge(f);
	assert_string_equal(expected(f), "1/0 2/0 3/0 4/0 | 1/2 | 2/0 | 2/7 | ");
	assert_string_equal(held(f, PROJECTED_KNOWLEDGE, hidden, 0), "-");
	assert_string_equal(held(f, PROJECTED_KNOWLEDGE, shown, 0), "held");
}

/* Erasing a user deletes the user's rows step by step. */
static void nothing_of_an_erased_user_is_held_or_expected(void **state)
{
	struct fixture *f = *state;
	int64_t shared = share(f, f->ada, "public", "green tea");
	relate(f, f->ada, f->ben, "friend");
	relate(f, f->ben, f->ada, "friend");
	tag_knowledge(f);
	assert_string_equal(expected(f), "1/0 2/0 3/0 4/0 | 1/2 2/1 | 1/0 | 1/7 | ");
	run_sql(f, "UPDATE users SET is_active = 0, erased_at = 1 WHERE id = %d", (int)f->ada);
	assert_string_equal(expected(f), "2/0 3/0 4/0 | | | | ");
	assert_string_equal(held(f, PROJECTED_USER, f->ada, 0), "-");
	assert_string_equal(held(f, PROJECTED_KNOWS, f->ada, f->ben), "-");
	assert_string_equal(held(f, PROJECTED_KNOWS, f->ben, f->ada), "-");
	assert_string_equal(held(f, PROJECTED_KNOWLEDGE, shared, 0), "-");
}

static void a_message_writes_nothing_for_the_graph(void **state)
{
	struct fixture *f = *state;
	int64_t upto = 0;
	int is_current;
	put_relationship(f, "friend", 0.83);
	graph_changes(f, ~0u, &upto);
	MUST(q_relationship_nudge(f->store, f->ada, f->ben, 2, &why)); /* to 0.84 */
	MUST(is_current = projection_is_current(f->store, ~0u, upto, &why));
	assert_int_equal(is_current, 1);
	put_relationship(f, "friend", 0.3);
	MUST(is_current = projection_is_current(f->store, ~0u, upto, &why));
	assert_int_equal(is_current, 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		IN_REALM(public_knowledge_and_memories_are_projected_once_they_have_vectors),
		IN_REALM(a_change_comes_after_those_that_a_store_has),
		IN_REALM(a_batch_is_bounded_and_sorted),
		IN_REALM(what_may_not_leave_is_not_held),
		IN_REALM(rows_of_what_is_gone_stay_until_all_stores_know_it),
		IN_REALM(one_process_writes_to_a_store),
		IN_REALM(a_new_round_has_another_marker_and_ends_the_old_one),
		IN_REALM(a_store_that_fails_is_not_current),
		IN_REALM(the_graph_has_numbers_alone_and_no_block),
		IN_REALM(only_public_knowledge_and_no_block_is_expected),
		IN_REALM(nothing_of_an_erased_user_is_held_or_expected),
		IN_REALM(a_message_writes_nothing_for_the_graph),
	};
	return cmocka_run_group_tests_name("projection", tests, NULL, NULL);
}
