/* The way to the language model: see model.h. */
#include "twin/model.h"

#include <stdlib.h>

#include "base/log.h"
#include "base/memory.h"
#include "realm/ledger.h"

struct model_call {
	struct store *store;
	int64_t reserved; /* the call in the ledger */
	struct llm_call *llm_call;
	struct llm_ports ports;
	void *context;
};

/* A call that cannot be settled has cost what was reserved. */
static void settle(const struct model_call *call, int64_t spent)
{
	struct problem why = {0};
	if (ledger_settle(call->store, call->reserved, spent, &why) < 0)
		log_problem(LOG_LEVEL_WARN, "call_not_settled", &why);
}

static int64_t cost(const struct llm_answer *answer)
{
	if (!answer->is_charged)
		return 0;
	return answer->usage.is_plausible ? answer->usage.prompt + answer->usage.completion
					  : LEDGER_UNKNOWN;
}

static void on_delta(void *context, const char *text, size_t bytes)
{
	struct model_call *call = context;
	call->ports.delta(call->context, text, bytes);
}

static void on_done(void *context, const struct llm_answer *answer)
{
	struct model_call *call = context;
	settle(call, cost(answer));
	call->ports.done(call->context, answer);
	free(call);
}

int model_ask(const struct model *model, const struct model_request *request,
	      const struct llm_ports *ports, void *context, struct model_call **call_r,
	      int64_t *until_r, struct problem *why)
{
	const struct llm_ports own = {.delta = ports->delta ? on_delta : NULL, .done = on_done};
	const char *name = request->llm.model ? request->llm.model : llm_model(model->llm);
	const struct ledger_call reservation = {
		.provider = "llm",
		.model = name,
		.twin_id = request->twin_id,
		.asker_id = request->asker_id,
		.turn_id = request->turn_id,
		.is_background = request->is_background,
		.tokens = (int64_t)llm_request_bytes(model->llm, &request->llm) +
			  request->llm.most_tokens,
	};
	int64_t reserved;
	int allowed = ledger_reserve(model->store, model->settings, &reservation, &reserved,
				     until_r, why);
	if (allowed <= 0)
		return allowed;
	struct model_call *call = *call_r = xcalloc(1, sizeof(*call));
	call->store = model->store;
	call->reserved = reserved;
	call->ports = *ports;
	call->context = context;
	call->llm_call = llm_ask(model->llm, &request->llm, &own, call);
	return 1;
}

void model_cancel(struct model_call **call)
{
	struct model_call *old = *call;
	*call = NULL;
	if (!old)
		return;
	llm_cancel(&old->llm_call);
	settle(old, LEDGER_UNKNOWN);
	free(old);
}
