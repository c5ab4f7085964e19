/* The providers that the settings name. */
#ifndef PROVIDER_CONFIGURED_H
#define PROVIDER_CONFIGURED_H

#include "base/problem.h"
#include "realm/settings.h"

struct chroma;
struct embedder;
struct http;
struct llm;
struct neo4j;

struct providers {
	struct llm *llm;           /* NULL: none is configured */
	struct embedder *embedder; /* NULL: none is configured */
	struct chroma *chroma;     /* NULL: none is configured */
	struct neo4j *neo4j;       /* NULL: none is configured */
};

/* PROBLEM_CONFIG names the setting that is wrong; then both are NULL. */
int providers_new(struct http *http, const struct settings *settings, struct providers *providers,
		  struct problem *why);

/* No call is left. */
void providers_free(struct providers *providers);

#endif
