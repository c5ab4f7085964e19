/*
 * A language model behind an OpenAI-compatible server: one question, one answer.
 *
 * It knows no ceilings and no texts of the realm. The caller decides what may be sent, and what an
 * answer costs.
 */
#ifndef PROVIDER_LLM_H
#define PROVIDER_LLM_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "provider/completion.h"
#include "provider/failure.h"

struct llm;
struct llm_call;
struct provider;

#define LLM_NO_TEMPERATURE -1.0 /* the provider's default */

/* Takes over the provider. `model` is copied. */
struct llm *llm_new(struct provider *provider, const char *model);

/* No call is left. */
void llm_free(struct llm **llm);

const struct provider *llm_provider(const struct llm *llm);
const char *llm_model(const struct llm *llm);

struct llm_message {
	const char *role; /* "system", "user" or "assistant" */
	const char *text; /* valid UTF-8, as all texts of a request */
};

struct llm_request {
	const struct llm_message *messages;
	size_t count;
	const char *model;   /* NULL: that of llm_new() */
	int64_t most_tokens; /* of the answer */
	double temperature;  /* or LLM_NO_TEMPERATURE */
	bool is_streamed;
};

struct llm_answer {
	struct failure failure; /* FAILURE_NONE: the text is the answer */
	const char *text;       /* what has come, also of an answer that failed */
	size_t bytes;
	const char *model; /* the name by which the provider answered; "": it did not say */
	enum completion_finish finish;
	struct usage usage; /* what the provider says; not plausible: settle the largest possible */
	bool is_charged;    /* the provider may have done work, at most once */
};

struct llm_ports {
	/* A new part of the text; NULL: not wanted. It may cancel the call. */
	void (*delta)(void *context, const char *text, size_t bytes);
	/* The last call, not within llm_ask(). The texts live until it returns. */
	void (*done)(void *context, const struct llm_answer *answer);
};

/* Asks, and calls the ports. The texts of the request are copied. */
struct llm_call *llm_ask(struct llm *llm, const struct llm_request *request,
			 const struct llm_ports *ports, void *context);

/* The bytes of the request's body: a prompt has at most as many tokens. */
size_t llm_request_bytes(struct llm *llm, const struct llm_request *request);

/* Ends a call without done(). Also within delta(), not within done(). NULL is allowed. */
void llm_cancel(struct llm_call **call);

#endif
