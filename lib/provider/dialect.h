/*
 * Dialects of the OpenAI API: what a server does not know is left out, or said in an older way.
 *
 * A request is written in the newest way. When the server rejects a parameter, the dialect changes,
 * once for each parameter, and the request is sent again. The dialect is remembered.
 */
#ifndef PROVIDER_DIALECT_H
#define PROVIDER_DIALECT_H

#include <stdbool.h>

struct failure;

struct dialect {                            /* zeroed: the newest */
	bool without_max_completion_tokens; /* max_tokens instead */
	bool without_stream_options;
	bool without_temperature;
	bool without_encoding_format;
};

/* Whether the failure rejects a parameter that the dialect still has. Then the dialect changes. */
bool dialect_learn(struct dialect *dialect, const struct failure *failure);

#endif
