/* Memories of twins: see memories.h. */
#include "realm/memories.h"

static const struct property memory_properties[] = {
	PROPERTY("id", INT),
	PROPERTY("content", TEXT),
	PROPERTY("memory_type", TEXT),
	PROPERTY("importance", INT),
	PROPERTY("visibility", TEXT),
	PROPERTY("local_only", BOOL, .help = "Whether no provider gets the text."),
	PROPERTY("times", INT, .help = "How often it was given."),
	PROPERTY("quote", TEXT, .nullable = true,
		 .help = "Of a fact: your words that it comes from."),
	PROPERTY("created_at", TIME),
	PROPERTY("updated_at", TIME),
	PROPERTY("meta_data", OBJECT, .nullable = true),
	PROPERTY("sources", ANY, .help = "Of a fact: your texts that it comes from, [{kind, id}]."),
};
const struct shape memory_shape = SHAPE("Memory", memory_properties);
