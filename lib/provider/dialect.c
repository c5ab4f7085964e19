/* Dialects of the OpenAI API: see dialect.h. */
#include "provider/dialect.h"

#include <stddef.h>
#include <string.h>

#include "provider/failure.h"

/* In the order in which a message is searched: it may name the parameter to use instead. */
static const struct {
	const char *parameter;
	size_t at;
} parameters[] = {
	{"max_completion_tokens", offsetof(struct dialect, without_max_completion_tokens)},
	{"stream_options", offsetof(struct dialect, without_stream_options)},
	{"temperature", offsetof(struct dialect, without_temperature)},
	{"encoding_format", offsetof(struct dialect, without_encoding_format)},
};

/* How servers say that they do not know a parameter; a wrong value is told in other words. */
static const char *const rejections[] = {
	"nrecognized", "nknown",        "nsupported", "not supported",
	"not support", "not permitted", "xtra",       "nexpected",
};

static bool is_rejection(const char *message)
{
	for (size_t i = 0; i < sizeof(rejections) / sizeof(*rejections); i++)
		if (strstr(message, rejections[i]))
			return true;
	return false;
}

bool dialect_learn(struct dialect *dialect, const struct failure *failure)
{
	if (failure->code != FAILURE_REJECTED || !is_rejection(failure->quote))
		return false;
	for (size_t i = 0; i < sizeof(parameters) / sizeof(*parameters); i++) {
		bool *without = (bool *)((char *)dialect + parameters[i].at);
		if (*without || !strstr(failure->quote, parameters[i].parameter))
			continue;
		*without = true;
		return true;
	}
	return false;
}
