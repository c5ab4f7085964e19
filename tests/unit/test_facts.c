/* realm/facts: what is read from a model's answer about the texts of a user. */
#include "realm/facts.h"
#include "tests/unit/test.h"

/* The contents of the facts that an answer has about the texts, each in brackets. */
static const char *read_of(struct fixture *f, const char *const *texts, size_t count,
			   const char *answer)
{
	struct fact facts[20];
	struct buf *list = buf_in(f->arena);
	size_t offered, found = facts_read(f->arena, texts, count, answer, strlen(answer), facts,
					   20, &offered);
	for (size_t i = 0; i < found; i++)
		buf_printf(list, "%zu[%s]", facts[i].text, facts[i].content);
	return buf_text(list);
}

static const char *read_one(struct fixture *f, const char *text, const char *answer)
{
	return read_of(f, &text, 1, answer);
}

#define FACT(fact, quote) "{\"fact\":\"" fact "\",\"quote\":\"" quote "\"}"
#define READS(expected, text, answer) assert_string_equal(read_one(f, text, answer), expected)

static void the_array_is_found_in_any_wrapping(void **state)
{
	struct fixture *f = *state;
	const char *home = "I live in Kassel.";
	const char *item = FACT("I live in Kassel", "live in Kassel");
	READS("0[I live in Kassel.]", home, arena_printf(f->arena, "[%s]", item));
	READS("0[I live in Kassel.]", home, arena_printf(f->arena, "{\"facts\":[%s]}", item));
	READS("0[I live in Kassel.]", home,
	      arena_printf(f->arena, "Here you are:\n```json\n[%s]\n```\nDone.", item));
	READS("", home, "{\"facts\":[]}");
	/* It was cut. */
	READS("0[I live in Kassel.]", home,
	      arena_printf(f->arena, "{\"facts\":[%s,{\"fact\":\"I ow", item));
}

static void what_is_not_as_it_must_be_is_left_out(void **state)
{
	struct fixture *f = *state;
	const char *home = "I live in Kassel.";
	static const char *const answers[] = {
		"",
		"[",
		"]",
		"][",
		"null",
		"[[[[[[[[[[[[[[[[[[[[[[]]]]]]]]]]]]]]]]]]]]]]",
		"[1,\"x\",null,{}]",
		"[{\"fact\":1,\"quote\":\"I live in Kassel\"}]",
		"[{\"fact\":\"I live\",\"quote\":[\"I live in Kassel\"]}]",
		"[{\"quote\":\"I live in Kassel\"}]",
		"[" FACT("I live in Kassel", "") "]",
		"[" FACT("", "I live in Kassel") "]",
		"[" FACT("I", "I") "]",
		"[" FACT("I live in Kassel", "live in\\u0000 Kassel") "]",
		"[" FACT("I live in Kassel", "live in \\ud800Kassel") "]",
	};
	for (size_t i = 0; i < sizeof(answers) / sizeof(*answers); i++)
		READS("", home, answers[i]);
	READS("0[I live in Kassel.]", home, "[7," FACT("I live in Kassel", "in Kassel") ",{}]");
}

static void a_quote_must_stand_literally_in_a_text(void **state)
{
	struct fixture *f = *state;
	const char *texts[] = {"My cat is called Mia.", "I live in Kassel, near the Fulda."};
	assert_string_equal(read_of(f, texts, 2, "[" FACT("x", "near the Fulda") "]"),
			    "1[I live in Kassel, near the Fulda.]");
	assert_string_equal(read_of(f, texts, 2, "[" FACT("x", "near the fulda") "]"), "");
	assert_string_equal(read_of(f, texts, 2, "[" FACT("x", "live at Kassel") "]"), "");
	assert_string_equal(read_of(f, texts, 2, "[" FACT("x", "called Mia. I live") "]"), "");
	/* The text is stored in NFC, and the quote is compared so. */
	READS("0[Ich wohne in Köln.]", "Ich wohne in K\xc3\xb6ln.",
	      "[" FACT("x", "in Ko\\u0308ln") "]");
}

static void the_whole_sentence_is_kept(void **state)
{
	struct fixture *f = *state;
	READS("0[It is not true that I live in Kassel.]",
	      "Hello! It is not true that I live in Kassel. Bye.",
	      "[" FACT("x", "I live in Kassel") "]");
	READS("0[I like tea. I like cake.]", "Hello! I like tea. I like cake. Bye.",
	      "[" FACT("x", "tea. I like") "]");
	READS("0[版本 3.5 很好。]", "你好。版本 3.5 很好。再见。", "[" FACT("x", "3.5 很好") "]");
	READS("", "Do I live in Kassel?", "[" FACT("x", "I live in Kassel") "]");
	READS("", "> Ben wrote. I live in Kassel.\nNo.", "[" FACT("x", "I live in Kassel") "]");
	READS("0[I live in Kassel.]", "> Where?\nI live in Kassel.",
	      "[" FACT("x", "I live in Kassel") "]");
	char *longer = arena_alloc(f->arena, 700);
	memset(longer, 'a', 699), longer[699] = '\0';
	memcpy(longer, "I live in Kassel", 16);
	READS("", longer, "[" FACT("x", "I live in Kassel") "]");
}

static void what_the_text_quotes_of_others_is_no_fact(void **state)
{
	struct fixture *f = *state;
	const char *answer = "[" FACT("x", "I hate tea") "]";
	READS("", "Ben said: \"I live in Rome. I hate tea.\"", answer);
	READS("", "“I live in Rome. I hate tea.” That is what Ben said.", answer);
	READS("", "„I live in Rome. I hate tea. Bye.“", answer);
	READS("", "\"I hate tea.\" (Ben)", answer);
	READS("", "「I live. I hate tea. Bye」", answer);
	READS("0[“I hate tea”, said Ben.]", "“I hate tea”, said Ben.", answer);
	READS("0[I hate tea.]", "My cat is «Mia». I hate tea.", answer);
	READS("0[I hate tea.]", "I hate tea. Ben said “Good.”", answer);
}

static void an_answer_gives_few_facts(void **state)
{
	struct fixture *f = *state;
	struct buf *text = buf_in(f->arena), *answer = buf_in(f->arena);
	buf_putc(answer, '[');
	for (int i = 0; i < 30; i++) {
		buf_printf(text, "I own book %d.\n", 100 + i);
		buf_printf(answer, "%s" FACT("x", "book %d") "," FACT("x", "own book %d"),
			   i ? "," : "", 100 + i, 100 + i);
	}
	buf_putc(answer, ']');
	assert_string_equal(read_one(f, buf_text(text), buf_text(answer)),
			    "0[I own book 100.]0[I own book 101.]0[I own book 102.]"
			    "0[I own book 103.]0[I own book 104.]");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		IN_REALM(the_array_is_found_in_any_wrapping),
		IN_REALM(what_is_not_as_it_must_be_is_left_out),
		IN_REALM(a_quote_must_stand_literally_in_a_text),
		IN_REALM(the_whole_sentence_is_kept),
		IN_REALM(what_the_text_quotes_of_others_is_no_fact),
		IN_REALM(an_answer_gives_few_facts),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
