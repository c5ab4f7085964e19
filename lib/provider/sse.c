/* Server-sent events: see sse.h. */
#include "provider/sse.h"

#include <string.h>

typedef bool sse_event(void *context, const char *data, size_t bytes);

static bool line_done(struct sse *sse, sse_event *event, void *context)
{
	const char *line = buf_text(&sse->line);
	size_t bytes = sse->line.len;
	bool goes_on = true;
	if (!sse->after_begin && bytes >= 3 && memcmp(line, "\xef\xbb\xbf", 3) == 0) {
		line += 3; /* a byte order mark */
		bytes -= 3;
	}
	sse->after_begin = true;
	if (bytes == 0 && sse->has_data) {
		goes_on = event(context, buf_text(&sse->data), sse->data.len);
		buf_clear(&sse->data);
		sse->has_data = false;
	} else if (bytes >= 5 && memcmp(line, "data:", 5) == 0) {
		size_t skipped = bytes > 5 && line[5] == ' ' ? 6 : 5;
		if (sse->has_data)
			buf_putc(&sse->data, '\n');
		buf_add(&sse->data, line + skipped, bytes - skipped);
		sse->has_data = true;
	}
	buf_clear(&sse->line);
	return goes_on && sse->data.len <= SSE_MOST_BYTES;
}

bool sse_feed(struct sse *sse, const char *bytes, size_t count, sse_event *event, void *context)
{
	const char *end = bytes + count;
	while (bytes < end) {
		if (sse->after_cr && *bytes == '\n') {
			sse->after_cr = false;
			bytes++;
			continue;
		}
		sse->after_cr = false;
		size_t left = (size_t)(end - bytes), length = 0;
		while (length < left && bytes[length] != '\n' && bytes[length] != '\r')
			length++;
		if (sse->line.len + length > SSE_MOST_BYTES)
			return false;
		buf_add(&sse->line, bytes, length);
		bytes += length;
		if (bytes == end)
			return true;
		sse->after_cr = *bytes++ == '\r';
		if (!line_done(sse, event, context))
			return false;
	}
	return true;
}

bool sse_end(struct sse *sse, sse_event *event, void *context)
{
	if (sse->line.len && !line_done(sse, event, context))
		return false;
	return line_done(sse, event, context);
}

void sse_free(struct sse *sse)
{
	buf_free(&sse->line);
	buf_free(&sse->data);
}
