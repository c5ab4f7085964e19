/*
 * An embedder behind an OpenAI-compatible server: texts become vectors.
 *
 * Some models embed what is searched for otherwise than what is found. They have two names, or
 * want a prefix before each text.
 */
#ifndef PROVIDER_EMBEDDER_H
#define PROVIDER_EMBEDDER_H

#include <stddef.h>

#include "provider/embedding.h"
#include "provider/failure.h"

struct embedder;
struct embedder_call;
struct provider;

enum embedder_side { EMBEDDER_PASSAGE, EMBEDDER_QUERY, EMBEDDER_SIDE__COUNT };

/* How to ask for vectors. */
struct embedder_model {
	const char *name;
	const char *prefix; /* before each text; "": none; a space follows any other */
};

struct embedder_options {
	struct embedder_model models[EMBEDDER_SIDE__COUNT];
};

/* Takes over the provider, and copies the options. */
struct embedder *embedder_new(struct provider *provider, const struct embedder_options *options);

/* No call is left. */
void embedder_free(struct embedder **embedder);

const struct provider *embedder_provider(const struct embedder *embedder);
struct embedder_model embedder_model(const struct embedder *embedder, enum embedder_side side);

struct embedder_answer {
	struct failure failure;
	const struct embedding *embedding; /* NULL after a failure; its model is the vectors' key */
	bool is_charged;                   /* the provider may have done work, at most once */
};

struct embedder_ports {
	/* Not within embedder_ask(). The answer lives until it returns. */
	void (*done)(void *context, const struct embedder_answer *answer);
};

/*
 * Embeds 1 to EMBEDDING_MOST_TEXTS texts, each valid UTF-8 and not empty, with a model of the
 * options or with another one, such as one from before. Nothing of them is needed afterwards.
 */
struct embedder_call *embedder_ask(struct embedder *embedder, const struct embedder_model *model,
				   const char *const *texts, size_t count,
				   const struct embedder_ports *ports, void *context);

/* Ends a call without done(). Not within done(). NULL is allowed. */
void embedder_cancel(struct embedder_call **call);

#endif
