/* Random numbers for C tests: see random.h. */
#include "tests/unit/random.h"

static uint64_t state;

void draw_from(uint64_t seed)
{
	state = seed;
}

/* SplitMix64 (G. Steele, D. Lea, C. Flood 2014). */
int draw(int below)
{
	uint64_t z = state += 0x9e3779b97f4a7c15;
	z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9;
	z = (z ^ (z >> 27)) * 0x94d049bb133111eb;
	return (int)((z ^ (z >> 31)) % (uint64_t)below);
}
