/* Facts: see facts.h. */
#include "realm/facts.h"

#include <string.h>

#include "base/arena.h"
#include "base/buf.h"
#include "base/fields.h"
#include "base/json_in.h"
#include "base/utf8.h"
#include "realm/sentences.h"

#define ANSWER_BYTES 65536 /* of an answer that are read */
#define ANSWER_VALUES 1000 /* JSON values of an answer: some for each item */

struct item {
	const char *fact, *quote;
};

static const struct field item_rows[] = {
	FIELD(struct item, fact, TEXT, .required = true, .min = 1, .max = FACT_MOST),
	FIELD(struct item, quote, TEXT, .required = true, .min = FACT_LEAST, .max = FACT_MOST),
};
static const struct fields item_fields = FIELDS(struct item, item_rows);

/* The array from its bracket to the last `end`, and what closes it then; NULL: that is none. */
static const json_t *read_items(struct arena *arena, const char *begin, size_t bytes, char end,
				const char *closing)
{
	struct buf *faults = buf_in(arena), *object = buf_in(arena);
	while (bytes > 0 && begin[bytes - 1] != end)
		bytes--;
	buf_puts(object, "{\"facts\":");
	buf_add(object, begin, bytes);
	buf_puts(object, closing);
	const json_t *json = json_in_most(arena, object->data, object->len, ANSWER_VALUES, faults);
	return json ? json_object_get(json, "facts") : NULL;
}

/* An answer that was cut has its whole items. */
static const json_t *find_items(struct arena *arena, const char *answer, size_t bytes)
{
	const char *begin = bytes <= ANSWER_BYTES ? memchr(answer, '[', bytes) : NULL;
	if (!begin)
		return NULL;
	bytes -= (size_t)(begin - answer);
	const json_t *items = read_items(arena, begin, bytes, ']', "}");
	return items ? items : read_items(arena, begin, bytes, '}', "]}");
}

/* --- the sentence around a quote -------------------------------------------------------------- */

/* Whether the line begins with '>': these are words of somebody else. */
static bool is_in_quoted_line(const char *text, const char *at)
{
	while (at > text && at[-1] != '\n')
		at--;
	return at[strspn(at, " \t")] == '>';
}

/* Whether a quotation is open at `end`: every second mark ends one, in each of these styles. */
static bool is_in_quotation(const char *text, const char *end)
{
	static const char *const marks[] = {"\"", "“", "”", "„", "«", "»", "「", "」", "『", "』"};
	bool open = false;
	for (const char *at = text; at < end; at++)
		for (size_t i = 0; i < sizeof(marks) / sizeof(*marks); i++)
			open ^= strncmp(at, marks[i], strlen(marks[i])) == 0;
	return open;
}

/* Whether the author of the text says it. The words in a quotation are somebody else's. */
static bool is_the_authors(const char *text, const char *begin, size_t bytes)
{
	return !is_in_quoted_line(text, begin) && !is_in_quotation(text, begin) &&
	       !is_in_quotation(text, begin + bytes);
}

/* The sentences of the text from the one where `at` begins to the one where it ends. */
static const char *sentences_around(struct arena *arena, const char *text, const char *at,
				    size_t bytes)
{
	const char *begin = text, *end = text;
	bool asks = false, any_asks = false;
	while (end < at + bytes) {
		if (end <= at)
			begin = end, any_asks = false;
		end += sentence_bytes(end, &asks);
		any_asks |= asks;
	}
	begin += strspn(begin, " \t\r\n");
	size_t length = begin < end ? sentence_trimmed(begin, (size_t)(end - begin)) : 0;
	ssize_t points = utf8_count(begin, length);
	if (any_asks || points < FACT_LEAST || points > FACT_MOST ||
	    !is_the_authors(text, begin, length))
		return NULL;
	return arena_strndup(arena, begin, length);
}

/* The first place of the quote counts. */
static const char *content_of(struct arena *arena, const char *text, const char *quote)
{
	const char *at = strstr(text, quote);
	const char *content = at ? sentences_around(arena, text, at, strlen(quote)) : NULL;
	return content && strstr(content, quote) ? content : NULL; /* it may begin with a space */
}

bool fact_stands(struct arena *arena, const char *text, const char *content)
{
	const char *now = content_of(arena, text, content);
	return now && strcmp(now, content) == 0;
}

/* --- reading ---------------------------------------------------------------------------------- */

static bool is_known(const struct fact *facts, size_t count, const struct fact *fact)
{
	size_t same = 0;
	for (size_t i = 0; i < count; i++) {
		if (facts[i].text != fact->text)
			continue;
		if (strcmp(facts[i].content, fact->content) == 0)
			return true;
		same++;
	}
	return same >= FACTS_OF_TEXT;
}

static bool place(struct arena *arena, const char *const *texts, size_t count,
		  const struct item *item, struct fact *fact_r)
{
	*fact_r = (struct fact){.fact = item->fact, .quote = item->quote};
	for (size_t i = 0; i < count && !fact_r->content; i++) {
		fact_r->text = i;
		fact_r->content = content_of(arena, texts[i], item->quote);
	}
	return fact_r->content != NULL;
}

size_t facts_read(struct arena *arena, const char *const *texts, size_t count, const char *answer,
		  size_t bytes, struct fact *facts, size_t most, size_t *offered_r)
{
	const json_t *items = find_items(arena, answer, bytes);
	size_t found = 0;
	*offered_r = json_array_size(items);
	if (*offered_r > FACTS_IN_ANSWER)
		*offered_r = FACTS_IN_ANSWER;
	for (size_t i = 0; i < *offered_r && found < most; i++) {
		struct buf *faults = buf_in(arena);
		struct item item;
		const json_t *json = json_array_get(items, i);
		if (!json_is_object(json))
			continue;
		fields_from_json(arena, &item_fields, json, "body", &item, NULL, faults);
		if (faults->len == 0 && place(arena, texts, count, &item, &facts[found]) &&
		    !is_known(facts, found, &facts[found]))
			found++;
	}
	return found;
}
