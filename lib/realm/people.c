/* Users, found by name, by username or by id: see people.h. */
#include "realm/people.h"

#include <ctype.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "base/clock.h"
#include "base/json_out.h"
#include "realm/accounts.h"
#include "realm/sessions.h"
#include "realm/users.h"
#include "store/names.h"
#include "store/queries.h"

#define MOST_WORDS 8    /* of a search */
#define MOST_WALKED 800 /* names that have one of several words */
#define MOST_HIDDEN 50  /* undiscoverable users of one page; the viewer may know few of them */

static const struct field query_rows[] = {
	FIELD(struct people_query, q, TEXT, .min = 1, .max = 100, .may_be_blank = true,
	      .help = "Beginnings of words of the username and the full name, at most 8."),
	FIELD(struct people_query, ids, TEXT, .min = 1, .max = 2000,
	      .help = "Ids of users with commas between them, at most 100."),
};
const struct fields people_query_fields = FIELDS(struct people_query, query_rows);

static const struct field member_query_rows[] = {
	FIELD(struct people_query, q, TEXT, .min = 1, .max = 100, .may_be_blank = true,
	      .help = "Beginnings of words of the username and the full name, at most 8."),
};
const struct fields member_query_fields = FIELDS(struct people_query, member_query_rows);

/* Gives the words of q as a JSON array. Returns how many they are. */
static int read_words(struct arena *arena, const char *q, struct buf *words, struct problem *why)
{
	jw_open(words, '[');
	int count = names_words(q, words);
	jw_close(words, ']');
	return count <= MOST_WORDS
		       ? count
		       : problem_field(arena, why, "query", "q",
				       "Value error, at most 8 words can be searched for");
}

static int find_by_words(struct arena *arena, struct store *store, int64_t viewer, const char *q,
			 int limit, struct buf *out, struct problem *why)
{
	struct buf *words = buf_in(arena);
	int count = read_words(arena, q, words, why);
	TRY(count);
	if (count == 0) {
		buf_puts(out, "[]");
		return 0;
	}
	int64_t most = count > 1 ? MOST_WALKED : PEOPLE_MOST;
	struct q_people_rarest rarest;
	TRY(q_people_rarest(arena, store, words->data, most, MOST_HIDDEN, &rarest, why));
	bool wide = rarest.open == most || rarest.hidden == MOST_HIDDEN;
	return q_people_found(store, viewer, rarest.word, words->data, wide, most, MOST_HIDDEN,
			      limit, out, why);
}

/* The ids as a JSON array. */
static int read_ids(struct arena *arena, const char *ids, struct buf *json, struct problem *why)
{
	int count = 0;
	jw_open(json, '[');
	for (const char *at = ids;; at++) {
		char *end;
		int64_t id = strtoll(at, &end, 10);
		if (!isdigit((unsigned char)*at) || end - at > 18 || (*end && *end != ',') ||
		    ++count > PEOPLE_IDS)
			return problem_field(
				arena, why, "query", "ids",
				"Value error, at most 100 ids with commas between them");
		jw_int(json, id);
		at = end;
		if (!*at)
			break;
	}
	jw_close(json, ']');
	return 0;
}

int people_find(struct arena *arena, struct store *store, const struct session *viewer,
		const struct people_query *query, struct page *page, struct buf *out,
		struct problem *why)
{
	if (query->q && query->ids)
		return problem_field(arena, why, "query", "ids",
				     "Value error, give either q or ids");
	if (query->q)
		return find_by_words(arena, store, viewer->user_id, query->q, page->limit, out,
				     why);
	struct buf *ids = buf_in(arena);
	TRY(read_ids(arena, query->ids, ids, why));
	return q_people_of_ids(store, viewer->user_id, ids->data, is_administrator(viewer), out,
			       why);
}

int people_in_room(struct arena *arena, struct store *store, int64_t viewer, const char *room_id,
		   const char *q, struct page *page, struct buf *out, struct problem *why)
{
	struct buf *words = buf_in(arena);
	int count = read_words(arena, q ? q : "", words, why);
	TRY(count);
	int seen = q_room_exists(store, viewer, room_id, why);
	if (seen <= 0)
		return seen < 0 ? -1 : problem_set(why, PROBLEM_ROOM_NOT_FOUND);
	if (!q || count > 0)
		return q_room_members(store, viewer, clock_now(), room_id, words->data,
				      page_int(page), page_limit(page), page, out, why);
	buf_puts(out, "[]");
	return 0;
}

int person_by_name(struct store *store, const struct session *viewer, const char *username,
		   struct buf *out, struct problem *why)
{
	int64_t id;
	TRY(user_id_of(store, username, &id, why));
	return user_profile(store, viewer, id, out, why);
}
