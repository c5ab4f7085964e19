/* What an operator can set: see settings.h. */
#include "realm/settings.h"

#include <stddef.h>
#include <stdlib.h>

#include "base/config.h"
#include "store/store.h"

static const char *const registration_modes[] = {"open", "invite", "approval", "closed", NULL};
static const char *const no_yes[] = {"no", "yes", NULL};
static const char *const twin_texts[] = {"public", "own", "all", NULL}; /* enum leaving */
static const char *const log_levels[] = {"debug", "info", "warn", "error", NULL};

#define ROW(member, kind, value, text, ...)                                                        \
	{                                                                                          \
		.key = #member, .type = (kind), .at = offsetof(struct settings, member),           \
		.default_value = (value), .help = (text), __VA_ARGS__                              \
	}
#define TEXT(member, value, text) ROW(member, OPTION_TEXT, value, text, .live = false)
/* Their names in the environment, in capitals, are those that other programs use, too. */
#define WELL_KNOWN(member, kind, text)                                                             \
	ROW(member, kind, "", text, .live = false, .is_well_known = true)
#define OPENAI(member, kind, text) WELL_KNOWN(openai_##member, kind, text)
#define INT(member, value, least, most, text, ...)                                                 \
	ROW(member, OPTION_INT, value, text, .min = (least), .max = (most), __VA_ARGS__)
#define CHOICE(member, value, names, text, ...)                                                    \
	ROW(member, OPTION_CHOICE, value, text, .choices = (names), __VA_ARGS__)

static const struct option options[] = {
	TEXT(database, "/var/lib/aeon/aeon.db",
	     "The database file. Its directory must be writable."),
	TEXT(run_dir, "/run/aeon", "The directory for sockets."),
	CHOICE(log_level, "info", log_levels,
	       "Lowest level that is logged: debug, info, warn or error."),
	CHOICE(registration, "open", registration_modes,
	       "Mode of registration: open, invite (with an invitation), approval (an "
	       "administrator "
	       "approves the account) or closed.",
	       .live = true),
	INT(registrations_per_network, "50", 0, 1000000,
	    "Accounts that a network (a /24 of IPv4, a /64 of IPv6) may register in a day without "
	    "an invitation. 0: any number.",
	    .live = true),
	INT(pending_days, "30", 1, 3650,
	    "Days that an account waits for approval; then it is erased.", .live = true),
	CHOICE(totp_required_for_admins, "no", no_yes,
	       "Whether owners and admins need a second factor: without one they have the rights "
	       "of "
	       "an ordinary user.",
	       .live = true),
	INT(session_days, "30", 1, 3650, "Days until a login expires.", .live = true),
	INT(store_wait_ms, "2000", 1, 60000,
	    "Milliseconds that a write waits for a busy database before it fails with 503."),
	INT(request_ms, "1000", 50, 600000,
	    "Milliseconds of CPU time that a request may use in the database before it fails with "
	    "503. Waiting does not count."),
	INT(events_hours, "24", 1, 87600,
	    "Hours that events are kept. A client that was away for longer gets gaps.",
	    .live = true),
	INT(messages_days, "0", 0, 36500,
	    "Days that messages are kept; events are not kept longer. 0: for ever.", .live = true),
	INT(removed_days, "30", 1, 3650,
	    "Days that removed things can be restored; then they are deleted for good.",
	    .live = true),
	INT(turns_days, "90", 1, 36500,
	    "Days that turns of twins are kept after their answer is gone or if they have none.",
	    .live = true),
	INT(audit_days, "180", 1, 36500, "Days that entries of the audit log are kept.",
	    .live = true),
	TEXT(origins, "",
	     "Origins of pages that may open a WebSocket and use the cookie of a login, separated "
	     "by "
	     "spaces. "
	     "Empty: only the host that the request names."),
	ROW(trusted_proxies, OPTION_NETWORKS, "",
	    "Addresses and networks of proxies before this web server, separated by spaces. Their "
	    "X-Forwarded-For names the client.",
	    .live = false),
	ROW(health_from, OPTION_NETWORKS, "",
	    "Addresses and networks that may see the details of the realm's health, as "
	    "administrators do, separated by spaces.",
	    .live = false),
	ROW(metrics_from, OPTION_NETWORKS, "127.0.0.0/8 ::1",
	    "Addresses and networks that may read /metrics, separated by spaces; for others it "
	    "does "
	    "not exist.",
	    .live = false),
	ROW(security_contact, OPTION_CONTACT, "",
	    "Where to report a weakness of this realm, as a mailto:, https: or tel: URI. It stands "
	    "in "
	    "/.well-known/security.txt.",
	    .live = false),
	TEXT(realm_name, "AEON Realm", "Name of the realm, for users."),
	TEXT(welcome_file, "",
	     "File with a welcome in Markdown, at most 8 KiB, for visitors. Empty: none. It may "
	     "change while programs run."),
	ROW(contact, OPTION_CONTACT, "",
	    "How to reach the administrators, as a mailto:, https: or tel: URI, for visitors.",
	    .live = false),
	TEXT(cors_origins, "", "Other origins whose pages may call the API, separated by spaces."),
	INT(user_rate, "20", 1, 1000000,
	    "Requests per second of a user on average, over REST and WebSocket together. A heavy "
	    "request counts as several.",
	    .live = true),
	INT(user_burst, "400", 1, 1000000, "Requests of a user at once.", .live = true),
	INT(network_rate, "50", 1, 1000000,
	    "The same for a network (/24 or /64) without a login: a login or the API description "
	    "counts as 5, and a registration as 10.",
	    .live = true),
	INT(network_burst, "400", 1, 1000000, "The same at once.", .live = true),
	INT(reach_rate, "30", 1, 1000000,
	    "Requests per minute by which a user reaches another one, such as an invitation, a "
	    "share or a vote.",
	    .live = true),
	INT(reach_burst, "30", 1, 1000000, "Requests at once by which a user reaches another one.",
	    .live = true),
	INT(workers, "6", 1, WORKERS_MAX,
	    "Processes that answer ordinary requests. With more than user_requests, one user "
	    "cannot keep all of them busy."),
	INT(user_requests, "4", 1, 1000, "Requests of a user that are in work at one time.",
	    .live = true),
	INT(user_parked, "4", 1, 1000,
	    "Requests of a user that wait for events or for their turn, in each worker process.",
	    .live = true),
	INT(votes_ms, "2000", 0, 3600000,
	    "Milliseconds in which all votes on one text reach its author as one event. 0: "
	    "each vote is an event.",
	    .live = true),
	INT(quota_rooms, "100", 1, 1000000, "Most rooms that a user owns.", .live = true),
	INT(quota_invitations, "200", 1, 1000000, "Most open invitations by a user.", .live = true),
	INT(quota_knowledge, "20000", 1, 1000000000, "Most items of knowledge of a user.",
	    .live = true),
	INT(quota_relationships, "2000", 1, 1000000,
	    "Most relationships of a user. Blocks are always possible.", .live = true),
	INT(quota_memories, "20000", 1, 1000000000, "Most memories of a user's twin.",
	    .live = true),
	INT(quota_conversations, "2000", 1, 1000000000,
	    "Most conversations of a user with the own twin.", .live = true),
	INT(quota_direct, "2000", 1, 1000000,
	    "Most direct rooms and groups that a user has opened.", .live = true),
	INT(quota_bytes, "100000000", 1, 1000000000000000,
	    "Most bytes of the texts of a user: messages, knowledge, interactions, answers, "
	    "memories "
	    "and conversations.",
	    .live = true),
	INT(twins, "1", 0, TWINS_MAX,
	    "Number of processes of aeon-twin, which answer for the users' twins. 0: no twin "
	    "answers."),
	INT(tokens_per_day, "1000000", 0, 1000000000000,
	    "Most tokens that all twins together use of language models in a day.", .live = true),
	INT(tokens_per_twin, "200000", 0, 1000000000000,
	    "Most tokens of one twin in a day. A quarter of them is for its owner.", .live = true),
	INT(tokens_per_asker, "100000", 0, 1000000000000,
	    "Most tokens that the twins use in a day for the questions of one user.", .live = true),
	CHOICE(twin_learning, "yes", no_yes,
	       "Whether twins learn facts from what their owners write, with a language model.",
	       .live = true),
	TEXT(twin_models, "",
	     "Language models that users may choose for their twins besides openai_model, "
	     "separated "
	     "by spaces."),
	CHOICE(twin_texts, "own", twin_texts,
	       "Texts that providers on other machines may get: public (public texts), own (also "
	       "those of users who use their twin, for their own twin and for the search index) "
	       "or all (also "
	       "what others said in private to the twin's owner). Providers on this machine may "
	       "get all. A memory with local_only is sent to none.",
	       .live = true),
	INT(ws_bridges, "1", 0, BRIDGES_MAX,
	    "Number of WebSocket bridges. 0: there is no live chat, as on shared hosting."),
	INT(ws_connections, "20000", 1, 1000000, "Most WebSocket connections of a bridge."),
	INT(ws_user_connections, "16", 1, 100000,
	    "Most WebSocket connections of one user to a bridge.", .live = true),
	INT(ws_frame_bytes, "65536", 1024, 1048576, "Most bytes of a message from a client."),
	INT(ws_queue_bytes, "262144", 65536, 67108864,
	    "Bytes queued for a slow reader; above this it reads from the database."),
	INT(ws_stuck_seconds, "30", 1, 3600,
	    "Seconds after which a reader that takes nothing from its queue is closed.",
	    .live = true),
	INT(ws_ping_seconds, "25", 1, 3600,
	    "Seconds between pings; after two unanswered ones a connection is closed."),
	INT(ws_auth_seconds, "10", 1, 600, "Seconds within which a connection must authenticate.",
	    .live = true),
	OPENAI(base_url, OPTION_TEXT,
	       "URL of an OpenAI-compatible server with the language model of the twins, such as "
	       "http://127.0.0.1:8080/v1. Empty: https://api.openai.com/v1 if there is a key."),
	OPENAI(api_key, OPTION_SECRET,
	       "Key for that server. Better @/path/to/file, which only the realm's user can read."),
	OPENAI(model, OPTION_TEXT,
	       "Name of the language model. Empty: none is asked, and twins quote what they "
	       "remember."),
	OPENAI(embedding_base_url, OPTION_TEXT,
	       "URL of the server with the embedding model. Empty: that of the language model."),
	OPENAI(embedding_api_key, OPTION_SECRET,
	       "Key for that server. Empty: openai_api_key, unless the server has a URL of its "
	       "own."),
	OPENAI(embedding_model, OPTION_TEXT,
	       "Name of the embedding model for texts that are found. Empty: none is asked, and "
	       "search compares words alone."),
	OPENAI(embedding_query_model, OPTION_TEXT,
	       "Name of the embedding model for what is searched for. Empty: the same model."),
	OPENAI(embedding_passage_prefix, OPTION_TEXT,
	       "What the embedding model wants before a text that is found, such as passage: . A "
	       "space follows it."),
	OPENAI(embedding_query_prefix, OPTION_TEXT,
	       "What the embedding model wants before what is searched for, such as query: . A "
	       "space follows it."),
	INT(model_calls, "8", 1, 256,
	    "Requests to one server of models that are in work at one time; others wait."),
	INT(model_first_byte_seconds, "60", 1, 3600,
	    "Seconds until a model must begin its answer."),
	INT(model_stall_seconds, "30", 1, 3600,
	    "Seconds after which a model that falls silent in its answer is given up."),
	INT(model_total_seconds, "180", 1, 3600,
	    "Seconds until an answer of a model must be complete, with the time in the queue."),
	TEXT(smtp_url, "",
	     "Mail server, such as smtps://mail.example.org or smtp://127.0.0.1:25. aeon-twin "
	     "sends "
	     "mails there. Empty: the realm sends no mail."),
	TEXT(smtp_user, "", "User at the mail server. Empty: it wants none."),
	ROW(smtp_password, OPTION_SECRET, "",
	    "Password of that user. Better @/path/to/file, which only the realm's user can read.",
	    .live = false),
	TEXT(mail_from, "", "Address of the realm, from which its mails come."),
	TEXT(site_url, "", "URL of the realm, such as https://realm.example. Mails name it."),
	WELL_KNOWN(chroma_host, OPTION_TEXT,
		   "Host of a ChromaDB 1.x for the vectors of public knowledge and of memories, or "
		   "its URL without the port, such as https://chroma.example.org. Empty: none."),
	INT(chroma_port, "8000", 1, 65535, "Port of ChromaDB.", .is_well_known = true),
	WELL_KNOWN(chroma_token, OPTION_SECRET,
		   "Token for ChromaDB, sent as Authorization: Bearer. Empty: none. Better "
		   "@/path/to/file, which only the realm's user can read."),
	WELL_KNOWN(
		neo4j_uri, OPTION_TEXT,
		"URL of the HTTP server of a Neo4j 5.25 or newer for the graph of users, such as "
		"http://127.0.0.1:7474. The realm needs it for itself. Empty: none."),
	ROW(neo4j_user, OPTION_TEXT, "neo4j", "User of Neo4j.", .is_well_known = true),
	WELL_KNOWN(neo4j_password, OPTION_SECRET,
		   "Password of that user. Better @/path/to/file, which only the realm's user can "
		   "read."),
};
#define OPTION_COUNT (sizeof(options) / sizeof(*options))

int settings_load(const char *file, struct settings *settings, struct problem *why)
{
	return config_load(options, OPTION_COUNT, file ? file : getenv("AEON_CONFIG"), settings,
			   why);
}

void settings_apply(const struct settings *settings, struct store *store)
{
	store_set_rules(store,
			(struct store_rules){
				.quota_bytes = settings->quota_bytes,
				.totp_required_for_admins = settings->totp_required_for_admins,
				.sends_mail = settings->smtp_url[0] != '\0',
			});
}

const struct option *settings_options(size_t *count_r)
{
	*count_r = OPTION_COUNT;
	return options;
}

void settings_print(struct buf *out)
{
	config_print(options, OPTION_COUNT, out);
}
