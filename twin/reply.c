/* Replies of a model: see reply.h. */
#include "twin/reply.h"

#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "base/buf.h"
#include "base/utf8.h"
#include "store/queries.h"

#define LAST 3 /* answers that a reply must not repeat */

/* The length of a mark such as [2] for one of the sources, or 0. */
static size_t mark_at(const char *text, size_t sources, size_t *index_r)
{
	char *end;
	if (text[0] != '[' || text[1] < '1' || text[1] > '9')
		return 0;
	unsigned long number = strtoul(text + 1, &end, 10);
	if (*end != ']' || number > sources)
		return 0;
	*index_r = number - 1;
	return (size_t)(end + 1 - text);
}

/* The text without its marks, each with the space before it. */
static const char *without_marks(struct arena *arena, const char *text, struct answer *answer)
{
	struct buf *out = buf_in(arena);
	buf_puts(out, "");
	while (*text) {
		size_t index, bytes = mark_at(text, answer->source_count, &index);
		if (bytes == 0) {
			buf_putc(out, *text++);
			continue;
		}
		answer->cited[index] = true;
		text += bytes;
		if (out->len > 0 && out->data[out->len - 1] == ' ')
			out->data[--out->len] = '\0';
	}
	return out->data;
}

static const char *trimmed(struct arena *arena, const char *text)
{
	static const char space[] = " \t\r\n";
	text += strspn(text, space);
	size_t bytes = strlen(text);
	while (bytes > 0 && strchr(space, text[bytes - 1]))
		bytes--;
	return arena_strndup(arena, text, bytes);
}

/* The words of another twin carry the name of their author, even if the model leaves it out. */
static const char *attributed(struct arena *arena, const char *text, const struct answer *answer)
{
	for (size_t i = 0; i < answer->source_count; i++) {
		const char *author = answer->sources[i].author_name;
		if (answer->cited[i] && answer->sources[i].told_by && !strstr(text, author))
			text = arena_printf(arena, "%s (%s)", text, author);
	}
	return text;
}

struct comparison {
	const char *text;
	bool is_equal;
};

static int compare(const char *last, void *context, struct problem *why)
{
	struct comparison *c = context;
	(void)why;
	c->is_equal |= strcmp(last, c->text) == 0;
	return 0;
}

int reply_read(struct arena *arena, struct store *store, const struct llm_answer *reply,
	       struct answer *answer, const char **reason_r, struct problem *why)
{
	const char *text = utf8_compose(arena, arena_strndup(arena, reply->text, reply->bytes));
	text = attributed(arena, trimmed(arena, without_marks(arena, text, answer)), answer);
	struct comparison c = {.text = text};
	*reason_r = NULL;
	answer->text = text;
	if (!utf8_is_visible(text))
		*reason_r = "empty";
	else if (reply->finish == FINISH_LENGTH || utf8_count(text, strlen(text)) > ANSWER_MAX)
		*reason_r = "reply_too_long";
	else if (utf8_has_controls(text))
		*reason_r = "not_text";
	if (*reason_r)
		return 0;
	TRY(q_twin_last_answers(store, answer->turn.twin_id, LAST, compare, &c, why));
	if (c.is_equal)
		*reason_r = "repeated";
	return !c.is_equal;
}
