/* The credentials of a handshake: see credentials.h. */
#include "ws-bridge/io/credentials.h"

#include <string.h>
#include <strings.h>

#include "base/arena.h"
#include "base/origin.h"
#include "realm/session_cookie.h"
#include "ws-bridge/core/conn.h"
#include "ws-bridge/core/feature.h"
#include "ws-bridge/core/receive.h"

#define TICKET "ticket." /* before a ticket, in a subprotocol */

int handshake_header(struct lws *wsi, enum lws_token_indexes which, char *value, int size)
{
	value[0] = '\0';
	return lws_hdr_copy(wsi, value, size, which) < 0 && lws_hdr_total_length(wsi, which) > 0
		       ? -1
		       : 0;
}

static bool has_header(struct lws *wsi, enum lws_token_indexes which)
{
	return lws_hdr_total_length(wsi, which) > 0;
}

/* The cookie of a login. A browser always names the origin, which says whether it uses TLS. */
static int find_cookie(struct arena *arena, struct lws *wsi, struct session_cookie *cookie_r,
		       struct problem *why)
{
	char origin[512];
	int bytes = lws_hdr_total_length(wsi, WSI_TOKEN_HTTP_COOKIE) + 1;
	char *value = arena_alloc(arena, (size_t)bytes);
	*cookie_r = (struct session_cookie){0};
	if (handshake_header(wsi, WSI_TOKEN_ORIGIN, origin, sizeof(origin)) < 0 ||
	    handshake_header(wsi, WSI_TOKEN_HTTP_COOKIE, value, bytes) < 0)
		return 0;
	return session_cookie_find(arena, value, origin_is_tls(origin), cookie_r, why);
}

static bool offers_ticket(struct lws *wsi)
{
	char offered[256];
	handshake_header(wsi, WSI_TOKEN_PROTOCOL, offered, sizeof(offered));
	bool offers = strstr(offered, TICKET) != NULL;
	explicit_bzero(offered, sizeof(offered));
	return offers;
}

bool credentials_clear(struct lws *wsi)
{
	struct arena *arena = arena_new();
	struct session_cookie cookie;
	struct problem why = {0};
	bool once = find_cookie(arena, wsi, &cookie, &why) == 0;
	bool has_cookie = cookie.token != NULL;
	arena_free(&arena);
	return once && !(has_cookie && has_header(wsi, WSI_TOKEN_HTTP_AUTHORIZATION));
}

bool credentials_have_origin(struct lws *wsi)
{
	struct arena *arena = arena_new();
	struct session_cookie cookie;
	struct problem why = {0};
	bool uses_cookie =
		find_cookie(arena, wsi, &cookie, &why) == 0 && cookie.token && !offers_ticket(wsi);
	arena_free(&arena);
	return !uses_cookie || has_header(wsi, WSI_TOKEN_ORIGIN);
}

static void take_bearer(struct conn *conn, struct lws *wsi)
{
	static const char bearer[] = "Bearer ";
	char value[256];
	if (handshake_header(wsi, WSI_TOKEN_HTTP_AUTHORIZATION, value, sizeof(value)) < 0 ||
	    strncasecmp(value, bearer, strlen(bearer)) != 0)
		conn_close(conn, CLOSE_UNAUTHENTICATED);
	else
		receive_credentials(conn, &(struct credentials){.token = value + strlen(bearer)});
	explicit_bzero(value, sizeof(value));
}

/* A ticket is one of the offered subprotocols, because browsers let a page set no other header. */
static void take_ticket(struct conn *conn, struct lws *wsi)
{
	char offered[256], *rest = offered;
	handshake_header(wsi, WSI_TOKEN_PROTOCOL, offered, sizeof(offered));
	for (const char *name; (name = strsep(&rest, ", \t")) != NULL;) {
		if (strncmp(name, TICKET, strlen(TICKET)) == 0) {
			receive_credentials(conn,
					    &(struct credentials){.ticket = name + strlen(TICKET)});
			break;
		}
	}
	explicit_bzero(offered, sizeof(offered));
}

static void take_cookie(struct conn *conn, struct lws *wsi)
{
	struct arena *arena = arena_new();
	struct session_cookie cookie;
	struct problem why = {0};
	if (find_cookie(arena, wsi, &cookie, &why) == 0 && cookie.token)
		receive_credentials(conn, &(struct credentials){.token = cookie.token});
	arena_free(&arena);
}

void credentials_take(struct conn *conn, struct lws *wsi)
{
	if (has_header(wsi, WSI_TOKEN_HTTP_AUTHORIZATION))
		take_bearer(conn, wsi);
	else if (offers_ticket(wsi))
		take_ticket(conn, wsi);
	else
		take_cookie(conn, wsi);
}
