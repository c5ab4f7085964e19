/* Escaped text for web pages: see html.h. */
#include "cgi/html.h"

void html_text(struct buf *out, const char *text)
{
	for (; *text; text++) {
		switch (*text) {
		case '<':
			buf_puts(out, "&lt;");
			break;
		case '&':
			buf_puts(out, "&amp;");
			break;
		case '"':
			buf_puts(out, "&quot;");
			break;
		default:
			buf_putc(out, *text);
		}
	}
}
