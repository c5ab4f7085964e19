/* realm/leaving: what a provider on another machine may get. */
#include "realm/leaving.h"
#include "realm/memories.h"
#include "realm/settings.h"
#include "store/queries.h"
#include "tests/unit/texts.h"

/* For each enum leaving whether the text may leave for the twin of `owner`, as "public own all". */
static const char *leaves(struct fixture *f, int64_t owner, enum source_kind kind, const char *id)
{
	static const char *const shown[] = {"+++", "-++", "--+", "---"};
	enum leaving leaving;
	MUST(text_leaving(f->store, owner, kind, id, &leaving, &why));
	return shown[leaving];
}

static const char *number(struct fixture *f, int64_t id)
{
	return arena_printf(f->arena, "%lld", (long long)id);
}

#define LEAVES(expected, owner, kind, id)                                                          \
	assert_string_equal(leaves(f, owner, SOURCE_##kind, id), expected)

static void what_all_users_may_read_may_leave(void **state)
{
	struct fixture *f = *state;
	LEAVES("+++", f->ben, MESSAGE, post(f, f->ada, make_room(f, true, 0, 0), "key"));
	LEAVES("+++", f->ben, KNOWLEDGE, number(f, share(f, f->ada, "public", "key")));
	LEAVES("+++", f->ben, QUESTION, number(f, ask(f, f->ada, f->cleo, 0, true, "key?")));
	LEAVES("+++", f->ada, MEMORY, number(f, remember(f, f->ada, "public", "key")));
}

static void own_private_words_leave_only_for_the_own_twin(void **state)
{
	struct fixture *f = *state;
	const char *message = post(f, f->ada, make_room(f, false, f->ben, 0), "key"),
		   *note = number(f, share(f, f->ada, "friends", "key")),
		   *memory = number(f, remember(f, f->ada, "private", "key"));
	int64_t asked = ask(f, f->ada, f->ben, 0, false, "key?");
	answer(f, f->ben, asked, "no key");
	LEAVES("-++", f->ada, MESSAGE, message);
	LEAVES("--+", f->ben, MESSAGE, message);
	LEAVES("-++", f->ada, KNOWLEDGE, note);
	LEAVES("--+", f->ben, KNOWLEDGE, note);
	LEAVES("-++", f->ada, MEMORY, memory);
	LEAVES("-++", f->ada, QUESTION, number(f, asked));
	LEAVES("--+", f->ada, RESPONSE, number(f, asked));
	LEAVES("-++", f->ben, RESPONSE, number(f, asked));
}

static void a_local_memory_never_leaves(void **state)
{
	struct fixture *f = *state;
	int64_t id = remember(f, f->ada, "public", "key");
	struct memory_change change = {.given = 1 << 4, .local_only = true};
	MUST(memory_update(f->store, f->ada, id, &change, &why));
	LEAVES("---", f->ada, MEMORY, number(f, id));
}

static void what_is_not_there_may_not_leave(void **state)
{
	struct fixture *f = *state;
	LEAVES("---", f->ada, MEMORY, "7");
	LEAVES("---", f->ada, MESSAGE, "7");
}

static void nothing_is_kept_from_a_provider_on_this_machine_but_local_memories(void **state)
{
	const struct settings settings = {.twin_texts = LEAVE_PUBLIC};
	(void)state;
	assert_int_equal(leaving_to(&settings, false), LEAVE_PUBLIC);
	assert_int_equal(leaving_to(&settings, true), LEAVE_ALL);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		IN_REALM(what_all_users_may_read_may_leave),
		IN_REALM(own_private_words_leave_only_for_the_own_twin),
		IN_REALM(a_local_memory_never_leaves),
		IN_REALM(what_is_not_there_may_not_leave),
		cmocka_unit_test(
			nothing_is_kept_from_a_provider_on_this_machine_but_local_memories),
	};
	return cmocka_run_group_tests_name("leaving", tests, NULL, NULL);
}
