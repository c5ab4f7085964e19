/* The same search in a table of sqlite-vec, to be compared. */
#ifndef BENCH_RECALL_BESIDE_H
#define BENCH_RECALL_BESIDE_H

#include <stddef.h>
#include <stdint.h>

struct beside;

/* An empty table in memory; `extension` is the path of sqlite-vec. Ends the program if it fails. */
struct beside *beside_open(const char *extension, size_t dimension);
void beside_add(struct beside *beside, const int8_t *vector);
void beside_ask(struct beside *beside, const int8_t *vector, int most);
void beside_close(struct beside **beside);

#endif
