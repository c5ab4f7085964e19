/*
 * Server-sent events (WHATWG HTML, 9.2), read piece by piece: only their data.
 *
 * The pieces may end anywhere, also within a line's end or a letter.
 */
#ifndef PROVIDER_SSE_H
#define PROVIDER_SSE_H

#include <stdbool.h>
#include <stddef.h>

#include "base/buf.h"

#define SSE_MOST_BYTES 262144 /* of an event, and of a line */

struct sse { /* zeroed: at the beginning of a stream */
	struct buf line, data;
	bool has_data, after_cr, after_begin;
};

/*
 * Reads a piece. Calls event() for each complete event; it returns false to end the reading.
 * Returns false then, or when a line or an event is too long.
 */
bool sse_feed(struct sse *sse, const char *bytes, size_t count,
	      bool (*event)(void *context, const char *data, size_t bytes), void *context);

/* The stream has ended: the last event may lack its empty line. Returns as sse_feed(). */
bool sse_end(struct sse *sse, bool (*event)(void *context, const char *data, size_t bytes),
	     void *context);

void sse_free(struct sse *sse);

#endif
