/* Search in what a twin may draw on: see source_search.h. */
#include "realm/source_search.h"

#include "base/json_out.h"
#include "realm/sources.h"
#include "store/shape.h"

static const struct property ranks_properties[] = {
	PROPERTY("text", INT, .nullable = true, .help = "Its place by the words of the text."),
	PROPERTY("nearby", INT, .nullable = true,
		 .help = "By the words of the text and of its two neighbours."),
	PROPERTY("vector", INT, .nullable = true,
		 .help = "By the meaning, if an embedding model is configured."),
};
static const struct shape ranks_shape = SHAPE("SourceRanks", ranks_properties);

static const struct property hit_properties[] = {
	PROPERTY("kind", TEXT, .help = "message, question, response, knowledge, memory or chat."),
	PROPERTY("id", TEXT),
	PROPERTY("author_id", INT),
	PROPERTY("author_name", TEXT),
	PROPERTY("content", TEXT),
	PROPERTY("created_at", TIME),
	PROPERTY("score", REAL, .help = "Only for comparison with the other hits."),
	PROPERTY("why", PART, .of = &ranks_shape,
		 .help = "The place in each list, from 1; null: not in that list."),
};
static const struct shape hit_shape = SHAPE("Source", hit_properties);

static const struct property search_properties[] = {
	PROPERTY("hits", LIST, .of = &hit_shape, .help = "The best first."),
	PROPERTY("ranked_by", TEXTS, .help = "The lists that took part: text, nearby, vector."),
};
const struct shape source_search_shape = SHAPE("SourceSearch", search_properties);

static void put_rank(struct buf *out, const char *list, int rank)
{
	jw_key(out, list);
	if (rank > 0)
		jw_int(out, rank);
	else
		jw_null(out);
}

static void put_hit(struct buf *out, const struct source *source)
{
	jw_open(out, '{');
	jw_key(out, "kind"), jw_text(out, source_kind_name(source->id.kind));
	jw_key(out, "id"), jw_text(out, source->id.id);
	jw_key(out, "author_id"), jw_int(out, source->author_id);
	jw_key(out, "author_name"), jw_text(out, source->author_name);
	jw_key(out, "content"), jw_text(out, source->content);
	jw_key(out, "created_at"), jw_time(out, source->created_at);
	jw_key(out, "score"), jw_real(out, source->score);
	jw_open_key(out, "why");
	put_rank(out, "text", source->text_rank);
	put_rank(out, "nearby", source->nearby_rank);
	put_rank(out, "vector", source->vector_rank);
	jw_close(out, '}');
	jw_close(out, '}');
}

int source_search(struct arena *arena, struct store *store, int64_t owner, const char *q,
		  const struct query_vector *vector, int limit, struct buf *out,
		  struct problem *why)
{
	struct audience audience = {.to = ANSWER_TO_OWNER, .owner = owner};
	struct source *sources;
	size_t count;
	TRY(sources_find(arena, store, &audience, LEAVE_NEVER, q, vector, NULL, limit, &sources,
			 &count, why));
	jw_open(out, '{');
	jw_key(out, "hits"), jw_open(out, '[');
	for (size_t i = 0; i < count; i++)
		put_hit(out, &sources[i]);
	jw_close(out, ']');
	jw_key(out, "ranked_by"), jw_open(out, '[');
	jw_text(out, "text"), jw_text(out, "nearby");
	if (vector)
		jw_text(out, "vector");
	jw_close(out, ']');
	jw_close(out, '}');
	return 0;
}
