/* Kinds of texts: see source_kinds.h. */
#include "realm/source_kinds.h"

#include <string.h>

static const char *const kind_names[SOURCE__COUNT] = {
	[SOURCE_MESSAGE] = "message",   [SOURCE_QUESTION] = "question",
	[SOURCE_RESPONSE] = "response", [SOURCE_KNOWLEDGE] = "knowledge",
	[SOURCE_MEMORY] = "memory",     [SOURCE_CHAT] = "chat",
};

const char *source_kind_name(enum source_kind kind)
{
	return kind_names[kind];
}

enum source_kind source_kind_by_name(const char *name)
{
	enum source_kind kind = 0;
	while (kind < SOURCE__COUNT && strcmp(kind_names[kind], name) != 0)
		kind++;
	return kind;
}

bool source_ids_have(const struct source_ids *ids, enum source_kind kind, const char *id)
{
	for (size_t i = 0; ids && i < ids->count; i++)
		if (ids->list[i].kind == kind && strcmp(ids->list[i].id, id) == 0)
			return true;
	return false;
}
