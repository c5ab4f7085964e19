/* The providers in use: see providers.h. */
#include "realm/providers.h"

#include <string.h>

#include "base/buf.h"
#include "base/json_out.h"
#include "realm/leaving.h"
#include "realm/settings.h"
#include "store/queries.h"
#include "store/store.h"

static const char *const texts[] = {
	[LEAVE_PUBLIC] = "public", [LEAVE_OWN] = "own", [LEAVE_ALL] = "all"};

static const struct property provider_properties[] = {
	PROPERTY("interface", TEXT,
		 .help = "llm makes answers, and finds facts in what you write; embedder makes "
			 "vectors of texts, to find them by meaning; vectors holds these vectors, "
			 "and gets no text; graph holds the relationships of users, and gets no "
			 "text."),
	PROPERTY("provider", TEXT,
		 .help = "The model, or the name of the store. recall: answers quote texts, "
			 "without a model."),
	PROPERTY("host", TEXT, .nullable = true, .help = "null: this machine."),
	PROPERTY("texts", TEXT,
		 .help = "Which of your texts, or of their vectors, are sent to that host: none; "
			 "public ones; own ones, also private; or all, also what you said to "
			 "others in private."),
};
const struct shape provider_shape = SHAPE("Provider", provider_properties);

struct noting {
	const struct provider_used *list;
	size_t count;
};

static int note(struct store *store, void *context, struct problem *why)
{
	const struct noting *n = context;
	TRY(q_providers_forget(store, why));
	for (size_t i = 0; i < n->count; i++)
		TRY(q_provider_note(store, n->list[i].interface, n->list[i].model, n->list[i].host,
				    why));
	return 0;
}

int providers_note(struct store *store, const struct provider_used *list, size_t count,
		   struct problem *why)
{
	struct noting n = {list, count};
	return store_write(store, note, &n, why);
}

struct listing {
	const struct settings *settings;
	struct buf *out;
	bool has_llm;
};

static void write_provider(struct buf *out, const struct provider_used *used, const char *sent)
{
	jw_open(out, '{');
	jw_kv_text(out, "interface", used->interface);
	jw_kv_text(out, "provider", used->model);
	jw_kv_text(out, "host", used->host);
	jw_kv_text(out, "texts", sent);
	jw_close(out, '}');
}

static int list_one(const struct q_providers *row, void *context, struct problem *why)
{
	struct listing *l = context;
	const struct provider_used used = {row->interface, row->model, row->host};
	(void)why;
	l->has_llm |= strcmp(row->interface, "llm") == 0;
	bool gets_texts = row->host && strcmp(row->interface, "graph") != 0;
	write_provider(l->out, &used, gets_texts ? texts[l->settings->twin_texts] : "none");
	return 0;
}

int providers_list(struct store *store, const struct settings *settings, struct buf *out,
		   struct problem *why)
{
	static const struct provider_used recall = {"llm", "recall", NULL};
	struct listing l = {.settings = settings, .out = out};
	jw_open(out, '[');
	TRY(q_providers(store, list_one, &l, why));
	if (!l.has_llm)
		write_provider(out, &recall, "none");
	jw_close(out, ']');
	return 0;
}
