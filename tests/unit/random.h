/* Random numbers for C tests: the same ones again from the same seed. */
#ifndef TESTS_UNIT_RANDOM_H
#define TESTS_UNIT_RANDOM_H

#include <stdint.h>

void draw_from(uint64_t seed);

/* A number from 0 to below - 1. */
int draw(int below);

#endif
