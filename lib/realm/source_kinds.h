/* The kinds of texts on which a twin may draw (sources.h), and their names. */
#ifndef REALM_SOURCE_KINDS_H
#define REALM_SOURCE_KINDS_H

#include <stdbool.h>
#include <stddef.h>

enum source_kind {
	SOURCE_MESSAGE,
	SOURCE_QUESTION, /* of an interaction */
	SOURCE_RESPONSE,
	SOURCE_KNOWLEDGE,
	SOURCE_MEMORY,
	SOURCE_CHAT, /* what the owner said to the twin */
	SOURCE__COUNT
};

/* As in the database and in JSON. */
const char *source_kind_name(enum source_kind kind);
enum source_kind source_kind_by_name(const char *name); /* SOURCE__COUNT: there is none */

struct source_id {
	enum source_kind kind;
	const char *id; /* of a message its UUID; of others a number */
};

struct source_ids {
	const struct source_id *list;
	size_t count;
};

/* Whether the source is one of those; NULL: of none. */
bool source_ids_have(const struct source_ids *ids, enum source_kind kind, const char *id);

#endif
