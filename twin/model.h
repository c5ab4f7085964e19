/*
 * The only way of a twin to the language model: the cost of a call is reserved in the ledger before
 * it, and settled after it. Without a reservation there is no call.
 */
#ifndef TWIN_MODEL_H
#define TWIN_MODEL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/problem.h"
#include "provider/llm.h"

struct model_call;
struct settings;
struct store;

struct model {
	struct llm *llm; /* NULL: none is configured, and model_ask() may not be called */
	struct store *store;
	const struct settings *settings;
};

struct model_request {
	int64_t twin_id, asker_id; /* who pays: see realm/ledger.h */
	int64_t turn_id;           /* or 0 */
	bool is_background;        /* nobody waits for it */
	struct llm_request llm;
};

/*
 * Asks, and calls the ports as llm_ask() does. Returns 1 and the call; or 0 when a ceiling does not
 * allow it, and the time when the next day begins; or -1. Nothing of the request is needed
 * afterwards. The call ends with done().
 */
int model_ask(const struct model *model, const struct model_request *request,
	      const struct llm_ports *ports, void *context, struct model_call **call_r,
	      int64_t *until_r, struct problem *why);

/* Ends a call without done(). It has cost what was reserved. Not within done(); NULL is allowed. */
void model_cancel(struct model_call **call);

#endif
