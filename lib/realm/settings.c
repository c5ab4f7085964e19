/* What an operator can set: see settings.h. */
#include "realm/settings.h"

#include <stddef.h>
#include <stdlib.h>

#include "base/config.h"

static const char *const log_levels[] = {"debug", "info", "warn", "error", NULL};

#define TEXT(member, value, text)                                                                  \
	{                                                                                          \
#member, OPTION_TEXT, offsetof(struct settings, member), value, 0, 0, NULL, text   \
	}
#define INT(member, value, least, most, text)                                                      \
	{                                                                                          \
#member, OPTION_INT, offsetof(struct settings, member), value, least, most, NULL,  \
			text                                                                       \
	}

static const struct option options[] = {
	TEXT(database, "/var/lib/aeon/aeon.db", "The database file. Its folder must be writable."),
	TEXT(run_dir, "/run/aeon", "The folder for sockets."),
	{"log_level", OPTION_CHOICE, offsetof(struct settings, log_level), "info", 0, 0, log_levels,
	 "The least that is logged: debug, info, warn or error."},
	INT(session_days, "30", 1, 3650, "Days until a login ends by itself."),
	INT(store_wait_ms, "2000", 1, 60000,
	    "Milliseconds that a write waits for its turn before it answers 503."),
	INT(events_hours, "24", 1, 87600,
	    "Hours for which the event log is kept: who was away for longer comes back with gaps."),
	INT(messages_days, "0", 0, 36500,
	    "Days for which messages are kept, and the event log at most. 0: for ever."),
	TEXT(origins, "",
	     "Origins of the site, separated by spaces; a browser of another origin "
	     "gets no WebSocket. Empty: the host that the request names."),
	TEXT(cors_origins, "", "Other origins whose pages may call the API, separated by spaces."),
	INT(ws_bridges, "1", 1, BRIDGES_MAX, "WebSocket bridges that run side by side."),
	INT(ws_connections, "20000", 1, 1000000, "WebSocket connections of a bridge at most."),
	INT(ws_user_connections, "16", 1, 100000,
	    "WebSocket connections of one user to a bridge at most."),
	INT(ws_frame_bytes, "65536", 1024, 1048576, "The largest message that a client may send."),
	INT(ws_queue_bytes, "262144", 65536, 67108864,
	    "Bytes that may wait for a slow reader; the rest comes from the database."),
	INT(ws_stuck_seconds, "30", 1, 3600,
	    "Seconds after which a reader that takes nothing of what waits is closed."),
	INT(ws_rate, "20", 1, 1000000, "Messages a second that a connection may send, sustained."),
	INT(ws_burst, "40", 1, 1000000, "Messages that a connection may send at once."),
	INT(ws_ping_seconds, "25", 1, 3600, "Seconds between pings; two unanswered ones end it."),
	INT(ws_auth_seconds, "10", 1, 600, "Seconds that a connection may take to authenticate."),
};
#define OPTION_COUNT (sizeof(options) / sizeof(*options))

int settings_load(const char *file, struct settings *settings, struct problem *why)
{
	return config_load(options, OPTION_COUNT, file ? file : getenv("AEON_CONFIG"), settings,
			   why);
}

void settings_print(struct buf *out)
{
	config_print(options, OPTION_COUNT, out);
}
