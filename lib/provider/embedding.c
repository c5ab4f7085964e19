/* Reads the answer of an embedder: see embedding.h. */
#include "provider/embedding.h"

#include <math.h>
#include <string.h>

#include <jansson.h>
#include <sodium.h>

#include "base/arena.h"
#include "base/json_in.h"
#include "base/vector.h"

#define MOST_VALUES (EMBEDDING_MOST_TEXTS * (VECTOR_MOST + 16))

/* The numbers of one vector; 0 when it is no vector. */
static size_t read_numbers(const json_t *json, float numbers[VECTOR_MOST])
{
	size_t count = json_array_size(json), bytes = 0;
	if (json_is_string(json)) {
		const char *text = json_string_value(json);
		if (sodium_base642bin((unsigned char *)numbers, VECTOR_MOST * sizeof(float), text,
				      strlen(text), NULL, &bytes, NULL,
				      sodium_base64_VARIANT_ORIGINAL) != 0)
			return 0;
		return bytes % sizeof(float) == 0 ? bytes / sizeof(float) : 0;
	}
	if (count > VECTOR_MOST)
		return 0;
	for (size_t i = 0; i < count; i++) {
		const json_t *number = json_array_get(json, i);
		if (!json_is_number(number))
			return 0;
		numbers[i] = (float)json_number_value(number);
	}
	return count;
}

/* Reads one vector into its place. Returns why it is wrong, or NULL. */
static const char *read_vector(struct arena *arena, const json_t *item, struct embedding *embedding)
{
	static _Thread_local float numbers[VECTOR_MOST];
	size_t dimension = read_numbers(json_object_get(item, "embedding"), numbers);
	json_int_t index = json_integer_value(json_object_get(item, "index"));
	if (!json_is_integer(json_object_get(item, "index")) || index < 0 ||
	    (size_t)index >= embedding->count || embedding->scales[index] > 0)
		return "A vector belongs to no text, or to the same text as another one";
	if (dimension == 0)
		return "A vector has no numbers, too many, or other things";
	if (!embedding->vectors) {
		embedding->dimension = dimension;
		embedding->vectors = arena_alloc(arena, embedding->count * dimension);
	}
	if (dimension != embedding->dimension)
		return "The vectors of one answer have different dimensions";
	embedding->scales[index] =
		vector_quantise(numbers, dimension, embedding->vectors + (size_t)index * dimension);
	return embedding->scales[index] > 0 ? NULL : "A vector is zero or not finite";
}

static const char *read_vectors(struct arena *arena, const json_t *data,
				struct embedding *embedding)
{
	if (json_array_size(data) != embedding->count)
		return "The answer has not one vector for each text";
	embedding->scales = arena_alloc(arena, embedding->count * sizeof(*embedding->scales));
	for (size_t i = 0; i < embedding->count; i++) {
		const char *wrong = read_vector(arena, json_array_get(data, i), embedding);
		if (wrong)
			return wrong;
	}
	return NULL;
}

enum failure_code embedding_read(struct arena *arena, const char *body, size_t bytes, size_t count,
				 struct embedding *embedding, const char **detail_r)
{
	*embedding = (struct embedding){.count = count};
	json_t *json = json_in_most(arena, body, bytes, MOST_VALUES, buf_in(arena));
	*detail_r = "The answer is no JSON object";
	if (!json)
		return FAILURE_BAD_ANSWER;
	model_read(embedding->model, json);
	usage_read(&embedding->usage, json_object_get(json, "usage"), false);
	*detail_r = read_vectors(arena, json_object_get(json, "data"), embedding);
	return *detail_r ? FAILURE_BAD_ANSWER : FAILURE_NONE;
}
