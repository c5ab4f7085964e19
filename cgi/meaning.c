/* The meaning of what is searched for: see meaning.h. */
#include "cgi/meaning.h"

#define AGAIN_US INT64_C(50000) /* between two looks whether it has come */

int request_meaning(struct request *rq, const char *q, bool is_realm_wide,
		    struct search_meaning *meaning_r, struct problem *why)
{
	int64_t owner = rq->session.user_id;
	bool may_wait = rq->waited != APP_CANNOT_WAIT && rq->waited < SEARCH_WAIT_US;
	int done = 0;
	*meaning_r = (struct search_meaning){0};
	if (!rq->kept) {
		int possible = 0;
		if (may_wait)
			TRY(possible = search_vector_possible(rq->arena, rq->store,
							      rq->app->settings, why));
		if (!possible)
			return 1;
		TRY(search_vector_ask(rq->store, owner, q, is_realm_wide, &rq->kept, why));
	} else {
		TRY(done = search_vector_read(rq->arena, rq->store, owner, rq->kept, meaning_r,
					      why));
	}
	if (!done && may_wait) {
		rq->wait = rq->waited + AGAIN_US;
		return 0;
	}
	TRY(search_vector_end(rq->store, rq->kept, why));
	return 1;
}
