/* The live contract in /docs. */
#ifndef CGI_LIVE_DOCS_H
#define CGI_LIVE_DOCS_H

struct arena;
struct buf;

/* Appends a section for commands, messages and close codes. */
void live_docs_put(struct arena *arena, struct buf *out);

#endif
