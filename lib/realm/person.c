/* The names of a user: see person.h. */
#include "realm/person.h"

#include <string.h>

#include "base/json_out.h"

void person_names_put(struct buf *out, const char *full_name, const char *twin)
{
	jw_kv_text(out, "full_name", full_name);
	jw_key(out, "twin");
	if (twin)
		jw_raw(out, twin, strlen(twin));
	else
		jw_null(out);
}
