/* The session in which a user acts; sessions.h finds it. */
#ifndef REALM_SESSION_H
#define REALM_SESSION_H

#include <stdbool.h>
#include <stdint.h>
#include <string.h>

#include "realm/caller.h"

struct session {
	int64_t id, user_id, created_at, expires_at;
	const char *username, *role; /* in the arena */
	const struct caller *caller; /* set by the front end; NULL: the operator on this machine */
};

static inline bool is_administrator(const struct session *session)
{
	return strcmp(session->role, "user") != 0;
}

#endif
