/* Texts for tests: see texts.h. */
#include "tests/unit/texts.h"

#include "realm/indexing.h"
#include "realm/interactions.h"
#include "realm/knowledge.h"
#include "realm/memories.h"
#include "realm/messages.h"
#include "realm/moderation.h"
#include "realm/relationships.h"
#include "realm/rooms.h"

void relate(struct fixture *f, int64_t from, int64_t to, const char *type)
{
	struct relationship_new bond = {
		.related_user_id = to, .relationship_type = type, .strength = 1};
	MUST(relationship_put(f->arena, f->store, from, &bond, &why));
}

const char *make_room(struct fixture *f, bool is_public, int64_t one, int64_t other)
{
	const char *id = NULL;
	struct room_new room = {.name = "A room", .is_public = is_public, .max_participants = 50};
	int64_t members[] = {one, other};
	MUST(room_create(f->arena, f->store, f->ada, &room, &id, &why));
	for (int i = 0; i < 2; i++)
		if (members[i]) {
			if (!is_public)
				MUST(room_invite(f->arena, f->store, f->ada, id, members[i], &why));
			MUST(room_join(f->arena, f->store, members[i], id, &why));
		}
	return id;
}

static const char *post_by(struct fixture *f, int64_t sender, int64_t turn_id, const char *room,
			   const char *text)
{
	struct message_posted posted;
	struct message_new message = {.content = text, .message_type = "text", .turn_id = turn_id};
	MUST(message_post(f->arena, f->store, sender, room, &message, &posted, &why));
	return arena_strdup(f->arena, posted.id);
}

const char *post(struct fixture *f, int64_t sender, const char *room, const char *text)
{
	return post_by(f, sender, 0, room, text);
}

const char *post_by_twin(struct fixture *f, int64_t owner, const char *room, const char *text)
{
	return post_by(f, owner, 1, room, text);
}

int64_t share(struct fixture *f, int64_t creator, const char *visibility, const char *text)
{
	int64_t id;
	struct knowledge_new note = {
		.content = text, .knowledge_type = "note", .visibility = visibility};
	MUST(knowledge_create(f->arena, f->store, creator, &note, &id, &why));
	return id;
}

int64_t ask(struct fixture *f, int64_t from, int64_t to, int64_t parent, bool is_public,
	    const char *text)
{
	int64_t id;
	struct interaction_new asked = {.target_aeon_user_id = to,
					.parent_id = parent,
					.interaction_type = "question",
					.content = text,
					.is_public = is_public};
	MUST(interaction_create(f->arena, f->store, from, &asked, &id, &why));
	return id;
}

void answer(struct fixture *f, int64_t user, int64_t id, const char *text)
{
	struct interaction_response response = {.response_content = text};
	MUST(interaction_respond(f->arena, f->store, user, id, &response, &why));
}

void index_all(struct fixture *f)
{
	int done;
	do {
		MUST(done = index_text(f->store, &why));
	} while (done > 0);
}

int64_t remember(struct fixture *f, int64_t owner, const char *visibility, const char *text)
{
	int64_t id;
	bool fresh;
	struct memory_new memory = {
		.content = text, .memory_type = "fact", .importance = 5, .visibility = visibility};
	MUST(memory_add(f->store, owner, &memory, &id, &fresh, &why));
	return id;
}
