/* Used only in cgi/: the vector of a search text. A request waits for it. */
#ifndef CGI_MEANING_H
#define CGI_MEANING_H

#include "cgi/request.h"
#include "realm/search_vectors.h"

/*
 * Gets the meaning of `q`, while the request waits: 1, and no vector when there is none; 0 when it
 * must wait; or -1. A request that cannot wait gets none. `is_realm_wide`: also candidates of a
 * store, as far as one has them in time.
 */
int request_meaning(struct request *rq, const char *q, bool is_realm_wide,
		    struct search_meaning *meaning_r, struct problem *why);

#endif
