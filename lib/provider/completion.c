/* Reads the answer of a language model: see completion.h. */
#include "provider/completion.h"

#include <jansson.h>
#include <string.h>
#include <strings.h>

#include "base/arena.h"
#include "base/json_in.h"
#include "base/utf8.h"

enum answer_type { TYPE_NOT_SEEN, TYPE_STREAM, TYPE_WHOLE };

void completion_init(struct completion *completion,
		     void (*delta)(void *context, const char *text, size_t bytes), void *context)
{
	*completion =
		(struct completion){.delta = delta, .context = context, .scratch = arena_new()};
}

void completion_free(struct completion *completion)
{
	buf_free(&completion->text);
	buf_free(&completion->body);
	sse_free(&completion->sse);
	arena_free(&completion->scratch);
}

/* A number of tokens. Sets `is_plausible` to false for what is no number above 0. */
static int64_t read_tokens(const json_t *usage, const char *name, bool *is_plausible)
{
	const json_t *json = json_object_get(usage, name);
	int64_t tokens = json_integer_value(json); /* 0 for anything else */
	if (tokens < 1 || tokens > COMPLETION_MOST_TOKENS)
		*is_plausible = false;
	return tokens < 0 ? 0 : tokens > COMPLETION_MOST_TOKENS ? COMPLETION_MOST_TOKENS : tokens;
}

void usage_read(struct usage *usage, const json_t *json, bool has_completion)
{
	if (!json_is_object(json))
		return;
	usage->is_plausible = true;
	usage->prompt = read_tokens(json, "prompt_tokens", &usage->is_plausible);
	if (has_completion)
		usage->completion = read_tokens(json, "completion_tokens", &usage->is_plausible);
}

void model_read(char model[COMPLETION_MODEL], const json_t *json)
{
	const char *name = json_string_value(json_object_get(json, "model"));
	size_t bytes = name ? strlen(name) : 0;
	if (bytes == 0 || bytes >= COMPLETION_MODEL)
		return;
	for (size_t i = 0; i < bytes; i++)
		if ((unsigned char)name[i] < ' ' || name[i] == 0x7f)
			return;
	memcpy(model, name, bytes + 1);
}

static enum completion_finish read_finish(const char *reason)
{
	static const struct {
		const char *reason;
		enum completion_finish finish;
	} reasons[] = {{"stop", FINISH_STOP},
		       {"length", FINISH_LENGTH},
		       {"content_filter", FINISH_FILTER}};
	for (size_t i = 0; i < sizeof(reasons) / sizeof(*reasons); i++)
		if (strcmp(reason, reasons[i].reason) == 0)
			return reasons[i].finish;
	return FINISH_UNKNOWN;
}

static enum failure_code add_text(struct completion *completion, const json_t *message)
{
	const json_t *content = json_object_get(message, "content");
	const json_t *refusal = json_object_get(message, "refusal");
	if (json_string_length(refusal) > 0)
		completion->is_refused = true;
	if (!content || json_is_null(content))
		return FAILURE_NONE;
	if (!json_is_string(content))
		return FAILURE_BAD_ANSWER;
	size_t bytes = json_string_length(content);
	if (completion->text.len + bytes > COMPLETION_MOST_TEXT)
		return FAILURE_TOO_BIG;
	buf_add(&completion->text, json_string_value(content), bytes);
	if (completion->delta && bytes)
		completion->delta(completion->context, json_string_value(content), bytes);
	return FAILURE_NONE;
}

/* Only one answer is asked for, so others are ignored. */
static enum failure_code read_choice(struct completion *completion, const json_t *choice,
				     const char *message_name)
{
	if (!choice || json_integer_value(json_object_get(choice, "index")) != 0)
		return FAILURE_NONE;
	const char *reason = json_string_value(json_object_get(choice, "finish_reason"));
	if (reason) {
		completion->finish = read_finish(reason);
		completion->is_finished = true;
	}
	const json_t *message = json_object_get(choice, message_name);
	if (!message || json_is_null(message))
		return FAILURE_NONE;
	return json_is_object(message) ? add_text(completion, message) : FAILURE_BAD_ANSWER;
}

/* An object of a stream without choices has the usage. */
static enum failure_code read_object(struct completion *completion, const char *bytes, size_t count,
				     const char *message_name, bool needs_choices)
{
	arena_reset(completion->scratch);
	json_t *json = json_in(completion->scratch, bytes, count, buf_in(completion->scratch));
	if (!json)
		return FAILURE_BAD_ANSWER;
	const json_t *error = json_object_get(json, "error");
	if (error && !json_is_null(error))
		return FAILURE_SERVER_ERROR;
	model_read(completion->model, json);
	usage_read(&completion->usage, json_object_get(json, "usage"), true);
	const json_t *choices = json_object_get(json, "choices");
	if (!json_is_array(choices) && (choices || needs_choices))
		return FAILURE_BAD_ANSWER;
	return read_choice(completion, json_array_get(choices, 0), message_name);
}

static bool read_event(void *context, const char *data, size_t bytes)
{
	struct completion *completion = context;
	if (bytes == 6 && memcmp(data, "[DONE]", 6) == 0)
		completion->is_done = completion->is_finished = true;
	else
		completion->failure = read_object(completion, data, bytes, "delta", false);
	return completion->failure == FAILURE_NONE && !completion->is_done;
}

/* What a call of the stream's reader means. */
static enum failure_code stream_result(const struct completion *completion, bool goes_on)
{
	if (completion->failure != FAILURE_NONE || completion->is_done || goes_on)
		return completion->failure;
	return FAILURE_TOO_BIG;
}

static bool has_type(const char *content_type, const char *type)
{
	size_t bytes = strlen(type);
	return strncasecmp(content_type, type, bytes) == 0 &&
	       (content_type[bytes] == '\0' || strchr("; ", content_type[bytes]));
}

static enum answer_type read_type(const char *content_type)
{
	if (has_type(content_type, "text/event-stream"))
		return TYPE_STREAM;
	return has_type(content_type, "application/json") ? TYPE_WHOLE : TYPE_NOT_SEEN;
}

static enum failure_code receive_part(struct completion *completion, const char *content_type,
				      const char *bytes, size_t count)
{
	if (completion->type == TYPE_NOT_SEEN)
		completion->type = (int)read_type(content_type);
	switch (completion->type) {
	case TYPE_STREAM:
		if (completion->is_done)
			return FAILURE_NONE;
		return stream_result(completion, sse_feed(&completion->sse, bytes, count,
							  read_event, completion));
	case TYPE_WHOLE:
		buf_add(&completion->body, bytes, count);
		return FAILURE_NONE;
	}
	return FAILURE_BAD_ANSWER;
}

static enum failure_code read_end(struct completion *completion)
{
	enum failure_code code = FAILURE_NONE;
	switch (completion->type) {
	case TYPE_STREAM:
		if (!completion->is_done)
			code = stream_result(completion,
					     sse_end(&completion->sse, read_event, completion));
		if (code == FAILURE_NONE && !completion->is_finished)
			return FAILURE_CUT;
		return code;
	case TYPE_WHOLE:
		return read_object(completion, buf_text(&completion->body), completion->body.len,
				   "message", true);
	}
	return FAILURE_BAD_ANSWER;
}

enum failure_code completion_check(struct completion *completion)
{
	if (completion->is_refused || completion->finish == FINISH_FILTER)
		return FAILURE_REFUSED;
	return utf8_is_visible(buf_text(&completion->text)) ? FAILURE_NONE : FAILURE_EMPTY;
}

enum failure_code completion_receive(struct completion *completion, const char *content_type,
				     const char *bytes, size_t count)
{
	if (bytes)
		return receive_part(completion, content_type, bytes, count);
	enum failure_code code = read_end(completion);
	return code != FAILURE_NONE ? code : completion_check(completion);
}
