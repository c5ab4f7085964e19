/*
 * Users, found by name, by username or by id, and the members of a room by name. A viewer finds
 * only users with a profile that the viewer may see; of others there is no sign, also in no count.
 *
 * A name is looked for by the beginnings of its words, in any case (store/names.h). All users that
 * a viewer may find are compared, unless more than PEOPLE_MOST have such a name. Then those are
 * compared that are near the viewer (the 300 closest friends and 500 co-members), and PEOPLE_MOST
 * others.
 */
#ifndef REALM_PEOPLE_H
#define REALM_PEOPLE_H

#include "base/fields.h"
#include "store/shape.h"

struct arena;
struct session;

#define PEOPLE_MOST 200
#define PEOPLE_IDS 100

struct people_query {
	const char *q, *ids;
};
extern const struct fields people_query_fields;
extern const struct fields member_query_fields; /* `q` alone */

/*
 * Writes a JSON array of user_shape. With `q` other users, friends of the viewer first, then
 * members of the viewer's rooms, then others, each by username; at most the page's limit, without a
 * next page. With `ids` those of these users that exist for the viewer. PROBLEM_INVALID.
 */
int people_find(struct arena *arena, struct store *store, const struct session *viewer,
		const struct people_query *query, struct page *page, struct buf *out,
		struct problem *why);

/*
 * Writes a page of the members of a room as room_participant_shape, the highest id first. With `q`
 * (not NULL) only those with such a name. PROBLEM_ROOM_NOT_FOUND, PROBLEM_INVALID.
 */
int people_in_room(struct arena *arena, struct store *store, int64_t viewer, const char *room_id,
		   const char *q, struct page *page, struct buf *out, struct problem *why);

/* Writes the profile of the user with that username, in any case. PROBLEM_USER_NOT_FOUND. */
int person_by_name(struct store *store, const struct session *viewer, const char *username,
		   struct buf *out, struct problem *why);

#endif
