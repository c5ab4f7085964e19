/*
 * Fuzzes the reading of a provider's answers.
 *
 * The first byte says how many bytes come at once. The rest is read as a stream and as a whole, as
 * an embedder's answer, and as the reason for a refusal. An answer in pieces must be read as the
 * same answer at once, and each text that comes of it must be valid and within its bound.
 */
#include <math.h>
#include <string.h>

#include "base/arena.h"
#include "base/utf8.h"
#include "base/vector.h"
#include "provider/completion.h"
#include "provider/dialect.h"
#include "provider/embedding.h"
#include "tests/fuzz/fuzz.h"

static void add_delta(void *context, const char *text, size_t bytes)
{
	HOLDS(bytes > 0 && utf8_count(text, bytes) > 0);
	buf_add(context, text, bytes);
}

static void check_completion(const struct completion *completion, const struct buf *deltas)
{
	const struct usage *usage = &completion->usage;
	HOLDS(completion->text.len <= COMPLETION_MOST_TEXT);
	HOLDS(utf8_count(buf_text(&completion->text), completion->text.len) >= 0);
	HOLDS(utf8_count(completion->model, strlen(completion->model)) >= 0);
	HOLDS(strcmp(buf_text(deltas), buf_text(&completion->text)) == 0);
	HOLDS(usage->prompt >= 0 && usage->prompt <= COMPLETION_MOST_TOKENS);
	HOLDS(usage->completion >= 0 && usage->completion <= COMPLETION_MOST_TOKENS);
	HOLDS(!usage->is_plausible || (usage->prompt > 0 && usage->completion > 0));
}

/* Reads the answer in pieces. The text is the caller's. */
static enum failure_code read_pieces(const char *type, const char *bytes, size_t count,
				     size_t piece, struct buf *text_r)
{
	struct completion completion;
	struct buf deltas = {0};
	enum failure_code code = FAILURE_NONE;
	completion_init(&completion, add_delta, &deltas);
	for (size_t at = 0; at < count && code == FAILURE_NONE; at += piece)
		code = completion_receive(&completion, type, bytes + at,
					  at + piece < count ? piece : count - at);
	if (code == FAILURE_NONE)
		code = completion_receive(&completion, type, NULL, 0);
	check_completion(&completion, &deltas);
	HOLDS(code != FAILURE_NONE || completion.text.len > 0);
	buf_puts(text_r, buf_text(&completion.text));
	completion_free(&completion);
	buf_free(&deltas);
	return code;
}

static void try_completion(const char *type, const char *bytes, size_t count, size_t piece)
{
	struct buf at_once = {0}, in_pieces = {0};
	enum failure_code code = read_pieces(type, bytes, count, count, &at_once);
	HOLDS(read_pieces(type, bytes, count, piece, &in_pieces) == code);
	HOLDS(strcmp(buf_text(&at_once), buf_text(&in_pieces)) == 0);
	buf_free(&at_once);
	buf_free(&in_pieces);
}

static void try_embedding(struct arena *arena, const char *bytes, size_t count)
{
	struct embedding embedding;
	const char *detail;
	for (size_t texts = 1; texts <= 3; texts++) {
		enum failure_code code =
			embedding_read(arena, bytes, count, texts, &embedding, &detail);
		HOLDS((code == FAILURE_NONE) == (detail == NULL));
		if (code != FAILURE_NONE)
			continue;
		HOLDS(embedding.dimension > 0 && embedding.dimension <= VECTOR_MOST);
		for (size_t i = 0; i < texts; i++) {
			const int8_t *vector = embedding.vectors + i * embedding.dimension;
			float scale = embedding.scales[i];
			float length = (float)vector_dot(vector, vector, embedding.dimension) *
				       scale * scale;
			HOLDS(fabsf(length - 1) < 1e-3f);
		}
	}
}

static void try_failure(const char *bytes, size_t count, int status)
{
	struct failure failure = {0};
	struct dialect dialect = {0};
	failure_read(&failure, status, bytes, count, "key");
	HOLDS(failure.code != FAILURE_NONE && failure.detail[0]);
	HOLDS(utf8_count(failure.quote, strlen(failure.quote)) >= 0);
	HOLDS(!strstr(failure.quote, "key"));
	/* Each parameter is left out once, so a server cannot make requests for ever. */
	for (int i = 0; i < 5; i++)
		HOLDS(!dialect_learn(&dialect, &failure) || i < 4);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	if (size == 0)
		return 0;
	struct arena *arena = arena_new();
	const char *bytes = (const char *)data + 1;
	size_t count = size - 1, piece = (size_t)data[0] + 1;
	try_completion("text/event-stream", bytes, count, piece);
	try_completion("application/json; charset=utf-8", bytes, count, piece);
	try_embedding(arena, bytes, count);
	try_failure(bytes, count, 300 + data[0]);
	arena_free(&arena);
	return 0;
}
