/* Escaped text for web pages. */
#ifndef CGI_HTML_H
#define CGI_HTML_H

#include "base/buf.h"

/* Appends a text, escaped for HTML. */
void html_text(struct buf *out, const char *text);

#endif
