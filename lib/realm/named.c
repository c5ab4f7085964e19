/* Members that a text names: see named.h. */
#include "realm/named.h"

#include <string.h>

#include "base/arena.h"
#include "store/queries.h"

#define NAME_LEAST 3 /* characters of a username */
#define NAME_MOST 50
#define LOOKUPS_MAX 64 /* by a text; about 0.3 ms, while nobody else can write */

static bool is_name_character(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
	       (c && strchr("_.-", c));
}

static void add_member(struct named *named, const struct q_room_member_named *member)
{
	for (int i = 0; i < named->count; i++)
		if (named->members[i].user == member->user)
			return;
	named->members[named->count].user = member->user;
	named->members[named->count++].has_twin = member->twin;
}

/* Looks for the member that the text at `name` (behind the @) names. */
static int look_up(struct arena *arena, struct store *store, const char *room_id, const char *name,
		   int *lookups, struct named *named, struct problem *why)
{
	size_t length = 0;
	int found = 0;
	while (length <= NAME_MOST && is_name_character(name[length]))
		length++;
	if (length > NAME_MOST)
		return 0;
	for (; found == 0 && length >= NAME_LEAST && *lookups > 0; length--) {
		const char *username = arena_strndup(arena, name, length);
		struct q_room_member_named member;
		--*lookups;
		found = q_room_member_named(store, room_id, username, &member, why);
		TRY(found);
		if (found)
			add_member(named, &member);
		named->is_to_all |= strcmp(username, "room") == 0;
		if (!strchr(".-", name[length - 1]))
			break;
	}
	return 0;
}

int members_named(struct arena *arena, struct store *store, const char *room_id, const char *text,
		  struct named *named_r, struct problem *why)
{
	int lookups = LOOKUPS_MAX;
	*named_r = (struct named){0};
	for (const char *at = text;
	     lookups > 0 && named_r->count < NAMED_MAX && (at = strchr(at, '@')) != NULL; at++)
		if (at == text || !is_name_character(at[-1]))
			TRY(look_up(arena, store, room_id, at + 1, &lookups, named_r, why));
	return 0;
}
