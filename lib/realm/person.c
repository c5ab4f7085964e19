/* The names of a user: see person.h. */
#include "realm/person.h"

#include <string.h>

#include "base/json_out.h"
#include "store/queries.h"

void person_names_put(struct buf *out, const char *full_name, const char *twin)
{
	jw_kv_text(out, "full_name", full_name);
	jw_key(out, "twin");
	if (twin)
		jw_raw(out, twin, strlen(twin));
	else
		jw_null(out);
}

int person_names_read(struct arena *arena, struct store *store, int64_t user_id,
		      const char **full_name_r, const char **twin_r, struct problem *why)
{
	struct q_person person = {0};
	TRY(q_person(arena, store, user_id, &person, why));
	*full_name_r = person.full_name;
	*twin_r = person.twin;
	return 0;
}
