/* Compares what other stores hold with what they should hold. */
#ifndef CTL_COMPARE_H
#define CTL_COMPARE_H

struct buf;
struct http;
struct settings;

/* Adds each difference of ChromaDB to a JSON array, as a sentence. */
void compare_stores(struct http *http, const struct settings *settings, struct buf *findings);

/* The same for Neo4j. In compare_graph.c. */
void compare_graph(struct http *http, const struct settings *settings, struct buf *findings);

#endif
